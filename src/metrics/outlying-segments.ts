import { partsOf } from '../event/segments.ts';
import { benjaminiHochberg } from '../stats/hypothesis/benjamini-hochberg.ts';
import { fisherExact } from '../stats/hypothesis/fisher-exact.ts';
import { type SampleMoments, welchContrast } from '../stats/hypothesis/welch-contrast.ts';
import { type LossChange, type LossSums, without } from './segment-loss.ts';

/** What segments are compared by: their loss in the window, or by how much it changed since the period before. */
export type ComparedBy = 'level' | 'change';

export interface SearchOptions {
  /** Fewer events than these, of a segment or of what is compared with it, tell nothing. */
  readonly minimum: number;
  /** Largest q-value of a segment that is named, and largest p-value of what tells a pair from its parts. */
  readonly level: number;
  /** Smallest difference that matters, in standard deviations of the loss. */
  readonly effect: number;
}

export const DEFAULT_SEARCH: SearchOptions = { minimum: 50, level: 0.01, effect: 0.1 };

/** Of a search in which each loss is either 0 or 1. */
export type LossKind = 'wrong' | 'distance';

/** A segment that is worse than the rest of the population. */
export interface OutlyingSegment {
  readonly segment: string;
  readonly sums: LossChange;
  /** All that is not of it. */
  readonly rest: LossChange;
  /** Adjusted over all segments that were tested (Benjamini-Hochberg). */
  readonly qValue: number;
}

interface Contrast {
  readonly difference: number;
  /** The difference in its standard errors. */
  readonly statistic: number;
  readonly pValue: number;
}

/**
 * The segments that are worse than the rest of the population, beyond noise and by an amount that matters; the surest first.
 *
 * Every segment that is large enough is tested against all others together. A pair is named only when it is worse than what is
 * left of either of its two parts: else those say all that it says. And a part is not named when a pair of it is, and what is
 * left of the part is no worse than the others: then it is the pair that went wrong.
 *
 * @param whole what the segments are slices of
 */
export function outlyingSegments(
  whole: LossChange,
  segments: ReadonlyMap<string, LossChange>,
  kind: LossKind,
  by: ComparedBy,
  options: SearchOptions = DEFAULT_SEARCH,
): OutlyingSegment[] {
  const least = options.effect * spreadOf(whole.now, kind);
  const worse = (one: LossChange, other: LossChange): Contrast | undefined => {
    const found = contrast(one, other, kind, by, options.minimum);
    return found !== undefined && found.difference > 0 && found.difference >= least ? found : undefined;
  };
  const tested = [...segments].flatMap(([segment, sums]) => {
    const rest = without(whole, sums);
    const found = contrast(sums, rest, kind, by, options.minimum);
    return found === undefined ? [] : [{ segment, sums, rest, ...found }];
  });
  const qValues = benjaminiHochberg(tested.map(({ pValue }) => pValue));
  const sure = tested
    .map((found, i) => ({ ...found, qValue: qValues[i] as number }))
    .filter(({ difference, qValue }) => qValue <= options.level && difference > 0 && difference >= least)
    .filter(({ segment, sums }) => {
      const parts = partsOf(segment);
      return (
        parts.length === 1 ||
        parts.every((part) => {
          const whole = segments.get(part);
          const found = whole && worse(sums, without(whole, sums));
          return found !== undefined && found.pValue <= options.level;
        })
      );
    });
  const pairs = sure.filter(({ segment }) => partsOf(segment).length > 1);
  return sure
    .filter(({ segment, sums, rest }) =>
      pairs.every((pair) => {
        if (pair.segment === segment || !partsOf(pair.segment).includes(segment)) return true;
        const found = worse(without(sums, pair.sums), rest);
        return found !== undefined && found.pValue <= options.level;
      }),
    )
    .sort((a, b) => b.statistic - a.statistic || (a.segment < b.segment ? -1 : 1))
    .map(({ segment, sums, rest, qValue }) => ({ segment, sums, rest, qValue }));
}

/** How many segments are large enough to be tested, as what is outside of each of them is. */
export function countTestable(
  whole: LossChange,
  segments: ReadonlyMap<string, LossChange>,
  by: ComparedBy,
  { minimum }: SearchOptions = DEFAULT_SEARCH,
): number {
  return [...segments.values()].filter((sums) =>
    sidesOf(sums, without(whole, sums), by).every(({ n }) => n >= minimum),
  ).length;
}

function sidesOf(one: LossChange, other: LossChange, by: ComparedBy): LossSums[] {
  return by === 'level' ? [one.now, other.now] : [one.now, other.now, one.before, other.before];
}

/** How much worse one population is than another that has no event in common with it. Undefined where too little is known. */
function contrast(
  one: LossChange,
  other: LossChange,
  kind: LossKind,
  by: ComparedBy,
  minimum: number,
): Contrast | undefined {
  const sums = sidesOf(one, other, by);
  if (sums.some(({ n }) => n < minimum)) return undefined;
  const tested = welchContrast(
    sums.map((side, i) => ({ ...momentsOf(side, kind), weight: i === 0 || i === 3 ? 1 : -1 })),
  );
  if (!tested.defined) return undefined;
  const { standardError, pValue } = tested.value;
  const difference = rise(one, by) - rise(other, by);
  const exact = kind === 'wrong' && by === 'level';
  return {
    difference,
    statistic: tested.value.difference / standardError,
    pValue: exact ? fisherExact(one.now.loss, one.now.n, other.now.loss, other.now.n) : pValue,
  };
}

function rise({ before, now }: LossChange, by: ComparedBy): number {
  return now.loss / now.n - (by === 'level' ? 0 : before.loss / before.n);
}

/**
 * Of errors with one more that is wrong and one more that is right, as Agresti and Caffo (2000) have it: without them a segment
 * in which nothing went wrong would seem to have no spread, and any error after it to be news.
 */
function momentsOf({ n, loss, lossSquares }: LossSums, kind: LossKind): SampleMoments {
  if (kind === 'wrong') return moments(n + 2, loss + 1, loss + 1);
  return moments(n, loss, lossSquares);
}

function moments(n: number, sum: number, squares: number): SampleMoments {
  const mean = sum / n;
  return { n, mean, variance: Math.max(0, squares - sum * mean) / (n - 1) };
}

function spreadOf({ n, loss, lossSquares }: LossSums, kind: LossKind): number {
  if (n < 2) return 0;
  return Math.sqrt(moments(n, loss, kind === 'wrong' ? loss : lossSquares).variance);
}
