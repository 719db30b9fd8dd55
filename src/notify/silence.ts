import type { Millis } from '../base/clock.ts';
import type { Alert, Labels } from '../rules/alert.ts';
import type { Matcher } from './matcher.ts';

/** Alerts that fit all matchers are not told between two times. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: Millis;
  /** Not included. */
  readonly endsAt: Millis;
  readonly createdBy: string;
  readonly comment: string;
  readonly updatedAt: Millis;
}

export type SilenceState = 'pending' | 'active' | 'expired';

export function silenceState({ startsAt, endsAt }: Silence, now: Millis): SilenceState {
  if (now >= endsAt) return 'expired';
  return now < startsAt ? 'pending' : 'active';
}

export function silences(silence: Silence, labels: Labels, now: Millis): boolean {
  return (
    silenceState(silence, now) === 'active' && silence.matchers.every((matcher) => matcher.matches(labels))
  );
}

/**
 * Somebody has seen these alerts and takes care: no message is repeated for them alone. It holds for those that fired when
 * it was made, each until it resolves; one that begins to fire later needs another.
 */
export interface Acknowledgement {
  readonly id: string;
  /** All of them have to fit. */
  readonly matchers: readonly Matcher[];
  /** One alert alone; undefined for all that fit. */
  readonly fingerprint: string | undefined;
  readonly createdBy: string;
  readonly comment: string;
  readonly createdAt: Millis;
}

export function acknowledges(acknowledgement: Acknowledgement, alert: Alert): boolean {
  const { matchers, fingerprint, createdAt } = acknowledgement;
  return (
    (fingerprint === undefined || fingerprint === alert.fingerprint) &&
    (alert.firedAt ?? alert.since) <= createdAt &&
    matchers.every((matcher) => matcher.matches(alert.labels))
  );
}
