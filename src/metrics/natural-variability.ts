import { mean, sampleVariance } from 'simple-statistics';
import { type Random, seededRandom } from '../base/random.ts';
import type { BaselineFeature } from '../profile/baseline.ts';
import type { FeatureSpec } from '../profile/feature-spec.ts';
import type { BlockDistances, NaturalSpread } from '../profile/natural-spread.ts';
import { profileStd } from '../profile/numeric-profile.ts';
import type { BlockCounts, FeatureBlocks } from '../profile/time-blocks.ts';
import { binomialDraw } from '../stats/sampling/binomial-draw.ts';
import { type BlockComparison, blockComparison, type NaturalDifference } from './block-comparison.ts';
import { type BlockShare, shareDistances } from './natural-shares.ts';
import { type MetricName, NATURAL_METRICS } from './table.ts';

/** Blocks with fewer values are all but noise. Not more, since windows are tested from about as few on. */
const ENOUGH_VALUES = 20;
/** Fewer blocks tell nothing about how blocks differ. */
const ENOUGH_BLOCKS = 5;
/** The share of blocks with any value that must have enough of them: the busiest hours alone do not speak for the others. */
const MOST_OF_THEM = 0.9;
/** Blocks that are compared, of those of one length. More would tell little more. */
const COMPARED = 200;
/** Blocks without any effect that are drawn to learn what noise does, at least and at most; as many as are compared in between. */
const FEWEST_DRAWS = 60;
const MOST_DRAWS = 100;
/** Cells that are gone through for either of them, if that leaves a hundred blocks: features of 1 000 categories take as long. */
const CELLS = 40_000;
const FEWEST_COMPARED = 100;
/** Twenty features with two limits each have many chances a day to be beyond three; what four cost and gain is in docs/alarms.md. */
const DEVIATIONS = 4;
/** A limit is at most this share of what its metric can be: whatever blocks do, all that is possible is not natural. */
const HIGHEST = 0.95;

const GOLDEN = (Math.sqrt(5) - 1) / 2;

const SHARES = ['missing_share', 'invalid_share'] as const;
type ShareMetric = (typeof SHARES)[number];

const DIFFERENCES = NATURAL_METRICS.filter(
  (metric): metric is NaturalDifference => !SHARES.includes(metric as ShareMetric),
);

/**
 * How far a baseline's own time blocks lie apart, for each length of which at least five blocks have 20 values, and nine of ten
 * of those that have any; the first and the last may be cut off, and are let off. Where there are more than 200 blocks, one
 * of each 200th of them is compared, and fewer where categories are many.
 *
 * Each block is compared with all the others together. What noise alone would make of the same distances is learned by
 * drawing every block anew, in its size, from all values at once: then no block differs. That is subtracted: the variance of
 * noise from the variance; its mean from the mean, for psi_adjusted as it is and for the other metrics as squares, since
 * those of an effect and of noise add up, nearly.
 *
 * The shares of missing and of invalid values are no distances. Of them the mean and the spread over blocks of 20 events are
 * known, at any length that has five such blocks.
 *
 * Grids are coarse here (see `coarseGrid`), so ks may be too small by the share of one cell, some 1.5 %, up to 10 % where
 * features are very many. Metrics that are not defined are left out. The same blocks give the same result: the draws are seeded.
 */
export function naturalSpreads(
  { spec, reference }: Pick<BaselineFeature, 'spec' | 'reference'>,
  { spec: coarse, lengths }: FeatureBlocks,
): NaturalSpread[] {
  const std = spec.kind === 'numeric' && reference.kind === 'numeric' ? profileStd(reference) : undefined;
  const scale = std?.defined === true && std.value > 0 ? std.value : undefined;
  return lengths.flatMap((length) => {
    const { blocks, distances } = spreadOf(coarse, scale, length);
    const shares = sharesOf(length);
    if (distances.size + shares.size === 0) return [];
    return { block: length.block, blocks, distances: new Map([...distances, ...shares]) };
  });
}

