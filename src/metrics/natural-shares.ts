import { mean, sampleVariance } from 'simple-statistics';
import type { BlockDistances } from '../profile/natural-spread.ts';

/** So many of the events of a block. */
export interface BlockShare {
  readonly count: number;
  /** At least two. */
  readonly events: number;
}

/**
 * How a share differs from block to block: its mean, and the standard deviation that is left after binomial noise, which is
 * kept apart. What noise does is not known exactly; what is within one standard error of it counts as noise.
 *
 * @param blocks at least two.
 */
export function shareDistances(blocks: readonly BlockShare[]): BlockDistances {
  const shares = blocks.map(({ count, events }) => count / events);
  const center = mean(shares);
  // The unbiased estimate of p(1-p)/n from a share of n events.
  const noise = mean(
    blocks.map(({ count, events }) => ((count / events) * (1 - count / events)) / (events - 1)),
  );
  const between = sampleVariance(shares) - noise * (1 + Math.sqrt(2 / (blocks.length - 1)));
  return {
    mean: center,
    deviation: Math.sqrt(Math.max(0, between)),
    noiseMean: 0,
    noiseDeviation: Math.sqrt(center * (1 - center)),
  };
}
