import type { Millis } from '../base/clock.ts';
import { evaluateGroup, type Undecided } from '../rules/evaluate-group.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { Judge } from './evaluator.ts';
import type { Measured } from './measure.ts';

/** Measures what a group looks at in the window that ends at an instant. */
export type MeasureGroup = (
  group: RuleGroup,
  instant: Millis,
) => Promise<Measured & { readonly undecided: Undecided }>;

/** Judges a group by its rules. @param onDropped told how many alerts did not begin, because the group has too many. */
export function judgeMeasured(measure: MeasureGroup, onDropped?: (count: number) => void): Judge {
  return async (group, instant, states) => {
    const { subjects, rows, undecided } = await measure(group, instant);
    const window = { from: instant - group.window, to: instant };
    const outcome = evaluateGroup({ group, instant, window, subjects, undecided, states });
    if (outcome.dropped > 0) onDropped?.(outcome.dropped);
    return { rows, ...outcome };
  };
}
