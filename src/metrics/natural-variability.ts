import { mean, sampleVariance } from 'simple-statistics';
import { type Random, seededRandom } from '../base/random.ts';
import type { BaselineFeature } from '../profile/baseline.ts';
import type { FeatureSpec } from '../profile/feature-spec.ts';
import type { BlockDistances, NaturalSpread } from '../profile/natural-spread.ts';
import { profileStd } from '../profile/numeric-profile.ts';
import type { BlockCounts, FeatureBlocks } from '../profile/time-blocks.ts';
import { binomialDraw } from '../stats/sampling/binomial-draw.ts';
import { type BlockComparison, blockComparison, type NaturalMetric } from './block-comparison.ts';
import { type MetricName, NATURAL_METRICS } from './table.ts';

/** Blocks with fewer values are mostly noise. */
const ENOUGH_VALUES = 50;
/** Fewer blocks tell nothing about how blocks differ. */
const ENOUGH_BLOCKS = 5;
/** Blocks without any effect that are drawn to learn what noise does; never fewer than there are blocks. */
const NOISE_DRAWS = 60;
/** Twenty features with two limits each have many chances a day to be beyond three; what four cost and gain is in docs/alarms.md. */
const DEVIATIONS = 4;

/**
 * How far a baseline's own time blocks lie apart, for each length of which there are at least five blocks with 50 values.
 *
 * Each block is compared with all the others together. What noise alone would make of the same distances is learned by
 * drawing every block anew, in its size, from all values at once: then no block differs. That is subtracted: the variance of
 * noise from the variance; its mean from the mean, for psi_adjusted as it is and for the other metrics as squares, since
 * those of an effect and of noise add up, nearly.
 *
 * Grids are coarse here (see `coarseGrid`), so ks may be too small by the share of one cell, some 1.5 %. Metrics that are
 * not defined are left out. The same blocks give the same result: the draws are seeded.
 */
export function naturalSpreads(
  { spec, reference }: Pick<BaselineFeature, 'spec' | 'reference'>,
  { spec: coarse, lengths }: FeatureBlocks,
): NaturalSpread[] {
  const std = spec.kind === 'numeric' && reference.kind === 'numeric' ? profileStd(reference) : undefined;
  const scale = std?.defined === true && std.value > 0 ? std.value : undefined;
  return lengths.flatMap((length) => spreadOf(coarse, scale, length) ?? []);
}

/**
 * How far a window may lie from its baseline and still be like the baseline's own time blocks, by metric: mean plus four
 * standard deviations of what blocks do and of what noise does to samples of these sizes, both at once. For a window as
 * large as the blocks that is their own mean plus four standard deviations; a larger one has less noise, and less is allowed.
 *
 * @param n,baselineN values in the window and in the reference, above 0.
 */
export function naturalLimits(
  { distances }: NaturalSpread,
  { n, baselineN }: { readonly n: number; readonly baselineN: number },
): Map<MetricName, number> {
  const limits = new Map<MetricName, number>();
  for (const metric of NATURAL_METRICS) {
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
    limits.set(metric, center + DEVIATIONS * Math.sqrt(variance));
  }
  return limits;
}

/** What noise is proportional to, given 1/n + 1/m: for distances its root, for the index itself. */
function noiseUnit(metric: NaturalMetric, sizes: number): number {
  return metric === 'psi_adjusted' ? sizes : Math.sqrt(sizes);
}

/**
 * Noise on top of an effect varies more than noise alone. How much more is known of the index, which is a noncentral
 * chi-square variable; what it is for the other metrics stays with the blocks.
 */
function varianceOnTop(metric: NaturalMetric, effect: number, sizes: number): number {
  return metric === 'psi_adjusted' ? 4 * effect * sizes : 0;
}

function spreadOf(
  spec: FeatureSpec,
  scale: number | undefined,
  { block, counts }: BlockCounts,
): NaturalSpread | undefined {
  const usable = counts.filter((cells) => sum(cells) >= ENOUGH_VALUES);
  if (usable.length < ENOUGH_BLOCKS) return undefined;
  const all = new Float64Array((counts[0] as Uint32Array).length);
  for (const cells of counts) for (let i = 0; i < all.length; i += 1) all[i]! += cells[i] as number;
  const total = sum(all);
  const compare = blockComparison(spec, scale, all);
  const observed = usable.map((cells) => {
    const n = sum(cells);
    const others = all.map((count, i) => count - (cells[i] as number));
    return compare(others, Float64Array.from(cells), 1 / n + 1 / (total - n));
  });
  const random = seededRandom(1);
  const noise = Array.from({ length: Math.ceil(NOISE_DRAWS / usable.length) }, () =>
    usable.map((cells) => {
      const n = sum(cells);
      // Against all values, this many have the noise that n have against the others: 1/size = 1/n + 1/(total - n).
      const size = Math.max(1, Math.round(n * (1 - n / total)));
      return compare(all, draw(all, total, size, random), 1 / size);
    }),
  ).flat();
  const distances = NATURAL_METRICS.flatMap((metric): Array<[string, BlockDistances]> => {
    const known = takeApart(metric, observed, noise);
    return known === undefined ? [] : [[metric, known]];
  });
  return { block, blocks: usable.length, distances: new Map(distances) };
}

function takeApart(
  metric: NaturalMetric,
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
  return {
    mean: rounded(effect),
    deviation: rounded(Math.sqrt(Math.max(0, sampleVariance(values) - noisy - onTop))),
    noiseMean: rounded(mean(perUnit)),
    noiseDeviation: rounded(Math.sqrt(sampleVariance(perUnit))),
  };
}

/** Six digits are more than is known, and they are the same in whatever order the reference was added up. */
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
