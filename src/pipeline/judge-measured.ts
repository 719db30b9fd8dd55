import type { Millis } from '../base/clock.ts';
import { evaluateGroup } from '../rules/evaluate-group.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { Judge } from './evaluator.ts';
import type { LabelMemory, MeasuredWithLabels } from './measure-with-labels.ts';

/** Measures what a group looks at in the window that ends at an instant. */
export type MeasureGroup = (
  group: RuleGroup,
  instant: Millis,
  memory: LabelMemory,
  signal: AbortSignal,
) => Promise<MeasuredWithLabels>;

/** Judges a group by its rules. @param onDropped told how many alerts did not begin, because the group has too many. */
export function judgeMeasured(measure: MeasureGroup, onDropped?: (count: number) => void): Judge {
  return async (group, instant, before, signal) => {
    const { subjects, rows, details = [], undecided, labels } = await measure(group, instant, before, signal);
    const outcome = evaluateGroup({
      group,
      instant,
      window: { from: instant - group.window, to: instant },
      subjects,
      undecided,
      states: before.states,
      labels: labels && { ...labels, history: before.history },
    });
    if (outcome.dropped > 0) onDropped?.(outcome.dropped);
    return { rows, details, ...outcome };
  };
}
