import type { GroupStates } from '../rules/remembered-alerts.ts';
import type { RuleGroup } from '../rules/rule.ts';

/**
 * What is left of a group that was removed or renamed while its alerts were on: no rules, so that evaluating it once more
 * resolves them all, as it does for a rule that is taken out of a group.
 */
export function retiredGroup(name: string, states: GroupStates): RuleGroup {
  const windows = Object.values(states).map(({ alert: { window } }) => window.to - window.from);
  return {
    name,
    file: '',
    wantsModel: () => false,
    wantsVersion: () => false,
    schedule: '* * * * *',
    window: Math.max(0, ...windows),
    against: { kind: 'baseline' },
    rules: [],
  };
}
