import type { Millis } from '../../base/clock.ts';
import type { Alert } from '../../rules/alert.ts';
import { alertDigest, webAddress } from '../message/alert-digest.ts';

/** One alert as POST /api/v2/alerts takes it. */
export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

export interface AlertTimes {
  readonly now: Millis;
  /** An alert that fires counts as over from then on, unless it is told again. */
  readonly firingUntil: Millis;
  /** When alerts that are resolved were. */
  readonly resolvedAt?: Millis;
  readonly link?: string;
}

export function alertmanagerAlerts(alerts: readonly Alert[], times: AlertTimes): AlertmanagerAlert[] {
  const generatorURL = webAddress(times.link);
  return alerts.map((alert) => ({
    labels: filled(alert.labels),
    annotations: annotationsOf(alert),
    startsAt: isoTime(alert.since),
    endsAt: isoTime(endOf(alert, times)),
    ...(generatorURL !== undefined && { generatorURL }),
  }));
}

/** An end that has not come yet would leave the alert firing, and one before the beginning is refused. */
function endOf({ status, since, window }: Alert, { now, firingUntil, resolvedAt }: AlertTimes): Millis {
  if (status !== 'resolved') return firingUntil;
  return Math.max(since + 1, Math.min(resolvedAt ?? window.to, now));
}

/** What a person needs: the rule's own annotations, and what changed and how far. */
function annotationsOf(alert: Alert): Record<string, string> {
  const { change, values, distributions, explanation } = alertDigest(alert);
  const [reference = '', now = ''] = distributions ?? [];
  return filled({
    change,
    values,
    against: alert.against ?? '',
    reference,
    now,
    explanation: explanation.join('\n'),
    ...alert.annotations,
  });
}

/** Alertmanager takes an empty text for none. */
function filled(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}

function isoTime(instant: Millis): string {
  return new Date(instant).toISOString();
}
