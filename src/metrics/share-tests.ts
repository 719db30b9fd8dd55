import type { CategoricalProfile } from '../profile/categorical-profile.ts';
import { eventCount, type FeatureProfile } from '../profile/feature-spec.ts';
import { fisherExact } from '../stats/hypothesis/fisher-exact.ts';
import type { MetricResult } from './result.ts';

/**
 * Adds to the shares of a window what the reference makes of them: the p-value of Fisher's exact test that both samples
 * have the same share of missing and of invalid values, and the one of the most frequent new category.
 */
export function testShares(
  levels: readonly MetricResult[],
  reference: FeatureProfile,
  current: FeatureProfile,
): MetricResult[] {
  const [n, m] = [eventCount(current), eventCount(reference)];
  return levels.map((level) => {
    if (level.status !== 'ok' || m === 0) return level;
    const tested = (pValue: number, baselineN: number, method: string): MetricResult => ({
      ...level,
      pValue,
      baselineN,
      method: `${level.method}; ${method}`,
    });
    switch (level.metric) {
      case 'missing_share':
        return tested(fisherExact(current.missing, n, reference.missing, m), m, "Fisher's exact test");
      case 'invalid_share':
        return tested(fisherExact(current.invalid, n, reference.invalid, m), m, "Fisher's exact test");
      case 'unseen_share':
        return reference.n === 0
          ? level
          : tested(
              unseenPValue(reference as CategoricalProfile, current as CategoricalProfile),
              reference.n,
              "Fisher's exact test of the most frequent new category, times the number of categories",
            );
      default:
        return level;
    }
  });
}

/** New categories that are rare one by one are no evidence: which rare ones turn up is chance. */
function unseenPValue(reference: CategoricalProfile, current: CategoricalProfile): number {
  const most = Math.max(0, ...current.extra.values());
  if (most === 0) return 1;
  const categories = reference.cells.length + current.extra.size;
  return Math.min(1, categories * fisherExact(most, current.n, 0, reference.n));
}
