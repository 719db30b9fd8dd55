import type { Millis } from '../base/clock.ts';
import type { Alert, AlertTransition } from '../rules/alert.ts';
import { type Observation, step } from '../rules/alert-state.ts';
import type { GroupOutcome } from '../rules/evaluate-group.ts';
import { fingerprint, transitionId } from '../rules/fingerprint.ts';
import type { FiringPolicy, Persistence } from '../rules/firing-policy.ts';
import type { GroupStates } from '../rules/remembered-alerts.ts';
import { OWN_GROUP, type RuleGroup } from '../rules/rule.ts';
import type { TopicIntake } from '../store/intake.ts';
import { type IntakeVerdict, judgeTopic, type RejectLimit, rejectText } from './reject-limit.ts';

const ALERT = 'RejectedRecords';

const AT_ONCE: Persistence = { kind: 'windows', needed: 1, of: 1 };

/** Begins with the first window above the limit, ends with the first normal one, and stays as it is in between. */
const POLICY: FiringPolicy = { hold: AT_ONCE, clear: AT_ONCE, keepFiring: 0, noData: 'keep' };

const OBSERVATIONS: Readonly<Record<IntakeVerdict, Observation>> = {
  above: 'true',
  between: 'no_data',
  normal: 'false',
};

/**
 * The group of the alerts that driftd has of itself: evaluated, stored and told like a group of a rules file, but about
 * topics and not about models.
 */
export function intakeGroup({ window }: RejectLimit): RuleGroup {
  return {
    name: OWN_GROUP,
    file: '',
    wantsModel: () => false,
    wantsVersion: () => false,
    schedule: '* * * * *',
    window,
    against: { kind: 'baseline' },
    rules: [],
  };
}

/** Moves the alerts of all topics on by one window. @param intakes what was read in the window that ends at the instant. */
export function evaluateIntake(
  intakes: ReadonlyArray<Omit<TopicIntake, 'first'>>,
  {
    group,
    instant,
    states,
    limit,
  }: {
    readonly group: RuleGroup;
    readonly instant: Millis;
    readonly states: GroupStates;
    readonly limit: RejectLimit;
  },
): GroupOutcome {
  const window = { from: instant - group.window, to: instant };
  const read = new Map(intakes.map((intake) => [intake.topic, intake]));
  const alerting = Object.values(states).map(({ alert }) => alert.labels['topic'] ?? '');
  const next: Record<string, GroupStates[string]> = {};
  const transitions: AlertTransition[] = [];
  for (const topic of [...new Set([...read.keys(), ...alerting])].sort()) {
    const intake = read.get(topic) ?? { topic, records: 0, rejected: 0 };
    const labels = { alertname: ALERT, topic, severity: limit.severity };
    const id = fingerprint(labels);
    const before = states[id];
    const verdict = judgeTopic(intake, limit);
    const { state, transition } = step(before, OBSERVATIONS[verdict], POLICY, instant);
    const firedAt = transition?.to === 'firing' ? instant : before?.alert.firedAt;
    const alert: Alert = {
      fingerprint: id,
      status: 'firing',
      ruleGroup: group.name,
      labels,
      annotations:
        before === undefined || verdict === 'above'
          ? { summary: rejectText(intake, limit) }
          : before.alert.annotations,
      values: { rejected_share: intake.rejected / Math.max(intake.records, 1), records: intake.records },
      baselineValues: {},
      window,
      since: before?.alert.since ?? window.from,
      ...(firedAt !== undefined && { firedAt }),
    };
    if (state !== undefined) next[id] = { ...state, alert };
    if (transition === undefined) continue;
    const status = transition.to === 'resolved' ? 'resolved' : 'firing';
    transitions.push({
      id: transitionId(group.name, id, instant, transition.to),
      alert: { ...alert, status },
      ...transition,
      at: instant,
    });
  }
  return { states: next, transitions, active: Object.values(next).map(({ alert }) => alert), dropped: 0 };
}
