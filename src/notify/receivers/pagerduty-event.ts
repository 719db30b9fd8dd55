import { clip } from '../../base/clip.ts';
import { groupKeyOf } from '../group-key.ts';
import type { AlertDigest } from '../message/alert-digest.ts';
import { type Digest, digestOf } from '../message/digest.ts';
import type { AlertNotification } from '../notification.ts';
import { notificationId } from '../notification-id.ts';

export const PAGERDUTY_SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;

type Severity = (typeof PAGERDUTY_SEVERITIES)[number];

/** PagerDuty's limit for a summary. */
const LONGEST_SUMMARY = 1_024;

export interface PagerdutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  /** One for each group of alerts: a later event changes the incident or ends it, as with Alertmanager. */
  readonly dedup_key: string;
  readonly client: string;
  readonly client_url?: string;
  readonly links: ReadonlyArray<{ readonly href: string; readonly text: string }>;
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: Severity;
    readonly timestamp: string;
    readonly class: string;
    readonly group: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
}

/** An event without its routing key, which is a secret. Bounded for any number of alerts. */
export function pagerdutyEvent(notification: AlertNotification, otherwise: Severity): PagerdutyEvent {
  const digest = digestOf(notification);
  const { subject, state, tone, alerts, link } = digest;
  const [worst] = alerts;
  return {
    event_action: tone === 'firing' ? 'trigger' : 'resolve',
    dedup_key: notificationId(groupKeyOf(notification)),
    client: 'driftd',
    ...(link !== undefined && { client_url: link }),
    links: [
      ...(link === undefined ? [] : [{ href: link, text: 'Look at the details' }]),
      ...runbooks(alerts),
    ],
    payload: {
      summary: clip(
        `${subject}: ${state}${worst === undefined ? '' : `. ${worst.summary}`}`,
        LONGEST_SUMMARY,
      ),
      source: subject,
      severity: severityOf(digest, otherwise),
      timestamp: new Date(notification.at).toISOString(),
      class: worst?.name ?? '',
      group: clip(notification.ruleGroup, 200),
      custom_details: details(digest),
    },
  };
}

function severityOf({ severity }: Digest, otherwise: Severity): Severity {
  return PAGERDUTY_SEVERITIES.find((known) => known === severity) ?? otherwise;
}

function runbooks(alerts: readonly AlertDigest[]): Array<{ href: string; text: string }> {
  const addresses = new Set(alerts.flatMap(({ runbook }) => runbook ?? []));
  return [...addresses].map((href) => ({ href, text: 'Runbook' }));
}

/** PagerDuty shows them as a table: a line for each alert. */
function details({ facts, alerts, rest }: Digest): Record<string, unknown> {
  return {
    facts,
    alerts: alerts.map(
      ({ name, state, subject, summary, change, values, times, distributions, explanation }) => ({
        alert: `${name} (${state}) ${subject}`.trim(),
        summary,
        ...(change !== '' && { change }),
        values,
        times,
        ...(distributions !== undefined && { reference: distributions[0], now: distributions[1] }),
        ...(explanation.length > 0 && { explanation }),
      }),
    ),
    ...(rest !== '' && { more: rest }),
  };
}
