import type { Millis } from '../base/clock.ts';
import type { Distributions } from '../metrics/distributions.ts';
import type { Alert, AlertTransition, Period } from './alert.ts';
import { countsAsHeld, type Observation, type Step, step, type Transition } from './alert-state.ts';
import { evaluateCondition, namedNumbers, type Verdict } from './evaluate-condition.ts';
import { fingerprint, transitionId } from './fingerprint.ts';
import type { FiringPolicy } from './firing-policy.ts';
import type { Measurements } from './measurements.ts';
import { needsLabels } from './needs-labels.ts';
import {
  type AlertsOfRule,
  alertAbout,
  alertsByRule,
  type GroupStates,
  labelsOf,
  ruleKey,
  type StoredAlert,
} from './remembered-alerts.ts';
import { renderAnnotations } from './render-annotations.ts';
import type { Each, Rule, RuleGroup } from './rule.ts';

/**
 * One thing that rules are about: a feature, an output (a feature called __prediction__ or __score__), a model, or a segment
 * of its population. `performance` is a model in the window whose labels are due, for the rules that need labels.
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

  const remembered = alertsByRule(states);
  for (const { rule, subject, verdict, before } of noteworthy(group, subjects, remembered)) {
    if (before !== undefined) seen.add(before.alert.fingerprint);
    const after = step(before, observationOf(rule, verdict), policyFor(rule.policy, verdict), instant);
    record(after, alertAfter(group, rule, subject, verdict, before?.alert));
  }

  const rules = new Map(group.rules.map((rule) => [ruleKey(rule), rule]));
  const orphans = [...remembered].flatMap(([key, alerts]) =>
    [...alerts.values()]
      .filter(({ alert }) => !seen.has(alert.fingerprint))
      .map((before) => ({ rule: rules.get(key), before })),
  );
  orphans.sort(({ before: a }, { before: b }) => (a.alert.fingerprint < b.alert.fingerprint ? -1 : 1));
  for (const { rule, before } of orphans) {
    record(stepOrphan(rule, before, undecided, instant), { ...before.alert, window });
  }
  const active = Object.values(next).flatMap(({ phase, alert }) => (phase === 'firing' ? [alert] : []));
  return { states: next, transitions, active, dropped };
}

/** What a rule says about a subject, where it matters: the others are inactive and stay it. */
interface Noteworthy {
  readonly rule: Rule;
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly before: StoredAlert | undefined;
}

/** Subjects whose measurements are looked at by all rules before the next: so many fit into a processor's cache. */
const BLOCK = 16;

/** Evaluates every condition. @returns what matters, in the order of the rules, then of the subjects. */
function noteworthy(
  group: RuleGroup,
  subjects: readonly Subject[],
  remembered: ReadonlyMap<string, AlertsOfRule>,
): Noteworthy[] {
  const wanted = subjectsByKind(group, subjects);
  const rules = group.rules.map((rule) => ({
    rule,
    kind: subjectKind(group, rule),
    alerts: remembered.get(ruleKey(rule)),
    found: [] as Noteworthy[],
  }));
  for (const [kind, all] of wanted) {
    const concerned = rules.filter((entry) => entry.kind === kind);
    for (let from = 0; from < all.length; from += BLOCK) {
      const block = all.slice(from, from + BLOCK);
      for (const { rule, alerts, found } of concerned) {
        for (const subject of block) {
          if (kind === 'feature' && !rule.wantsFeature(subject.feature ?? '')) continue;
          const before = alertAbout(alerts, rule, subject);
          const verdict = evaluateCondition(rule.condition, subject, rule.minSamples);
          if (
            before === undefined &&
            !countsAsHeld(observationOf(rule, verdict), policyFor(rule.policy, verdict))
          )
            continue;
          found.push({ rule, subject, verdict, before });
        }
      }
    }
  }
  return rules.flatMap(({ found }) => found);
}

/** A model as a whole is, to a group that looks at segments, each of those as a whole. */
function subjectKind({ wantsSegment }: RuleGroup, rule: Rule): Subject['each'] {
  if (needsLabels(rule)) return 'performance';
  return rule.each === 'model' && wantsSegment !== undefined ? 'segment' : rule.each;
}

/** The subjects that a group looks at, by what its rules ask for. */
function subjectsByKind(
  { wantsModel, wantsVersion, wantsSegment }: RuleGroup,
  subjects: readonly Subject[],
): ReadonlyMap<Subject['each'], readonly Subject[]> {
  const kinds = new Map<Subject['each'], Subject[]>();
  for (const subject of subjects) {
    const { each, model, version, segment } = subject;
    if (!wantsModel(model) || !wantsVersion(version)) continue;
    // Where a group names no segments, only rules about segments look at them; the others see the whole population.
    const isWhole = segment === undefined || segment === '';
    if (wantsSegment === undefined ? isWhole === (each === 'segment') : isWhole || !wantsSegment(segment))
      continue;
    const kind = kinds.get(each) ?? [];
    kinds.set(each, kind);
    kind.push(subject);
  }
  return kinds;
}

/**
 * A metric that has no meaning here (the unseen share of a number, say) is no lack of data: its condition does not hold. But
 * of a model as a whole it is one: a window without a positive label has no recall, and that is no sign of recovery.
 */
function observationOf({ each }: Rule, { outcome }: Verdict): Observation {
  if (outcome === 'true' || outcome === 'false') return outcome;
  return outcome === 'undefined' && (each === 'feature' || each === 'prediction') ? 'false' : 'no_data';
}

/** Nor may it set off an alert about missing data. */
function policyFor(policy: FiringPolicy, { outcome }: Verdict): FiringPolicy {
  return outcome === 'undefined' && policy.noData === 'alert' ? { ...policy, noData: 'keep' } : policy;
}

/**
 * The alert after this window. Values follow the newest window that has them; annotations stay those of the newest
 * window in which the condition held, since they say what happened.
 */
function alertAfter(
  group: RuleGroup,
  rule: Rule,
  subject: Subject,
  { outcome }: Verdict,
  before: Alert | undefined,
): Alert {
  const labels = before?.labels ?? labelsOf(rule, subject);
  const measured = outcome === 'true' || outcome === 'false';
  const { values, baselineValues } = measured
    ? namedNumbers(rule.condition, subject)
    : { values: before?.values ?? {}, baselineValues: before?.baselineValues ?? {} };
  const annotations =
    before === undefined || outcome === 'true'
      ? renderAnnotations(rule, subject, labels, subject.window)
      : before.annotations;
  return {
    fingerprint: before?.fingerprint ?? fingerprint(labels),
    ruleGroup: group.name,
    labels,
    window: subject.window,
    status: 'pending',
    annotations,
    values,
    baselineValues,
    ...evidenceOf(measured ? { ...subject, distributions: subject.distributions?.() } : before),
    since: before?.since ?? subject.window.from,
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
function stepOrphan(
  rule: Rule | undefined,
  before: StoredAlert,
  undecided: Undecided,
  instant: Millis,
): Step {
  const { model = '', version = '', segment = '', feature = '' } = before.alert.labels;
  const isOfRule =
    rule !== undefined &&
    fingerprint(labelsOf(rule, { model, version, segment, feature })) === before.alert.fingerprint;
  if (isOfRule) {
    const waiting = undecided[needsLabels(rule) ? 'performance' : 'inputs'].has(model);
    return waiting ? { state: before } : step(before, 'gone', rule.policy, instant);
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
