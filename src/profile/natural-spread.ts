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
  /** By metric: the distances of the blocks, each from all the others together. */
  readonly distances: ReadonlyMap<string, BlockDistances>;
}

/** The distances of blocks by one metric, taken apart into what blocks do and what noise does. */
export interface BlockDistances {
  /** Mean and standard deviation over the blocks, less what noise explains of them. */
  readonly mean: number;
  readonly deviation: number;
  /** What noise alone comes to, were 1/n + 1/m of the two samples 1. It shrinks with that as the metric does. */
  readonly noiseMean: number;
  readonly noiseDeviation: number;
}

/** The spread for windows of a length: of the longest blocks that are no longer, or of the shortest where all are. */
export function naturalFor(spreads: readonly NaturalSpread[], length: Millis): NaturalSpread | undefined {
  const byLength = [...spreads].sort((a, b) => a.block - b.block);
  return byLength.findLast(({ block }) => block <= length) ?? byLength[0];
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
