import type { Environment } from '../config/load.ts';
import type { Output } from './output.ts';

/** What every command gets from main: nothing else reads the process. */
export interface CommandContext {
  readonly output: Output;
  readonly environment: Environment;
  /** Aborts at the first SIGTERM or SIGINT. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** Calls back for each SIGHUP, which then no longer ends the process. Not there where nobody listens to signals. */
  readonly onHangup?: (listener: () => void) => void;
}

/** Exit codes, as documented. */
export const EXIT = { ok: 0, input: 1, environment: 2, found: 3, interrupted: 130 } as const;
