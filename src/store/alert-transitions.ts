import type { AlertTransition } from '../rules/alert.ts';
import type { Store } from './client.ts';
import { sqlTime } from './sql-time.ts';

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
