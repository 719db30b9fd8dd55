import { didYouMean } from '../../base/nearest.ts';
import { judge, namedNumbers } from '../evaluate-condition.ts';
import { needsLabels } from '../needs-labels.ts';
import type { RuleGroup } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { formatNumber } from '../template.ts';
import type { ExpectedAlert } from './rule-test.ts';

/** What a group saw in its newest window. */
export interface LastLook {
  readonly group: RuleGroup;
  readonly subjects: readonly Subject[];
}

/** Says why an alert is not there, as well as the newest window tells it. */
export function explainMissing(
  { alert, labels }: ExpectedAlert,
  groups: readonly RuleGroup[],
  looks: readonly LastLook[],
): string {
  const names = groups.flatMap(({ rules }) => rules.map((rule) => rule.alert));
  if (!names.includes(alert)) return `no rule is called ${alert}${didYouMean(alert, names)}`;
  for (const { group, subjects } of looks) {
    const rule = group.rules.find((one) => one.alert === alert);
    if (rule === undefined) continue;
    const kind = needsLabels(rule) ? 'performance' : rule.each;
    const subject = subjects.find(
      ({ each, feature }) =>
        each === kind && (labels['feature'] === undefined || labels['feature'] === feature),
    );
    if (subject === undefined) return `the test says nothing about a ${rule.each} like that`;
    const verdict = judge(rule, subject);
    if ('reason' in verdict)
      return `in the newest window there is ${verdict.outcome.replaceAll('_', ' ')}: ${verdict.reason}`;
    const { values, baselineValues } = namedNumbers(rule.condition, subject);
    const numbers = [
      ...Object.entries(values),
      ...Object.entries(baselineValues).map(([name, value]) => [`baseline.${name}`, value] as const),
    ].map(([name, value]) => `${name} ${formatNumber(value)}`);
    const holds = verdict.outcome === 'true' ? 'holds' : 'does not hold';
    return `in the newest window its condition ${holds}${numbers.length > 0 ? `: ${numbers.join(', ')}` : ''}`;
  }
  return 'its group has not been evaluated by then';
}