/**
 * How far a window may lie from its baseline and still be like the baseline's own time blocks, by metric: mean plus four
 * standard deviations of what blocks do and of what noise does to samples of these sizes, both at once. For a window as
 * large as the blocks that is their own mean plus four standard deviations; a larger one has less noise, and less is allowed.
 *
 * Of metrics that have a largest value the limit is at most 95 % of it.
 *
 * @param n,baselineN values in the window and in the reference. Where either is 0, shares alone have a limit.
 * @param events of the window, with a value or without; as many as values where they are not given.
 */
export function naturalLimits(
  { distances }: Pick<NaturalSpread, 'distances'>,
  { n, baselineN, events = n }: { readonly n: number; readonly baselineN: number; readonly events?: number },
): Map<MetricName, number> {
  const limits = new Map<MetricName, number>();
  for (const metric of n > 0 && baselineN > 0 ? DIFFERENCES : []) {
    const known = distances.get(metric);
    if (known === undefined) continue;
    const sizes = 1 / n + 1 / baselineN;
    const noise = noiseUnit(metric, sizes) * known.noiseMean;
    const center =
      metric === 'psi_adjusted' ? Math.max(0, known.mean + noise) : Math.hypot(known.mean, noise);
    const variance =
      known.deviation ** 2 +
      (noiseUnit(metric, sizes) * known.noiseDeviation) ** 2 +
      varianceOnTop(metric, known.mean, sizes);
    const limit = center + DEVIATIONS * Math.sqrt(variance);
    limits.set(metric, Math.min(limit, HIGHEST * largest(metric, distances)));
  }
  for (const metric of events > 0 ? SHARES : []) {
    const known = distances.get(metric);
    if (known === undefined) continue;
    const spread = Math.hypot(known.deviation, known.noiseDeviation / Math.sqrt(events));
    limits.set(metric, Math.min(HIGHEST, known.mean + DEVIATIONS * spread));
  }
  return limits;
}

/** The largest value that a metric can have. The effect size is what it is measured by, which shows in what else is known. */
function largest(metric: NaturalDifference, known: NaturalSpread['distances']): number {
  if (metric === 'psi_adjusted' || metric === 'wasserstein_normalized') return Number.POSITIVE_INFINITY;
  if (metric !== 'effect_size') return 1;
  if (known.has('wasserstein_normalized')) return Number.POSITIVE_INFINITY;
  // Cohen's h of categories ends at pi, and ks at 1.
  return known.has('ks') ? 1 : Math.PI;
}

/** What noise is proportional to, given 1/n + 1/m: for distances its root, for the index itself. */
function noiseUnit(metric: NaturalDifference, sizes: number): number {
  return metric === 'psi_adjusted' ? sizes : Math.sqrt(sizes);
}

/**
 * Noise on top of an effect varies more than noise alone. How much more is known of the index, which is a noncentral
 * chi-square variable; what it is for the other metrics stays with the blocks.
 */
function varianceOnTop(metric: NaturalDifference, effect: number, sizes: number): number {
  return metric === 'psi_adjusted' ? 4 * effect * sizes : 0;
}

function spreadOf(
  spec: FeatureSpec,
  scale: number | undefined,
  { counts }: BlockCounts,
): Pick<NaturalSpread, 'blocks' | 'distances'> {
  const sizes = counts.map(sum);
  const usable = counts.filter((_, i) => (sizes[i] as number) >= ENOUGH_VALUES);
  if (usable.length < ENOUGH_BLOCKS || usable.length < MOST_OF_THEM * countable(sizes))
    return { blocks: usable.length, distances: new Map() };
  const all = new Float64Array((counts[0] as Uint32Array).length);
  for (const cells of counts) for (let i = 0; i < all.length; i += 1) all[i]! += cells[i] as number;
  const total = sum(all);
  const compare = blockComparison(spec, scale, all);
  const most = Math.max(FEWEST_COMPARED, Math.min(COMPARED, Math.floor(CELLS / all.length)));
  const compared = spreadOut(usable, most);
  const observed = compared.map((cells) => {
    const n = sum(cells);
    const others = all.map((count, i) => count - (cells[i] as number));
    return compare(others, Float64Array.from(cells), 1 / n + 1 / (total - n));
  });
  const random = seededRandom(1);
  const drawn = spreadOut(compared, Math.min(MOST_DRAWS, most));
  const noise = Array.from({ length: Math.ceil(FEWEST_DRAWS / drawn.length) }, () =>
    drawn.map((cells) => {
      const n = sum(cells);
      // Against all values, this many have the noise that n have against the others: 1/size = 1/n + 1/(total - n).
      const size = Math.max(1, Math.round(n * (1 - n / total)));
      return compare(all, draw(all, total, size, random), 1 / size);
    }),
  ).flat();
  const distances = DIFFERENCES.flatMap((metric): Array<[string, BlockDistances]> => {
    const known = takeApart(metric, observed, noise);
    return known === undefined ? [] : [[metric, known]];
  });
  return { blocks: usable.length, distances: new Map(distances) };
}

