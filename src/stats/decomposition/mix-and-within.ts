import { type Computed, defined, undefinedBecause } from '../computed.ts';

/** Events of one slice of a population, and the sum of what is measured of them. */
export interface SliceSum {
  readonly n: number;
  readonly sum: number;
}

export interface MixAndWithin {
  /** By how much the mean of the whole population changed: mix plus within. */
  readonly change: number;
  /** What follows from the slices' changed shares alone. */
  readonly mix: number;
  /** What follows from changed means within slices alone. */
  readonly within: number;
  /** What each slice adds to `within`, in the order given. */
  readonly withinParts: readonly number[];
}

/**
 * Splits the change of a population's mean into what a changed mix of its slices makes of it, and what changed within them:
 * the symmetric decomposition, in which neither the shares nor the means of either side come first.
 *
 * With the share w and the mean m of each slice: mix = sum of (w1 - w0) (m0 + m1) / 2, within = sum of
 * (w0 + w1) / 2 (m1 - m0). The two add up to the change. A slice that is empty on one side has no mean there, and takes that
 * of the other: its coming or going is mix alone.
 *
 * Undefined when a side is empty. The slices have to partition the population.
 *
 * Reference: Kitagawa, Journal of the American Statistical Association 50 (1955); Oaxaca, International Economic Review 14
 * (1973); Blinder, Journal of Human Resources 8 (1973).
 *
 * @example
 * // A quarter of the population loses 0.8 instead of 0.2, the rest stays as it was.
 * mixAndWithin([
 *   { before: { n: 25, sum: 5 }, after: { n: 25, sum: 20 } },
 *   { before: { n: 75, sum: 15 }, after: { n: 75, sum: 15 } },
 * ]); // change 0.15, mix 0, within 0.15, of which 0.15 in the first
 */
export function mixAndWithin(
  slices: ReadonlyArray<{ readonly before: SliceSum; readonly after: SliceSum }>,
): Computed<MixAndWithin> {
  const [before, after] = [
    total(slices.map((slice) => slice.before)),
    total(slices.map((slice) => slice.after)),
  ];
  if (before.n === 0 || after.n === 0) return undefinedBecause('one of the two periods has no events');
  let mix = 0;
  const withinParts = slices.map((slice) => {
    const [w0, w1] = [slice.before.n / before.n, slice.after.n / after.n];
    const [m0, m1] = meansOf(slice);
    mix += ((w1 - w0) * (m0 + m1)) / 2;
    return ((w0 + w1) / 2) * (m1 - m0);
  });
  const within = withinParts.reduce((sum, part) => sum + part, 0);
  return defined({ change: after.sum / after.n - before.sum / before.n, mix, within, withinParts });
}

function total(sides: readonly SliceSum[]): SliceSum {
  return sides.reduce((all, { n, sum }) => ({ n: all.n + n, sum: all.sum + sum }), { n: 0, sum: 0 });
}

function meansOf({ before, after }: { before: SliceSum; after: SliceSum }): [number, number] {
  if (before.n === 0) return after.n === 0 ? [0, 0] : [after.sum / after.n, after.sum / after.n];
  const mean = before.sum / before.n;
  return [mean, after.n === 0 ? mean : after.sum / after.n];
}
