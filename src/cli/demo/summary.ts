import { formatDuration } from '../../base/duration.ts';
import { MULTIVARIATE_FEATURE } from '../../profile/feature-spec.ts';
import type { AlertTransition } from '../../rules/alert.ts';
import type { InjectedFault } from './injected-fault.ts';

export interface Verdict {
  readonly found: ReadonlyArray<{
    readonly fault: InjectedFault;
    /** The first alert that told of it. */
    readonly firing: AlertTransition | undefined;
    readonly resolved: AlertTransition | undefined;
  }>;
  /** Alerts that fired and that no fault explains. */
  readonly falseAlarms: readonly AlertTransition[];
}

/** Compares what was injected with what fired. */
export function judge(faults: readonly InjectedFault[], transitions: readonly AlertTransition[]): Verdict {
  const firing = transitions.filter(({ to }) => to === 'firing');
  const found = faults.map((fault) => {
    const first = firing.find((transition) => explains(fault, transition));
    const resolved = transitions.findLast(
      (transition) => transition.to === 'resolved' && explains(fault, transition),
    );
    return { fault, firing: first, resolved };
  });
  const falseAlarms = firing.filter((transition) => !faults.some((fault) => explains(fault, transition)));
  return { found, falseAlarms };
}

function explains(fault: InjectedFault, { alert }: AlertTransition): boolean {
  const { alertname = '', feature } = alert.labels;
  // The incident began while the fault was there. Accuracy is of the model, every other alert of the feature itself; and
  // what happens to one feature may show in all of them together.
  return (
    fault.foundBy.includes(alertname) &&
    (feature === undefined || feature === fault.feature || feature === MULTIVARIATE_FEATURE) &&
    alert.since >= fault.from &&
    alert.since < fault.to
  );
}

export interface DemoFacts {
  readonly records: number;
  readonly evaluations: number;
  readonly seconds: number;
  readonly sent: { readonly slack: number; readonly retrain: number; readonly unsigned: number };
  readonly folder: string;
}

export function summaryLines({ found, falseAlarms }: Verdict, facts: DemoFacts): string[] {
  const width = Math.max(...found.map(({ fault }) => fault.name.length));
  const { sent, records, seconds, evaluations, folder } = facts;
  return [
    '',
    `${'injected'.padEnd(width + 7)}  found`,
    ...found.map(({ fault, firing, resolved }) => {
      const from = time(fault.from);
      const how =
        firing === undefined
          ? 'NOT FOUND'
          : `${firing.alert.labels['alertname'] ?? ''} at ${time(firing.at)}, ` +
            `after ${formatDuration(firing.at - fault.from)}${whereFound(fault, firing)}${resolved === undefined ? '' : `; resolved at ${time(resolved.at)}`}`;
      return `${from}  ${fault.name.padEnd(width)}  ${how}`;
    }),
    '',
    `false alarms: ${falseAlarms.length === 0 ? 'none' : falseAlarms.map(({ alert }) => `${alert.labels['alertname']} ${alert.labels['feature'] ?? ''}`.trim()).join(', ')}`,
    `sent: ${sent.slack} Slack messages, ${sent.retrain} retraining request${sent.retrain === 1 ? '' : 's'} (${sent.unsigned === 0 ? 'signature checked' : `${sent.unsigned} WITH A WRONG SIGNATURE`})`,
    `${records.toLocaleString('en')} events and ${evaluations} evaluations in ${seconds.toFixed(1)} s: ${Math.round(records / seconds).toLocaleString('en')} events/s through decode, profile and store`,
    '',
    'An hour is judged when it is over, and a shift must last for two of three of them; labels take up to 5 h.',
    'Where to look next:',
    `  ${folder}/driftd.yaml                the configuration that this ran with`,
    '  rules/default.yaml                     the rules that it ran, to use as they are',
    '  README.md                              the same with Kafka, ClickHouse and Grafana',
  ];
}

/** The segment that the explanation names first, for a fault that is about one. */
function segmentFound(firing: AlertTransition | undefined): string | undefined {
  return firing?.alert.explanation?.segments?.worsened[0]?.segment;
}

/** Whether an explanation was asked for and named another segment than the one in which the fault is, or none. */
export function isMisplaced({ fault, firing }: Verdict['found'][number]): boolean {
  return (
    fault.kind === 'flipped_labels' &&
    firing !== undefined &&
    segmentFound(firing) !== `${fault.feature}=${fault.segment}`
  );
}

function whereFound(fault: InjectedFault, firing: AlertTransition): string {
  return fault.kind === 'flipped_labels' ? `, in ${segmentFound(firing) ?? 'NO SEGMENT'}` : '';
}

function time(instant: number): string {
  return new Date(instant).toISOString().slice(11, 16);
}
