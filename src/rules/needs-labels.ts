import type { MetricName } from '../metrics/table.ts';
import type { Rule } from './rule.ts';

/** What a model-wide rule may look at without any label. */
export const LABEL_FREE: readonly MetricName[] = [
  'predictions',
  'estimated_accuracy',
  'features',
  'drifted_features',
  'drifted_share',
  'degraded_features',
  'degraded_share',
];

/** True for rules about how well a model does: their window is the newest one whose labels are due. */
export function needsLabels({
  each,
  condition,
  require,
}: Pick<Rule, 'each' | 'condition' | 'require'>): boolean {
  if (each !== 'model') return false;
  if (require !== undefined) return true;
  return [...condition.names.values()].some(
    (variable) => 'metric' in variable && !LABEL_FREE.includes(variable.metric),
  );
}
