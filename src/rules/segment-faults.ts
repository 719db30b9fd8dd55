import { METRICS } from '../metrics/table.ts';
import { isOfStream, LABEL_FREE } from './needs-labels.ts';
import type { Variable } from './variables.ts';

/** What a rule about segments cannot know. */
export interface SegmentContext {
  /** Whether its group compares with the baseline. */
  readonly againstBaseline: boolean;
  /** Whether the rule needs labels. */
  readonly isLabelled: boolean;
}

/**
 * Says which name means nothing in a segment, and why: of a segment's labels is known what they say of its predictions, and
 * baselines profile the whole population.
 *
 * @returns undefined when all of them mean something.
 */
export function segmentFault(
  names: ReadonlyMap<string, Variable>,
  { againstBaseline, isLabelled }: SegmentContext,
): { readonly name: string; readonly message: string } | undefined {
  for (const [name, variable] of names) {
    if (!('metric' in variable)) continue;
    const { kind, metric } = variable;
    const { scope, nature } = METRICS[metric];
    if (isOfStream(metric)) {
      return { name, message: `"${name}" is known of the whole population only, and not of its segments` };
    }
    if (isLabelled && metric !== 'predictions' && LABEL_FREE.includes(metric)) {
      const message = `"${name}" is not known of segments in a rule that needs labels; name it in a rule of its own`;
      return { name, message };
    }
    if (isLabelled && scope === 'model') continue;
    if (againstBaseline && (nature === 'difference' || kind === 'baseline' || kind === 'natural')) {
      const message = `"${name}" compares with the baseline, which knows no segments; compare them with previous, same_window_last_week, rolling(28d) or version(6)`;
      return { name, message };
    }
  }
  return undefined;
}
