import type { Millis } from '../base/clock.ts';
import type { Alert, AlertTransition, Period } from './alert.ts';
import { alertAfter } from './alert-after.ts';
import { countsAsHeld, type Step, step, type Transition } from './alert-state.ts';
import { judge, type Verdict } from './evaluate-condition.ts';
import { fingerprint, transitionId } from './fingerprint.ts';
import { needsLabels } from './needs-labels.ts';
import { observationOf, policyFor, signOf } from './observation.ts';
import {
  type AlertsOfRule,
  alertAbout,
  alertsByRule,
  type GroupStates,
  labelsOf,
  ruleKey,
  ruleKeyOfAlert,
  type StoredAlert,
} from './remembered-alerts.ts';
import { type LateWindow, reviseAlerts } from './revise-alerts.ts';
import type { Rule, RuleGroup } from './rule.ts';
import type { Subject } from './subject.ts';
import { subjectKind } from './subject-kind.ts';
import { appended, type Seen, type WindowHistory } from './window-history.ts';

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
  /** Undefined where no rule needs labels. */
  readonly labels?: LabelledPast | undefined;
}

/** What labels may still change, and what they have. */
export interface LabelledPast {
  /** As the evaluation of the window before returned it. */
  readonly history: WindowHistory | undefined;
  /** Windows that look otherwise by now, ascending. */
  readonly late: readonly LateWindow[];
  /** What was judged at instants before this one stays as it is. */
  readonly keepFrom: Millis;
}

