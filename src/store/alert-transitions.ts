import type { Millis } from '../base/clock.ts';
import type { AlertTransition } from '../rules/alert.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

export async function saveTransitions(store: Store, transitions: readonly AlertTransition[]): Promise<void> {
  await store.insert('alert_transitions', transitions.map(transitionRow));
}

function transitionRow({ id, alert, from, to, reason, at }: AlertTransition): object {
  const { labels } = alert;
  return {
    id,
    fingerprint: alert.fingerprint,
    rule_group: alert.ruleGroup,
    alertname: labels['alertname'] ?? '',
    model: labels['model'] ?? '',
    version: labels['version'] ?? '',
    feature: labels['feature'] ?? '',
    severity: labels['severity'] ?? '',
    from_state: from,
    to_state: to,
    reason,
    summary: alert.annotations['summary'] ?? '',
    alert: JSON.stringify(alert),
    window_start: sqlTime(alert.window.from),
    window_end: sqlTime(alert.window.to),
    at: sqlTime(at),
  };
}

export interface StoredTransition {
  readonly id: string;
  readonly alertname: string;
  readonly model: string;
  readonly version: string;
  readonly feature: string;
  readonly severity: string;
  readonly to: string;
  readonly reason: string;
  readonly summary: string;
  readonly at: Millis;
}

/** The newest transitions, newest first. */
export async function recentTransitions(store: Store, limit: number): Promise<StoredTransition[]> {
  return store.query(
    `SELECT id, alertname, model, version, feature, severity, to_state AS to, reason, summary, ${millisOf('t.at')} AS at
     FROM {database}.alert_transitions AS t FINAL ORDER BY t.at DESC, id LIMIT {limit:UInt32}`,
    { limit },
  );
}
