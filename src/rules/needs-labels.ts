import { ESTIMATED_METRICS } from '../metrics/estimate-from-profile.ts';
import { METRICS, type MetricName } from '../metrics/table.ts';
import type { Rule } from './rule.ts';

/** What a rule about a model or its segments may look at without any label. */
export const LABEL_FREE: readonly MetricName[] = [
  'predictions',
  ...ESTIMATED_METRICS,
  'features',
  'drifted_features',
  'drifted_share',
  'degraded_features',
  'degraded_share',
];

/** True for rules about how well a model does, or segments of it: their window is the newest one whose labels are due. */
export function needsLabels({
  each,
  condition,
  require,
}: Pick<Rule, 'each' | 'condition' | 'require'>): boolean {
  if (each !== 'model' && each !== 'segment') return false;
  if (require !== undefined) return true;
  return [...condition.names.values()].some(
    (variable) => 'metric' in variable && !LABEL_FREE.includes(variable.metric),
  );
}

/** True where all rules are about the signals of change detectors, and about no other metric. */
export function namesStreamsOnly(rules: ReadonlyArray<Pick<Rule, 'each' | 'names' | 'require'>>): boolean {
  return (
    rules.length > 0 &&
    rules.every(({ each, names, require }) => {
      const metrics = [...names.values()].flatMap((variable) =>
        'metric' in variable ? variable.metric : [],
      );
      return each === 'model' && require === undefined && metrics.length > 0 && metrics.every(isOfStream);
    })
  );
}

/** True for what change detectors say. */
export function isOfStream(metric: MetricName): boolean {
  return METRICS[metric].nature === 'signal' || metric === 'stream_observations';
}
