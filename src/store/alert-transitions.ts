import type { Millis } from '../base/clock.ts';
import type { AlertTransition } from '../rules/alert.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

export async function saveTransitions(store: Store, transitions: readonly AlertTransition[]): Promise<void> {
  await store.insert('alert_transitions', transitions.map(transitionRow));
}

/** How many fingerprints one query asks for: they travel in its address. */
const ASKED_AT_ONCE = 200;

/** The newest transition of each of these alerts: the alert as it was then (JSON), where it went, and the instant. */
export async function newestTransitions(
  store: Store,
  fingerprints: readonly string[],
): Promise<Array<{ readonly alert: string; readonly to: string; readonly at: Millis }>> {
  const found = [];
  for (let from = 0; from < fingerprints.length; from += ASKED_AT_ONCE) {
    const asked = fingerprints.slice(from, from + ASKED_AT_ONCE);
    const rows = await store.query<{ alert: string; to: string; at: Millis }>(
      `SELECT argMax(t.alert, t.at) AS alert, argMax(t.to_state, t.at) AS to, max(${millisOf('t.at')}) AS at
       FROM {database}.alert_transitions AS t WHERE fingerprint IN {asked:Array(String)}
       GROUP BY fingerprint ORDER BY fingerprint`,
      { asked },
    );
    found.push(...rows);
  }
  return found;
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
    explanation: alert.explanation?.lines.join('\n') ?? '',
    alert: JSON.stringify(alert),
    window_start: sqlTime(alert.window.from),
    window_end: sqlTime(alert.window.to),
    at: sqlTime(at),
  };
}
