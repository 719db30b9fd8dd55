import type { Alert } from '../rules/alert.ts';

const SEVERITIES = ['page', 'critical', 'high', 'error', 'warning', 'medium', 'low', 'info', 'none'];

/** How sure one can be that something has changed says little about how far it has. */
const PROBABILITY = /(^|[._])[pq]_value$/;

/**
 * Orders alerts for a reader: firing before resolved, severe before mild, then by how far the first value of the
 * condition that is no p- or q-value lies from the baseline's (from 0 when the baseline has none). Ties are broken so that the order is always the same.
 */
export function worstFirst(alerts: Iterable<Alert>): Alert[] {
  return [...alerts].sort(
    (a, b) =>
      Number(a.status === 'resolved') - Number(b.status === 'resolved') ||
      severityRank(a) - severityRank(b) ||
      size(b) - size(a) ||
      (a.fingerprint < b.fingerprint ? -1 : 1),
  );
}

function severityRank(alert: Alert): number {
  const rank = SEVERITIES.indexOf(alert.labels['severity'] ?? '');
  return rank === -1 ? SEVERITIES.length : rank;
}

function size(alert: Alert): number {
  const first = Object.entries(alert.values).find(([name]) => !PROBABILITY.test(name));
  if (first === undefined) return 0;
  const [name, value] = first;
  const distance = Math.abs(value - (alert.baselineValues[name] ?? 0));
  return Number.isFinite(distance) ? distance : 0;
}
