import { partsOf } from '../event/segments.ts';
import { type MixAndWithin, mixAndWithin, type SliceSum } from '../stats/decomposition/mix-and-within.ts';
import type { LossChange, LossSums } from './segment-loss.ts';

/** What the changed mix of one feature's values makes of a change, and what changed within them. */
export interface SegmentShift extends Pick<MixAndWithin, 'mix' | 'within'> {
  readonly feature: string;
  /** The segment that adds most to `within`, and how much. Not there when nothing changed within any. */
  readonly largest?: { readonly segment: string; readonly within: number };
  /** That amount as a share of all that changed within segments, upwards or downwards: 1 when it is all in one. */
  readonly concentration: number;
}

/**
 * Splits the change of a population's mean by the values of each feature; the feature whose changes are concentrated the most
 * in one segment first. What no known segment holds is a slice of its own, so that the parts add up.
 *
 * @param segments those of single features; others are passed over.
 */
export function segmentShifts(
  features: readonly string[],
  whole: LossChange,
  segments: ReadonlyMap<string, LossChange>,
): SegmentShift[] {
  return features
    .flatMap((feature) => shiftOf(feature, whole, segments) ?? [])
    .sort((a, b) => b.concentration - a.concentration || (a.feature < b.feature ? -1 : 1));
}

function shiftOf(
  feature: string,
  whole: LossChange,
  segments: ReadonlyMap<string, LossChange>,
): SegmentShift | undefined {
  const own = [...segments].filter(
    ([segment]) => segment.startsWith(`${feature}=`) && partsOf(segment).length === 1,
  );
  const known = own.map(([, { before, now }]) => ({ before: sumOf(before), after: sumOf(now) }));
  const rest = {
    before: minusAll(
      sumOf(whole.before),
      known.map(({ before }) => before),
    ),
    after: minusAll(
      sumOf(whole.now),
      known.map(({ after }) => after),
    ),
  };
  const split = mixAndWithin([...known, rest]);
  if (!split.defined) return undefined;
  const { mix, within, withinParts } = split.value;
  const all = withinParts.reduce((sum, part) => sum + Math.abs(part), 0);
  // In the direction of the whole change, which is what is to be explained.
  const direction = Math.sign(split.value.change);
  let largest: SegmentShift['largest'];
  for (const [i, [segment]] of own.entries()) {
    const part = withinParts[i] as number;
    if (part * direction > Math.max(0, (largest?.within ?? 0) * direction))
      largest = { segment, within: part };
  }
  return {
    feature,
    mix,
    within,
    ...(largest !== undefined && { largest }),
    concentration: largest === undefined ? 0 : Math.abs(largest.within) / all,
  };
}

function sumOf({ n, loss }: LossSums): SliceSum {
  return { n, sum: loss };
}

function minusAll(whole: SliceSum, parts: readonly SliceSum[]): SliceSum {
  const left = parts.reduce((rest, { n, sum }) => ({ n: rest.n - n, sum: rest.sum - sum }), whole);
  // What is left of no events is rounding.
  return left.n === 0 ? { n: 0, sum: 0 } : left;
}
