import type { Millis } from '../../base/clock.ts';
import { naturalLimits, naturalSpreads } from '../../metrics/natural-variability.ts';
import type { MetricName } from '../../metrics/table.ts';
import type { BaselineFeature } from '../../profile/baseline.ts';
import type { NaturalSpread } from '../../profile/natural-spread.ts';
import type { FeatureBlocks } from '../../profile/time-blocks.ts';

/** The spread that counts for a window of one length, which is all that two tables need of it. */
export function spreadFor(
  feature: Pick<BaselineFeature, 'spec' | 'reference'>,
  { spec, lengths }: FeatureBlocks,
  span: Millis,
): NaturalSpread | undefined {
  const shorter = lengths.filter(({ block }) => block <= span).reverse();
  const longer = lengths.filter(({ block }) => block > span);
  for (const length of [...shorter, ...longer]) {
    const [spread] = naturalSpreads(feature, { spec, lengths: [length] });
    if (spread !== undefined) return spread;
  }
  return undefined;
}

export function limitsOf(
  spread: NaturalSpread | undefined,
  sizes: { readonly n: number; readonly baselineN: number },
): ReadonlyMap<MetricName, number> {
  return spread === undefined || sizes.n === 0 || sizes.baselineN === 0
    ? new Map()
    : naturalLimits(spread, sizes);
}
