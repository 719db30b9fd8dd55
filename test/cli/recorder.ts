import { pino } from 'pino';
import type { CommandContext } from '../../src/cli/context.ts';
import { runCommand } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** Runs a command line in this process and keeps what it prints. */
export async function runHere(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const context: CommandContext = {
    output: {
      print: (line) => stdout.push(...line.split('\n')),
      complain: (message) => stderr.push(...message.split('\n')),
      isTerminal: false,
      logger: () => pino({ level: 'silent' }),
    },
    environment,
    signal: new AbortController().signal,
    version: '0.0.0',
  };
  return { code: await runCommand(argv, context), stdout, stderr };
}
