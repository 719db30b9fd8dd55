import type { Millis } from '../base/clock.ts';
import type { Alert } from './alert.ts';
import { alertAfter } from './alert-after.ts';
import { judge, type Verdict } from './evaluate-condition.ts';
import { fingerprint } from './fingerprint.ts';
import { needsLabels } from './needs-labels.ts';
import { signOf } from './observation.ts';
import { type GroupStates, labelsOf, type StoredAlert } from './remembered-alerts.ts';
import type { Rule, RuleGroup } from './rule.ts';
import type { Subject } from './subject.ts';
import { subjectKind } from './subject-kind.ts';
import { corrected, type Sign, signAt, stateAfter, type WindowHistory } from './window-history.ts';

/** A window that was judged before, as it looks with the labels that have come since. */
export interface LateWindow {
  /** The instant at which it was judged first. */
  readonly instant: Millis;
  readonly subjects: readonly Subject[];
}

/** What alerts would be by now, had the labels been there in time. */
export interface Revision {
  readonly states: GroupStates;
  readonly history: WindowHistory;
}

interface Finding {
  readonly rule: Rule;
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly instant: Millis;
}

/**
 * Judges windows anew whose labels have come late, and lets every alert that they say something else about go through all
 * windows since. So an alert is what its windows say, in whatever order and in however many parts their labels came.
 */
export function reviseAlerts(
  group: RuleGroup,
  states: GroupStates,
  history: WindowHistory,
  late: readonly LateWindow[],
): Revision {
  const rules = group.rules.filter(needsLabels);
  const findings = new Map<string, Finding[]>();
  let next = history;
  for (const { instant, subjects } of late) {
    const changed = new Map<string, Sign>();
    for (const rule of rules) {
      for (const subject of subjects) {
        if (subject.each !== subjectKind(group, rule)) continue;
        const alert = fingerprint(labelsOf(rule, subject));
        const known = signAt(history, alert, instant);
        if (known === undefined) continue;
        const verdict = judge(rule, subject);
        const sign = signOf(rule, verdict);
        if (sign !== known) changed.set(alert, sign);
        findings.set(alert, [...(findings.get(alert) ?? []), { rule, subject, verdict, instant }]);
      }
    }
    next = corrected(next, instant, changed);
  }
  const revised: Record<string, StoredAlert> = { ...states };
  for (const [key, found] of findings) {
    const before = states[key];
    const { rule } = found[0] as Finding;
    const isSame = next.signs[key] === history.signs[key];
    const state = isSame ? before : stateAfter(next, key, rule.policy);
    if (state === undefined) delete revised[key];
    else revised[key] = { ...state, alert: contentOf(group, found, next, before?.alert) };
  }
  return { states: revised, history: next };
}

/** An alert says what the newest window that set it off showed, where that is one of those that have changed. */
function contentOf(
  group: RuleGroup,
  found: readonly Finding[],
  { instants, signs }: WindowHistory,
  before: Alert | undefined,
): Alert {
  const held = found.filter(({ verdict }) => verdict.outcome === 'true').at(-1);
  const { rule, subject, verdict, instant } = held ?? (found.at(-1) as Finding);
  const shown = alertAfter(group, rule, subject, verdict, before);
  if (before === undefined) return shown;
  const later = (signs[shown.fingerprint] ?? '').slice(instants.indexOf(instant) + 1);
  if (held === undefined || later.includes('1')) return before;
  return { ...shown, window: before.window };
}
