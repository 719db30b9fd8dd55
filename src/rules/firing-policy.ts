import type { Millis } from '../base/clock.ts';
import { DURATION_FORM, parseDuration } from '../base/duration.ts';

/** How long something must be so before it counts: in K of the last N windows, or without a break for a time. */
export type Persistence =
  | { readonly kind: 'windows' /** At least 1. */; readonly needed: number; readonly of: number }
  /** Between the instants of the first window and the newest, as in Prometheus. */
  | { readonly kind: 'duration'; readonly length: Millis };

/** What becomes of an alert in a window that lacks data. */
type NoDataPolicy = 'keep' | 'ok' | 'alert';

/** When an alert fires and when it resolves. */
export interface FiringPolicy {
  /** How long the condition must hold before a pending alert fires. */
  readonly hold: Persistence;
  /** How long it must not hold before a firing alert resolves; the windows since it fires count. */
  readonly clear: Persistence;
  /** A firing alert goes on firing until this long after its first clean window, as in Prometheus. */
  readonly keepFiring: Millis;
  /** `keep`: the window does not count; `ok`: it counts as clean; `alert`: it counts as if the condition held. */
  readonly noData: NoDataPolicy;
}

/** The longest memory that a rule may ask for, in windows. */
export const MAX_WINDOWS = 1000;

export const PERSISTENCE_FORM = `K/N such as 2/3 (2 of the last 3 windows), K such as 2 (2 in a row), 1 <= K <= N <= ${MAX_WINDOWS}, or ${DURATION_FORM}`;

/** Reads what stands behind `for:` and `clear:`; undefined when it cannot be read. */
export function parsePersistence(value: string | number): Persistence | undefined {
  const text = String(value).trim();
  const [, first, second] = /^(\d{1,9})\s*(?:\/\s*(\d{1,9}))?$/.exec(text) ?? [];
  if (first === undefined) {
    const length = parseDuration(text);
    return length === undefined ? undefined : { kind: 'duration', length };
  }
  const needed = Number(first);
  const of = second === undefined ? needed : Number(second);
  return needed >= 1 && needed <= of && of <= MAX_WINDOWS ? { kind: 'windows', needed, of } : undefined;
}
