import type { Millis } from '../base/clock.ts';
import { type Backoff, backoffDelay } from '../base/retry.ts';
import type { SendOutcome } from './send-outcome.ts';

/** A Retry-After beyond this is cut: a receiver's mistake must not silence alerts for a day. */
export const LONGEST_RETRY_AFTER: Millis = 3_600_000;

/** What is known of a receiver from its newest attempts. */
export interface Circuit {
  /** Failed attempts in a row. */
  readonly failures: number;
  /** Nothing is sent before. */
  readonly heldUntil: Millis;
}

export interface CircuitPolicy {
  /** After so many failures in a row the circuit is open: one attempt at a time asks whether the receiver is back. */
  readonly failures: number;
  /** The waits between those attempts. */
  readonly probe: Backoff;
}

export const CLOSED: Circuit = { failures: 0, heldUntil: 0 };

export function isOpen({ failures }: Circuit, policy: CircuitPolicy): boolean {
  return failures >= policy.failures;
}

/**
 * The circuit after an attempt. A receiver that refuses a message is there all the same. One that names a time means all
 * messages to it, not only the one that it answers.
 */
export function afterOutcome(
  circuit: Circuit,
  outcome: SendOutcome,
  now: Millis,
  policy: CircuitPolicy,
): Circuit {
  if (outcome.kind !== 'retry') return CLOSED;
  const failures = circuit.failures + 1;
  return { failures, heldUntil: now + wait(failures, outcome.after, policy) };
}

function wait(failures: number, asked: Millis | undefined, policy: CircuitPolicy): Millis {
  if (asked !== undefined) return Math.min(asked, LONGEST_RETRY_AFTER);
  return failures < policy.failures ? 0 : backoffDelay(policy.probe, failures - policy.failures);
}
