import { type AlertState, step } from '../../src/rules/alert-state.ts';
import type { FiringPolicy } from '../../src/rules/firing-policy.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Alarms } from './driftd.ts';

/** Windows in a row that are looked at together. */
export const RUN = 3;

/** Whether an alert comes to fire in a run of windows: of any feature, or of the one that is named. */
export function firesIn({ rules }: RuleGroup, run: readonly Alarms[], only?: string): boolean {
  const features = only === undefined ? [...(run[0]?.keys() ?? [])] : [only];
  return features.some((feature) =>
    rules.some(({ alert, policy }) =>
      fires(
        policy,
        run.map((alarms) => alarms.get(feature)?.includes(alert) === true),
      ),
    ),
  );
}

function fires(policy: FiringPolicy, held: readonly boolean[]): boolean {
  let state: AlertState | undefined;
  for (const [at, holds] of held.entries()) {
    state = step(state, holds ? 'true' : 'false', policy, at).state;
    if (state?.phase === 'firing') return true;
  }
  return false;
}
