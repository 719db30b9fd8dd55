import { type Computed, defined, undefinedBecause } from '../stats/computed.ts';
import { categoricalShift } from '../stats/hypothesis/categorical-shift.ts';

/** The one p-value that says whether a feature has shifted, and how it came about. */
export interface ShiftTest {
  readonly pValue: Computed;
  readonly method: string;
}

type Tested = Computed<{ readonly value: number; readonly pValue: number }>;

/**
 * Whether a number's distribution has shifted: the smallest p-value of three tests, times three (Bonferroni).
 *
 * No single one sees everything. Kolmogorov-Smirnov sees any difference, but a small shift of the location late;
 * Mann-Whitney sees just that shift, and about as early as a t-test, however heavy the tails; Mood's test sees a changed
 * spread around the same centre, which Mann-Whitney cannot. What the choice costs and gains: docs/alarms.md.
 */
export function numericShiftTest(tests: {
  readonly ks: Tested;
  readonly mannWhitney: Tested;
  readonly mood: Tested;
}): ShiftTest {
  const { ks, mannWhitney, mood } = tests;
  if (!ks.defined) return { pValue: ks, method: 'none' };
  if (!mannWhitney.defined && ks.value.value === 0) {
    return {
      pValue: undefinedBecause('all values lie in one cell, which leaves nothing to test'),
      method: 'none',
    };
  }
  const named = [
    ['Kolmogorov-Smirnov', ks],
    ['Mann-Whitney', mannWhitney],
    ['Mood', mood],
  ] as const;
  const known = named.flatMap(([name, result]) =>
    result.defined ? [[name, result.value.pValue] as const] : [],
  );
  // A test that has nothing to say takes no share: where all ranks are tied twice, say, there is no spread to test.
  const [name, smallest] = known.reduce((best, next) => (next[1] < best[1] ? next : best));
  return {
    pValue: defined(Math.min(1, known.length * smallest)),
    method: `${known.length} times the smallest of ${known.map(([other]) => other).join(', ')}: ${name}`,
  };
}

/** Whether the mix of categories has shifted, at any sample size and with any number of rare categories. */
export function categoricalShiftTest(reference: ArrayLike<number>, current: ArrayLike<number>): ShiftTest {
  const shift = categoricalShift(reference, current);
  if (!shift.defined) return { pValue: shift, method: 'none' };
  return { pValue: defined(shift.value.pValue), method: shift.value.method };
}
