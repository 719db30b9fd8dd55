import type { Millis } from '../base/clock.ts';

/**
 * How far the baseline's own time blocks of one length lie from the rest of the baseline. A window that differs no more
 * than they do shows what the baseline shows too, such as a daily rhythm.
 */
export interface NaturalSpread {
  /** Length of the blocks. */
  readonly block: Millis;
  /** Blocks that had enough values to be compared. */
  readonly blocks: number;
  /** By metric: the distances of the blocks, each from all the others together; of a share, what it is in the blocks. */
  readonly distances: ReadonlyMap<string, BlockDistances>;
}

/**
 * The distances of blocks by one metric, taken apart into what blocks do and what noise does. Of a share the mean is its own,
 * and noise is that of one event.
 */
export interface BlockDistances {
  /** Mean and standard deviation over the blocks, less what noise explains of them. */
  readonly mean: number;
  readonly deviation: number;
  /** What noise alone comes to, were 1/n + 1/m of the two samples 1. It shrinks with that as the metric does. */
  readonly noiseMean: number;
  readonly noiseDeviation: number;
}

/**
 * The spread for windows of a length: of the longest blocks that are no longer, or of the shortest where all are. A metric
 * that is not known of those is taken from the next ones in that order.
 *
 * Longer blocks lie less far apart than windows do, as a rhythm is evened out in them. So where all blocks are more than
 * twice as long as the window, the spread is known to be too small; it is used nonetheless, being better than none.
 */
export function naturalFor(spreads: readonly NaturalSpread[], length: Millis): NaturalSpread | undefined {
  const byLength = [...spreads].sort((a, b) => a.block - b.block);
  const nearest = [
    ...byLength.filter(({ block }) => block <= length).reverse(),
    ...byLength.filter(({ block }) => block > length),
  ];
  const [first] = nearest;
  // Of what is there twice a map keeps the last.
  return (
    first && { ...first, distances: new Map(nearest.reverse().flatMap(({ distances }) => [...distances])) }
  );
}

/** A spread as JSON has it. */
export interface SpreadDocument {
  block: number;
  blocks: number;
  distances: Array<
    [metric: string, mean: number, deviation: number, noiseMean: number, noiseDeviation: number]
  >;
}

export function writeSpread({ block, blocks, distances }: NaturalSpread): SpreadDocument {
  const rows = Array.from(
    distances,
    ([metric, { mean, deviation, noiseMean, noiseDeviation }]): SpreadDocument['distances'][number] => [
      metric,
      mean,
      deviation,
      noiseMean,
      noiseDeviation,
    ],
  );
  return { block, blocks, distances: rows };
}

export function readSpread({ block, blocks, distances }: SpreadDocument): NaturalSpread {
  const byMetric = distances.map(
    ([metric, mean, deviation, noiseMean, noiseDeviation]): [string, BlockDistances] => [
      metric,
      { mean, deviation, noiseMean, noiseDeviation },
    ],
  );
  return { block, blocks, distances: new Map(byMetric) };
}
