import type { Alert } from '../alert.ts';
import type { ExpectedAlert } from './rule-test.ts';

/** One thing in which an alert is not what was expected. */
interface Difference {
  /** Such as `label severity`, `annotation summary` or `state`. */
  readonly what: string;
  readonly expected: string;
  /** Undefined when the alert has none. */
  readonly found: string | undefined;
}

export interface AlertsCompared {
  readonly missing: readonly ExpectedAlert[];
  /** Alerts that fire and that nobody expects. */
  readonly unexpected: readonly Alert[];
  /** Alerts that must have been meant, and are otherwise. */
  readonly different: ReadonlyArray<{
    readonly expected: ExpectedAlert;
    readonly found: Alert;
    readonly differences: readonly Difference[];
  }>;
}

/**
 * Compares the alerts that are on with those that are expected. Labels and annotations that an expectation does not name may
 * be anything; an alert that fires and that none of them is about may not be there.
 */
export function compareAlerts(expected: readonly ExpectedAlert[], alerts: readonly Alert[]): AlertsCompared {
  const left = new Set(alerts);
  // Those that say the most choose first, so that the others do not take what only these fit.
  const bySize = [...expected].sort((a, b) => sizeOf(b) - sizeOf(a));
  const unmet = bySize.filter((one) => {
    const fit = [...left].find((alert) => differencesOf(one, alert).length === 0);
    if (fit !== undefined) left.delete(fit);
    return fit === undefined;
  });
  const different: Array<AlertsCompared['different'][number]> = [];
  const missing = unmet.filter((one) => {
    const nearest = nearestTo(one, left);
    if (nearest === undefined) return true;
    left.delete(nearest);
    different.push({ expected: one, found: nearest, differences: differencesOf(one, nearest) });
    return false;
  });
  return { missing, different, unexpected: [...left].filter(({ status }) => status === 'firing') };
}

/** The alert of that name that differs the least, if it is about the same subject. */
function nearestTo(expected: ExpectedAlert, alerts: Iterable<Alert>): Alert | undefined {
  const { feature, version, model, segment } = expected.labels;
  const same = Object.entries({ feature, version, model, segment, alertname: expected.alert });
  return [...alerts]
    .filter(({ labels }) => same.every(([name, value]) => value === undefined || labels[name] === value))
    .sort((a, b) => differencesOf(expected, a).length - differencesOf(expected, b).length)[0];
}

function differencesOf({ alert, state, labels, annotations }: ExpectedAlert, found: Alert): Difference[] {
  const compare = (
    kind: string,
    wanted: Readonly<Record<string, string>>,
    actual: Readonly<Record<string, string>>,
  ): Difference[] =>
    Object.entries(wanted).flatMap(([name, value]) =>
      actual[name] === value ? [] : [{ what: `${kind} ${name}`, expected: value, found: actual[name] }],
    );
  return [
    ...compare('label', { alertname: alert, ...labels }, found.labels),
    ...(found.status === state ? [] : [{ what: 'state', expected: state, found: found.status }]),
    ...compare('annotation', annotations, found.annotations),
  ];
}

function sizeOf({ labels, annotations }: ExpectedAlert): number {
  return Object.keys(labels).length + Object.keys(annotations).length;
}
