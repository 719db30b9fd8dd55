import type { Command } from 'commander';
import { DriftdError } from '../base/errors.ts';
import type { CommandContext } from './context.ts';

/** Where a command finds the silences and acknowledgements. */
export function addDeskOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file: its store when that is a server, else its daemon')
    .option('--url <url>', 'a running driftd, such as http://127.0.0.1:9464');
}

export function authorOf(author: string | undefined, { environment }: CommandContext): string {
  const name = author ?? environment['USER'];
  if (name === undefined) throw new DriftdError('input', 'say who you are: --author NAME');
  return name;
}
