import { type DestinationStream, type Logger, pino } from 'pino';
import { visibleLines } from './visible-text.ts';

/** What a command writes to. Results go to stdout, logs and progress to stderr. */
export interface Output {
  print(line: string): void;
  /** For people, on stderr. */
  complain(message: string): void;
  /** Whether people look at stderr. */
  readonly isTerminal: boolean;
  /** The terminal behind stdout; undefined when there is none, as in a pipe. */
  readonly screen?: { readonly columns: number } | undefined;
  logger(level: string): Logger;
}

export function processOutput(stderr: DestinationStream = process.stderr): Output {
  return {
    print: (line) => process.stdout.write(`${line}\n`),
    complain: (message) => process.stderr.write(`driftd: ${visibleLines(message)}\n`),
    isTerminal: process.stderr.isTTY === true,
    screen: process.stdout.isTTY === true ? { columns: process.stdout.columns } : undefined,
    logger: (level) =>
      pino(
        {
          level,
          base: null,
          timestamp: pino.stdTimeFunctions.isoTime,
          formatters: { level: (label) => ({ level: label }) },
        },
        stderr,
      ),
  };
}
