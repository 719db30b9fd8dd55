import type { Command } from 'commander';
import { DriftdError } from '../base/errors.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { CommandContext } from './context.ts';

export interface DeskFlags {
  readonly config?: string;
  readonly url?: string;
}

/** Where a command finds the silences, acknowledgements and requests for new models. */
export function addDeskOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file: its store when that is a server, else its daemon')
    .option('--url <url>', 'a running driftd, such as http://127.0.0.1:9464');
}

/**
 * Straight to the store where that is a server, since every instance reads it there. An embedded store belongs to the
 * daemon, so the way leads through its HTTP API; so it does with `--url`.
 */
export async function deskPlace(
  flags: DeskFlags,
  { environment }: CommandContext,
): Promise<{ readonly config: Config } | { readonly url: string }> {
  if (flags.url !== undefined) return { url: flags.url };
  if (flags.config === undefined)
    throw new DriftdError('input', 'say where: --config FILE, or --url of a running driftd');
  const config = await loadConfig(flags.config, environment);
  const { store, http } = config;
  return 'url' in store ? { config } : { url: http.external_url ?? `http://${http.host}:${http.port}` };
}

export function authorOf(author: string | undefined, { environment }: CommandContext): string {
  const name = author ?? environment['USER'];
  if (name === undefined) throw new DriftdError('input', 'say who you are: --author NAME');
  return name;
}
