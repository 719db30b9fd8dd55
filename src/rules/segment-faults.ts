import { METRICS } from '../metrics/table.ts';
import { isOfStream, LABEL_FREE } from './needs-labels.ts';
import type { Variable } from './variables.ts';

/**
 * Says which name means nothing in a segment, and why: of a segment's labels is known what they say of its predictions, and
 * how far a baseline's own hours lie apart is known of the whole population.
 *
 * @param isLabelled whether the rule needs labels.
 * @returns undefined when all of them mean something.
 */
export function segmentFault(
  names: ReadonlyMap<string, Variable>,
  isLabelled: boolean,
): { readonly name: string; readonly message: string } | undefined {
  for (const [name, variable] of names) {
    if (!('metric' in variable)) continue;
    const { kind, metric } = variable;
    const { scope } = METRICS[metric];
    if (isOfStream(metric)) {
      return { name, message: `"${name}" is known of the whole population only, and not of its segments` };
    }
    if (isLabelled && metric !== 'predictions' && LABEL_FREE.includes(metric)) {
      const message = `"${name}" is not known of segments in a rule that needs labels; name it in a rule of its own`;
      return { name, message };
    }
    if (isLabelled && scope === 'model') continue;
    if (kind === 'natural') {
      const message = `"${name}" says how far the baseline's own hours lie apart, which is known of the whole population only, and not of its segments`;
      return { name, message };
    }
  }
  return undefined;
}
