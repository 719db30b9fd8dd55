/**
 * Every way in which driftd fails on purpose.
 *
 * - `input`: what the user gave is wrong (a file, a flag, a rule). Exit code 1.
 * - `environment`: something around driftd is missing or broken (broker, store, disk). Exit code 2.
 * - `defect`: driftd did something it must never do, such as sending SQL that does not parse. Exit code 2.
 */
export type ErrorCode = 'input' | 'environment' | 'defect';

/** The one error class. The message says what is wrong and what to do; `retryable` says whether waiting helps. */
export class DriftdError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DriftdError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True when the operation that threw may succeed if it is tried again. */
export function isRetryable(error: unknown): boolean {
  return error instanceof DriftdError && error.retryable;
}
