import type { Alert, Labels } from './alert.ts';
import type { AlertState } from './alert-state.ts';
import type { Measurements } from './measurements.ts';
import type { Rule } from './rule.ts';

/** An alert that is not inactive, as a group remembers it. */
export interface StoredAlert extends AlertState {
  /** As it was after its newest window. */
  readonly alert: Alert;
}

/** The memory of a group: its alerts that are not inactive, by fingerprint. Plain JSON. */
export type GroupStates = Readonly<Record<string, StoredAlert>>;

/** What a label says of the subject of an alert; all other labels say which rule it belongs to. */
const SUBJECT_LABELS: readonly string[] = ['model', 'version', 'segment', 'feature'];

export type SubjectNames = Pick<Measurements, 'model' | 'version' | 'segment' | 'feature'>;

/** Remembered alerts of one rule, by subject. */
export type AlertsOfRule = ReadonlyMap<string, StoredAlert>;

/** Sorts what a group remembers by rule and subject, so that nobody has to hash labels to find an alert. */
export function alertsByRule(states: GroupStates): ReadonlyMap<string, AlertsOfRule> {
  const rules = new Map<string, Map<string, StoredAlert>>();
  for (const stored of Object.values(states)) {
    const key = ruleKeyOf(stored.alert.labels);
    const subjects = rules.get(key) ?? new Map<string, StoredAlert>();
    rules.set(key, subjects);
    const { model, version, segment, feature }: Partial<SubjectNames> = stored.alert.labels;
    subjects.set(subjectKey(model, version, segment, feature), stored);
  }
  return rules;
}

/** The labels of an alert of this rule. */
export function labelsOf(rule: Rule, subject: SubjectNames): Labels {
  const { model, version } = subject;
  const segment = subject.segment ?? '';
  const slice = segment === '' ? {} : { segment };
  const part = isAboutFeatures(rule) ? { feature: subject.feature ?? '' } : {};
  return { alertname: rule.alert, model, version, ...slice, ...part, ...rule.labels };
}

/** The alert that is remembered of a rule and a subject. */
export function alertAbout(
  alerts: AlertsOfRule | undefined,
  rule: Rule,
  { model, version, segment, feature }: SubjectNames,
): StoredAlert | undefined {
  return alerts?.get(subjectKey(model, version, segment, isAboutFeatures(rule) ? feature : ''));
}

/** Says which rule of its group an alert belongs to. */
export function ruleKey({ alert, labels }: Rule): string {
  return ruleKeyOf({ alertname: alert, ...labels });
}

/** Says the same of an alert. */
export function ruleKeyOfAlert({ labels }: Pick<Alert, 'labels'>): string {
  return ruleKeyOf(labels);
}

function isAboutFeatures({ each }: Rule): boolean {
  return each === 'feature' || each === 'prediction';
}

function subjectKey(model = '', version = '', segment = '', feature = ''): string {
  return JSON.stringify([model, version, segment, feature]);
}

function ruleKeyOf(labels: Labels): string {
  const own = Object.entries(labels).filter(([label]) => !SUBJECT_LABELS.includes(label));
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}
