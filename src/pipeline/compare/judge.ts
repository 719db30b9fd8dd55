import { isOutputFeature } from '../../profile/feature-spec.ts';
import { evaluateCondition } from '../../rules/evaluate-condition.ts';
import type { Measurements } from '../../rules/measurements.ts';
import type { RuleGroup } from '../../rules/rule.ts';

/**
 * The alerts whose condition holds for one feature, in the order of the rules. Two tables are two samples and no history:
 * which model a rule is for, its schedule and how often it has to hold do not matter here.
 */
export function alertsFor(groups: readonly RuleGroup[], feature: string, measured: Measurements): string[] {
  const each = isOutputFeature(feature) ? 'prediction' : 'feature';
  const alerts = new Set<string>();
  for (const { rules } of groups) {
    for (const rule of rules) {
      if (rule.each !== each || (each === 'feature' && !rule.wantsFeature(feature))) continue;
      if (evaluateCondition(rule.condition, measured).outcome === 'true') alerts.add(rule.alert);
    }
  }
  return [...alerts];
}
