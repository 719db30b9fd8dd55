import { describe, expect, it } from 'vitest';
import { describeChange } from '../../src/metrics/describe-change.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { fold } from '../profile/profiles.ts';

function change(
  spec: FeatureSpec,
  reference: readonly unknown[],
  current: readonly unknown[],
): string | undefined {
  return describeChange(spec, fold(spec, reference), fold(spec, current));
}

function categorical(categories: readonly string[], complete = true): FeatureSpec {
  return { kind: 'categorical', categories, acceptsNumbers: false, complete };
}

const hundred = Array.from({ length: 101 }, (_, i) => i);

describe('describeChange', () => {
  it('tells median and 95th percentile of numbers', () => {
    const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid(hundred) };
    const doubled = hundred.map((x) => 2 * x);
    expect(change(spec, hundred, doubled)).toMatch(
      /^median \d+(\.\d+)? -> 1\d\d(\.\d+)?, 95th percentile 9\d(\.\d+)? -> 1[89]\d(\.\d+)?$/,
    );
  });

  it('tells the mean of numbers whose percentiles stay, as those of a flag do, and nothing where that stays too', () => {
    const flags = hundred.map((x) => (x < 2 ? 1 : 0));
    const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid(flags) };
    expect(change(spec, flags, [...flags, ...flags.map(() => 0)])).toBe('mean 0.0198 -> 0.009901');
    expect(change(spec, flags, [...flags, ...flags])).toBeUndefined();
  });

  it('tells the categories whose shares changed most, new ones among them', () => {
    const reference = [...'aaaaaaabbc'];
    const current = [...'aaaabbxxxx'];
    expect(change(categorical(['a', 'b', 'c']), reference, current)).toBe(
      'x 0% -> 40%, a 70% -> 40%, c 10% -> 0%',
    );
  });

  it('does not call a category new that the baseline need not have named', () => {
    expect(change(categorical(['a'], false), [...'aab'], [...'abb'])).toBe('a 66.7% -> 33.3%');
  });

  it('cuts a long category short', () => {
    expect(change(categorical(['a']), ['a'], ['x'.repeat(100)])).toMatch(/^a 100% -> 0%, x{39}… 0% -> 100%$/);
  });

  it('has nothing to tell of equal shares or of an empty sample', () => {
    const spec = categorical(['a', 'b']);
    expect(change(spec, [...'ab'], [...'abab'])).toBeUndefined();
    expect(change(spec, [...'ab'], [null])).toBeUndefined();
    expect(change(spec, [], [...'ab'])).toBeUndefined();
  });
});
