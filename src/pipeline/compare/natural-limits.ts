import type { Millis } from '../../base/clock.ts';
import { naturalLimits, naturalSpreads } from '../../metrics/natural-variability.ts';
import type { MetricName } from '../../metrics/table.ts';
import type { BaselineFeature } from '../../profile/baseline.ts';
import { type NaturalSpread, naturalFor } from '../../profile/natural-spread.ts';
import type { FeatureBlocks } from '../../profile/time-blocks.ts';

/** The spread that counts for a window of one length, which is all that two tables need of it. */
export function spreadFor(
  feature: Pick<BaselineFeature, 'spec' | 'reference'>,
  { spec, lengths }: FeatureBlocks,
  span: Millis,
): NaturalSpread | undefined {
  const shorter = lengths.filter(({ block }) => block <= span).reverse();
  const longer = lengths.filter(({ block }) => block > span);
  const known: NaturalSpread[] = [];
  for (const length of [...shorter, ...longer]) {
    known.push(...naturalSpreads(feature, { spec, lengths: [length] }));
    // Shares of missing values are known of blocks that have too few others.
    if (known.at(-1)?.distances.has('effect_size')) break;
  }
  return naturalFor(known, span);
}

export function limitsOf(
  spread: NaturalSpread | undefined,
  sizes: { readonly n: number; readonly baselineN: number; readonly events: number },
): ReadonlyMap<MetricName, number> {
  return spread === undefined ? new Map() : naturalLimits(spread, sizes);
}
