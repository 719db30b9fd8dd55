import type { Millis } from '../base/clock.ts';
import type { Distributions } from '../metrics/distributions.ts';
import type { Alert, AlertTransition, Labels, Period } from './alert.ts';
import { type AlertState, type Observation, type Step, step, type Transition } from './alert-state.ts';
import { evaluateCondition, type Outcome } from './evaluate-condition.ts';
import { fingerprint, transitionId } from './fingerprint.ts';
import type { FiringPolicy } from './firing-policy.ts';
import { needsLabels } from './needs-labels.ts';
import { renderAnnotations } from './render-annotations.ts';
import type { Each, Rule, RuleGroup } from './rule.ts';
import type { Measurements } from './variables.ts';

/**
 * One thing that rules are about: a feature, an output (a feature called __prediction__ or __score__) or a model.
 * `performance` is a model in the window whose labels are due, for the rules that need labels.
 */
export interface Subject extends Measurements {
  readonly each: Each | 'performance';
  readonly window: Period;
  /** One line that says how the distribution changed. */
  readonly change?: string;
  /** What the window is compared with, for people. */
  readonly against?: string;
  /** Made when an alert needs them, which few subjects do. */
  readonly distributions?: () => Distributions | undefined;
}

/** The memory of a group: its alerts that are not inactive, by fingerprint. Plain JSON. */
export type GroupStates = Readonly<Record<string, StoredAlert>>;

interface StoredAlert extends AlertState {
  /** As it was after its newest window. */
  readonly alert: Alert;
}

/** Names of models; apart for the rules that need labels, since those look at another window. */
export interface Undecided {
  readonly inputs: ReadonlySet<string>;
  readonly performance: ReadonlySet<string>;
}

export interface GroupEvaluation {
  readonly group: RuleGroup;
  /** The end of the window plus the delay of its labels. */
  readonly instant: Millis;
  /** The window that ends at the instant. */
  readonly window: Period;
  /** Everything that exists, with or without data; whatever is not here counts as gone. */
  readonly subjects: readonly Subject[];
  /** Models whose window cannot be told, such as one that begins before its baseline: their alerts stay as they are. */
  readonly undecided: Undecided;
  /** What the evaluation of the window before returned. */
  readonly states: GroupStates;
}

export interface GroupOutcome {
  readonly states: GroupStates;
  /** In the order of the rules and subjects; then the alerts whose subject or rule is gone. */
  readonly transitions: readonly AlertTransition[];
  /** All alerts that fire now. */
  readonly active: readonly Alert[];
  /** Alerts that did not begin, because the group has too many. */
  readonly dropped: number;
}

/** Alerts of one group that are not inactive. All of them are one row of the store, and one document in memory. */
export const MOST_ALERTS = 10_000;

/** Evaluates the rules of a group for one window: the same input gives the same output, ids included. */
export function evaluateGroup({
  group,
  instant,
  window,
  subjects,
  undecided,
  states,
}: GroupEvaluation): GroupOutcome {
  const next: Record<string, StoredAlert> = {};
  const transitions: AlertTransition[] = [];
  const seen = new Set<string>();

  let room = MOST_ALERTS - Object.keys(states).length;
  let dropped = 0;

  const record = ({ state, transition }: Step, after: Alert): void => {
    if (!Object.hasOwn(states, after.fingerprint)) {
      room -= 1;
      if (room < 0) {
        dropped += 1;
        return;
      }
    }
    const firedAt = transition?.to === 'firing' ? instant : states[after.fingerprint]?.alert.firedAt;
    const alert = firedAt === undefined ? after : { ...after, firedAt };
    if (state !== undefined) next[alert.fingerprint] = { ...state, alert: { ...alert, status: state.phase } };
    if (transition === undefined) return;
    const id = transitionId(group.name, alert.fingerprint, instant, transition.to);
    transitions.push({
      id,
      alert: { ...alert, status: statusAfter(transition) },
      ...transition,
      at: instant,
    });
  };

  for (const rule of group.rules) {
    for (const subject of subjects) {
      if (!isWanted(group, rule, subject)) continue;
      const labels = labelsOf(rule, subject);
      const id = fingerprint(labels);
      seen.add(id);
      const outcome = evaluateCondition(rule.condition, subject);
      const before = states[id];
      const after = step(before, observationOf(rule, outcome), policyFor(rule.policy, outcome));
      if (after.state === undefined && after.transition === undefined) continue;
      const fresh = { fingerprint: id, ruleGroup: group.name, labels, window: subject.window };
      record(after, alertAfter(rule, subject, outcome, before?.alert, fresh));
    }
  }

  for (const [id, before] of Object.entries(states).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (seen.has(id)) continue;
    record(stepOrphan(group, before, undecided), { ...before.alert, window });
  }
  const active = Object.values(next).flatMap(({ phase, alert }) => (phase === 'firing' ? [alert] : []));
  return { states: next, transitions, active, dropped };
}

