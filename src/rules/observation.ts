import type { Observation } from './alert-state.ts';
import type { Verdict } from './evaluate-condition.ts';
import type { FiringPolicy } from './firing-policy.ts';
import type { Rule } from './rule.ts';
import type { Sign } from './window-history.ts';

/**
 * A metric that has no meaning here (the unseen share of a number, say) is no lack of data: its condition does not hold. But
 * of a model as a whole it is one: a window without a positive label has no recall, and that is no sign of recovery.
 */
export function observationOf({ each }: Pick<Rule, 'each'>, { outcome }: Verdict): Observation {
  if (outcome === 'true' || outcome === 'false') return outcome;
  return outcome === 'undefined' && (each === 'feature' || each === 'prediction') ? 'false' : 'no_data';
}

/** Nor may it set off an alert about missing data; and a window that still waits for its labels counts for nothing. */
export function policyFor(policy: FiringPolicy, { outcome }: Verdict): FiringPolicy {
  const keeps = outcome === 'waiting' || (outcome === 'undefined' && policy.noData === 'alert');
  return keeps ? { ...policy, noData: 'keep' } : policy;
}

/** The same as a history remembers it. */
export function signOf(rule: Pick<Rule, 'each' | 'policy'>, verdict: Verdict): Sign {
  const observation = observationOf(rule, verdict);
  if (observation === 'true') return '1';
  if (observation === 'false') return '0';
  return policyFor(rule.policy, verdict) === rule.policy ? '-' : '~';
}