export interface GroupOutcome {
  readonly states: GroupStates;
  /** Undefined where no rule needs labels. */
  readonly history?: WindowHistory | undefined;
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
  states: known,
  labels,
}: GroupEvaluation): GroupOutcome {
  const next: Record<string, StoredAlert> = {};
  const transitions: AlertTransition[] = [];
  const seen = new Set<string>();
  const signs = new Map<string, Seen>();
  const policies = new Map(group.rules.filter(needsLabels).map((rule) => [ruleKey(rule), rule.policy]));
  const { states, history } =
    labels === undefined
      ? { states: known, history: undefined }
      : reviseAlerts(group, known, labels.history ?? historyFrom(known), labels.late);

  let room = MOST_ALERTS - Object.keys(known).length;
  let dropped = 0;

  const record = (taken: Step, after: Alert): void => {
    const { state } = taken;
    if (!Object.hasOwn(known, after.fingerprint)) {
      room -= 1;
      if (room < 0) {
        dropped += 1;
        return;
      }
    }
    const phases = [known, states].map((all) => all[after.fingerprint]?.phase);
    const transition = phases[0] === phases[1] ? taken.transition : inAll(phases[0], state?.phase);
    const alert = { ...after, ...sinceFiring(transition, instant, known[after.fingerprint]?.alert) };
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
  for (const { rule, subject, verdict, before } of noteworthy(group, subjects, remembered, signs)) {
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
  const served = versionsBy(subjects);
  for (const { rule, before } of orphans) {
    const taken = stepOrphan(rule, before, undecided, served, instant);
    if (rule !== undefined && needsLabels(rule) && taken.state !== before)
      signs.set(before.alert.fingerprint, {
        sign: isSilent(before.alert, served) ? '-' : 'x',
        rule: ruleKey(rule),
      });
    record(taken, { ...before.alert, window });
  }
  // What was on, and by what is known now should not have been.
  for (const [key, { alert }] of Object.entries(known)) {
    if (states[key] === undefined && next[key] === undefined) record({ state: undefined }, alert);
  }
  const active = Object.values(next).flatMap(({ phase, alert }) => (phase === 'firing' ? [alert] : []));
  return {
    states: next,
    transitions,
    active,
    dropped,
    history:
      history && labels && appended(history, instant, signs, labels.keepFrom, (key) => policies.get(key)),
  };
}

/** What an alert keeps from when it began to fire. */
function sinceFiring(
  transition: Transition | undefined,
  instant: Millis,
  before: Alert | undefined,
): Pick<Alert, 'firedAt' | 'explanation'> {
  if (transition?.to === 'firing') return { firedAt: instant };
  const { firedAt, explanation } = before ?? {};
  return { ...(firedAt !== undefined && { firedAt }), ...(explanation !== undefined && { explanation }) };
}

/** Where a group has none: its alerts are what they are, and what their windows said is not known. */
function historyFrom(states: GroupStates): WindowHistory {
  const alerts = Object.entries(states);
  return {
    instants: [],
    signs: {},
    before: Object.fromEntries(alerts.map(([key, { alert: _, ...state }]) => [key, state])),
    rules: Object.fromEntries(alerts.map(([key, { alert }]) => [key, ruleKeyOfAlert(alert)])),
  };
}

/** The change of an alert from one phase to another that late labels brought about; undefined when it is what it was. */
function inAll(
  from: StoredAlert['phase'] | undefined,
  to: StoredAlert['phase'] | undefined,
): Transition | undefined {
  if (from === to) return undefined;
  const reason = 'late_labels';
  return { from: from ?? 'inactive', to: to ?? (from === 'firing' ? 'resolved' : 'inactive'), reason };
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

/**
 * Evaluates every condition.
 *
 * @param signs takes what every rule that needs labels said.
 * @returns what matters, in the order of the rules, then of the subjects.
 */
function noteworthy(
  group: RuleGroup,
  subjects: readonly Subject[],
  remembered: ReadonlyMap<string, AlertsOfRule>,
  signs: Map<string, Seen>,
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
          const verdict = judge(rule, subject);
          if (kind === 'performance' || kind === 'segment_performance')
            signs.set(fingerprint(labelsOf(rule, subject)), {
              sign: signOf(rule, verdict),
              rule: ruleKey(rule),
            });
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
    const isOfSegments = each === 'segment' || each === 'segment_performance';
    if (wantsSegment === undefined ? isWhole === isOfSegments : isWhole || !wantsSegment(segment)) continue;
    const kind = kinds.get(each) ?? [];
    kinds.set(each, kind);
    kind.push(subject);
  }
  return kinds;
}

/** An alert that no rule and subject stand behind any more. */
function stepOrphan(
  rule: Rule | undefined,
  before: StoredAlert,
  undecided: Undecided,
  served: VersionsByModel,
  instant: Millis,
): Step {
  const { model = '' } = before.alert.labels;
  if (rule !== undefined && isAlertOf(rule, before.alert)) {
    const waiting = undecided[needsLabels(rule) ? 'performance' : 'inputs'].has(model);
    if (waiting) return { state: before };
    return step(before, isSilent(before.alert, served) ? 'no_data' : 'gone', rule.policy, instant);
  }
  const transition: Transition =
    before.phase === 'firing'
      ? { from: 'firing', to: 'resolved', reason: 'rule_gone' }
      : { from: 'pending', to: 'inactive', reason: 'rule_gone' };
  return { state: undefined, transition };
}

type VersionsByModel = ReadonlyMap<string, ReadonlySet<string>>;

/** The versions that are there, by model. */
function versionsBy(subjects: readonly Subject[]): VersionsByModel {
  const served = new Map<string, Set<string>>();
  for (const { model, version } of subjects) served.set(model, (served.get(model) ?? new Set()).add(version));
  return served;
}

/** A segment without events in one window is silent, as a model may be; it is gone with its version, when others serve. */
function isSilent(
  { labels: { model = '', version = '', segment } }: Alert,
  served: VersionsByModel,
): boolean {
  return segment !== undefined && served.get(model)?.has(version) !== false;
}

function isAlertOf(rule: Rule, { labels, fingerprint: known }: Alert): boolean {
  const { model = '', version = '', segment = '', feature = '' } = labels;
  return fingerprint(labelsOf(rule, { model, version, segment, feature })) === known;
}

function statusAfter({ to }: Transition): Alert['status'] {
  return to === 'inactive' ? 'pending' : to;
}