function isWanted(group: RuleGroup, rule: Rule, { each, model, version, feature }: Subject): boolean {
  return (
    each === (needsLabels(rule) ? 'performance' : rule.each) &&
    group.wantsModel(model) &&
    group.wantsVersion(version) &&
    (each !== 'feature' || rule.wantsFeature(feature ?? ''))
  );
}

function labelsOf(
  rule: Rule,
  { model, version, feature }: Pick<Subject, 'model' | 'version' | 'feature'>,
): Labels {
  const subject = rule.each === 'model' ? { model, version } : { model, version, feature: feature ?? '' };
  return { alertname: rule.alert, ...subject, ...rule.labels };
}

/**
 * A metric that has no meaning here (the unseen share of a number, say) is no lack of data: its condition does not hold. But
 * of a model as a whole it is one: a window without a positive label has no recall, and that is no sign of recovery.
 */
function observationOf({ each }: Rule, { outcome }: Outcome): Observation {
  if (outcome === 'true' || outcome === 'false') return outcome;
  return outcome === 'undefined' && each !== 'model' ? 'false' : 'no_data';
}

/** Nor may it set off an alert about missing data. */
function policyFor(policy: FiringPolicy, { outcome }: Outcome): FiringPolicy {
  return outcome === 'undefined' && policy.noData === 'alert' ? { ...policy, noData: 'keep' } : policy;
}

/**
 * The alert after this window. Values follow the newest window that has them; annotations stay those of the newest
 * window in which the condition held, since they say what happened.
 */
function alertAfter(
  rule: Rule,
  subject: Subject,
  outcome: Outcome,
  before: Alert | undefined,
  fresh: Pick<Alert, 'fingerprint' | 'ruleGroup' | 'labels' | 'window'>,
): Alert {
  const measured = 'values' in outcome;
  const annotations =
    before === undefined || outcome.outcome === 'true'
      ? renderAnnotations(rule, subject, fresh.labels, fresh.window)
      : before.annotations;
  return {
    ...fresh,
    status: 'pending',
    annotations,
    values: measured ? outcome.values : (before?.values ?? {}),
    baselineValues: measured ? outcome.baselineValues : (before?.baselineValues ?? {}),
    ...evidenceOf(measured ? { ...subject, distributions: subject.distributions?.() } : before),
    since: before?.since ?? fresh.window.from,
    ...(rule.retrain === undefined ? {} : { retrain: rule.retrain }),
  };
}

type Evidence = { readonly [Key in 'change' | 'against' | 'distributions']?: Alert[Key] | undefined };

/** What people need beside the numbers, as far as it is known. */
function evidenceOf({ change, against, distributions }: Evidence = {}): Pick<Alert, keyof Evidence> {
  return {
    ...(change !== undefined && { change }),
    ...(against !== undefined && { against }),
    ...(distributions !== undefined && { distributions }),
  };
}

/** An alert that no rule and subject stand behind any more. */
function stepOrphan(group: RuleGroup, before: StoredAlert, undecided: Undecided): Step {
  const { fingerprint: id, labels } = before.alert;
  const { model = '', version = '', feature = '' } = labels;
  const rule = group.rules.find(
    (candidate) => fingerprint(labelsOf(candidate, { model, version, feature })) === id,
  );
  if (rule !== undefined) {
    const waiting = undecided[needsLabels(rule) ? 'performance' : 'inputs'].has(model);
    return waiting ? { state: before } : step(before, 'gone', rule.policy);
  }
  const transition: Transition =
    before.phase === 'firing'
      ? { from: 'firing', to: 'resolved', reason: 'rule_gone' }
      : { from: 'pending', to: 'inactive', reason: 'rule_gone' };
  return { state: undefined, transition };
}

function statusAfter({ to }: Transition): Alert['status'] {
  return to === 'inactive' ? 'pending' : to;
}