/** Blocks with a value; not the first and the last where they are cut off. */
function countable(sizes: readonly number[]): number {
  const last = sizes.length - 1;
  return sizes.filter((size, i) => size >= ENOUGH_VALUES || (size > 0 && i > 0 && i < last)).length;
}

/**
 * At most so many of the blocks, one out of each of as many equal stretches. Which one moves by the golden ratio: a fixed step
 * could meet the same hours of every day.
 */
function spreadOut<T>(blocks: readonly T[], most: number): readonly T[] {
  if (blocks.length <= most) return blocks;
  const step = blocks.length / most;
  return Array.from({ length: most }, (_, i) => blocks[Math.floor((i + ((i * GOLDEN) % 1)) * step)] as T);
}

function sharesOf({ counts, missing, invalid }: BlockCounts): Map<string, BlockDistances> {
  const events = counts.map((cells, i) => sum(cells) + (missing[i] as number) + (invalid[i] as number));
  const shares = (of: readonly number[]): BlockShare[] =>
    of.flatMap((count, i) => {
      const all = events[i] as number;
      return all >= ENOUGH_VALUES ? [{ count, events: all }] : [];
    });
  const known = shares(missing);
  if (known.length < ENOUGH_BLOCKS || known.length < MOST_OF_THEM * countable(events)) return new Map();
  return new Map([
    ['missing_share', inSixDigits(shareDistances(known))],
    ['invalid_share', inSixDigits(shareDistances(shares(invalid)))],
  ]);
}

function takeApart(
  metric: NaturalDifference,
  observed: readonly BlockComparison[],
  noise: readonly BlockComparison[],
): BlockDistances | undefined {
  const values = observed.flatMap((distances) => distances[metric] ?? []);
  const drawn = noise.flatMap((distances) => distances[metric] ?? []);
  if (values.length < observed.length || drawn.length < noise.length) return undefined;
  const perUnit = noise.map(({ sizes }, i) => (drawn[i] as number) / noiseUnit(metric, sizes));
  const variance = sampleVariance(drawn);
  // Noise is not the same in all sets of so many blocks: what is within one standard error of it is still noise.
  const excess = mean(values) - Math.sqrt(variance / values.length);
  const noisy = variance * (1 + Math.sqrt(2 / (values.length - 1)));
  const effect =
    metric === 'psi_adjusted'
      ? Math.max(0, excess - mean(drawn))
      : Math.sqrt(Math.max(0, excess ** 2 - mean(drawn) ** 2));
  const onTop = varianceOnTop(metric, effect, mean(observed.map(({ sizes }) => sizes)));
  return inSixDigits({
    mean: effect,
    deviation: Math.sqrt(Math.max(0, sampleVariance(values) - noisy - onTop)),
    noiseMean: mean(perUnit),
    noiseDeviation: Math.sqrt(sampleVariance(perUnit)),
  });
}

/** More digits than are known, and they are the same in whatever order the reference was added up. */
function inSixDigits({ mean, deviation, noiseMean, noiseDeviation }: BlockDistances): BlockDistances {
  return {
    mean: rounded(mean),
    deviation: rounded(deviation),
    noiseMean: rounded(noiseMean),
    noiseDeviation: rounded(noiseDeviation),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Counts of a sample of `size` values from all of them, with replacement. */
function draw(all: Float64Array, total: number, size: number, random: Random): Float64Array {
  let [left, values] = [size, total];
  return all.map((count) => {
    const drawn = binomialDraw(left, count / values, random);
    left -= drawn;
    values -= count;
    return drawn;
  });
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += values[i] as number;
  return total;
}
