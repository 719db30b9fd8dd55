import { mean } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { gaussian, type Random, seededRandom } from '../../src/base/random.ts';
import { naturalLimits, naturalSpreads } from '../../src/metrics/natural-variability.ts';
import { type MetricName, NATURAL_METRICS } from '../../src/metrics/table.ts';
import { windowMetrics } from '../../src/metrics/window-metrics.ts';
import type { Baseline, BaselineFeature } from '../../src/profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../../src/profile/baseline-builder.ts';
import { naturalFor } from '../../src/profile/natural-spread.ts';
import { HOUR, MORNING, predictionOf } from '../support/events.ts';
import { profilesOf } from './full-path.ts';

/** Draws one value of the hour that is `hour` hours behind MORNING. */
type Source = (random: Random, hour: number) => unknown;

function hourOf(source: Source, hour: number, count: number, random: Random) {
  return Array.from({ length: count }, (_, i) =>
    predictionOf({
      timestamp: MORNING + hour * HOUR + Math.floor((i * HOUR) / count),
      features: { x: source(random, hour) },
    }),
  );
}

/** A baseline of so many hours, each with as many values. */
function baselineOf(source: Source, hours: number, count: number, seed = 1): Baseline {
  const random = seededRandom(seed);
  const events = Array.from({ length: hours }, (_, hour) => hourOf(source, hour, count, random)).flat();
  const survey = new BaselineSurvey();
  for (const event of events) survey.add(event);
  const builder = new BaselineBuilder(survey.specs());
  for (const event of events) builder.add(event);
  const about = { model: 'fraud', version: undefined, pane: 300_000, performance: new Map() };
  return builder.finish(about, naturalSpreads);
}

function featureX(baseline: Baseline): BaselineFeature {
  const feature = baseline.features.get('x');
  if (feature === undefined) throw new Error('the feature is not there');
  return feature;
}

function limitsOf(baseline: Baseline, n: number, window = HOUR): Map<MetricName, number> {
  const { natural, reference } = featureX(baseline);
  const spread = naturalFor(natural, window);
  return spread === undefined ? new Map() : naturalLimits(spread, { n, baselineN: reference.n });
}

/** The metrics of a window of one hour that natural variability is known of. */
function windowOf(baseline: Baseline, source: Source, hour: number, count: number, random: Random) {
  const { spec, reference } = featureX(baseline);
  const current = profilesOf(baseline, hourOf(source, hour, count, random));
  const { window } = windowMetrics(new Map([['x', spec]]), new Map([['x', reference]]), current, {
    draws: 0,
  }).get('x') ?? { window: new Map() };
  return new Map(
    NATURAL_METRICS.flatMap((metric): Array<[MetricName, number]> => {
      const result = window.get(metric);
      return result?.status === 'ok' ? [[metric, result.value]] : [];
    }),
  );
}

/** The share of windows, one for each hour, in which each metric is above its limit. */
function sharesAbove(baseline: Baseline, source: Source, hours: number, count: number) {
  const random = seededRandom(99);
  const limits = limitsOf(baseline, count);
  const above = new Map<MetricName, number>();
  for (let hour = 0; hour < hours; hour += 1) {
    for (const [metric, value] of windowOf(baseline, source, hour, count, random)) {
      const isAbove = value > (limits.get(metric) ?? Number.NaN);
      above.set(metric, (above.get(metric) ?? 0) + (isAbove ? 1 / hours : 0));
    }
  }
  return above;
}

const noise: Source = (random) => gaussian(random);

describe('natural variability', () => {
  const rhythm: Source = (random, hour) => 0.3 * Math.sin((hour / 12) * Math.PI) + gaussian(random);
  const baseline = baselineOf(rhythm, 14 * 24, 120);

  it('covers a daily rhythm: of the hours of the days that follow, 99 of 100 stay within it', () => {
    const shares = sharesAbove(baseline, rhythm, 10 * 24, 120);
    expect([...shares.keys()].sort()).toEqual([...NATURAL_METRICS].sort());
    for (const share of shares.values()) expect(share).toBeLessThanOrEqual(0.015);
    expect(mean([...shares.values()])).toBeLessThanOrEqual(0.01);
  });

  it('does not cover a shift by one standard deviation, at whatever hour', () => {
    const shifted: Source = (random, hour) => (rhythm(random, hour) as number) + 1;
    const shares = sharesAbove(baseline, shifted, 24, 120);
    expect(shares.get('effect_size')).toBeCloseTo(1, 9);
    // The binned ones see less in 120 values.
    for (const share of shares.values()) expect(share).toBeGreaterThan(0.85);
  });

  it('allows a larger window less, as it has less noise, and not less than what the blocks do', () => {
    const [small, same, large, endless] = [60, 120, 5_000, 1e9].map((n) => limitsOf(baseline, n));
    for (const metric of NATURAL_METRICS) {
      const sizes = [small, same, large, endless].map((limits) => limits?.get(metric) ?? Number.NaN);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    }
    // Three hours about the peak lie 0.29 standard deviations from the mean; the limit is above that.
    expect(endless?.get('effect_size')).toBeGreaterThan(0.3);
    expect(endless?.get('effect_size')).toBeLessThan(0.5);
  });

  it.each([
    ['normal', noise],
    ['skewed', (random: Random) => Math.exp(gaussian(random))],
    ['whole numbers', (random: Random) => Math.floor(random() * 5)],
    ['categories', (random: Random) => 'abcdefgh'[Math.floor(8 * random() ** 2)]],
  ] satisfies Array<[string, Source]>)('of blocks that do not differ is that of noise: %s', (_, source) => {
    const plain = baselineOf(source, 100, 200, 2);
    // Distances of skewed values are skewed themselves, and more often above mean plus three deviations.
    for (const share of sharesAbove(plain, source, 100, 200).values())
      expect(share).toBeLessThanOrEqual(0.06);
    for (const limit of limitsOf(plain, 20_000).values()) expect(limit).toBeLessThan(0.1);
  });

  it.each([100, 24, 6])(
    'of %i hours of pure noise does not hide a shift by half a standard deviation',
    (hours) => {
      const plain = baselineOf(noise, hours, 200, 3);
      const shifted: Source = (random) => gaussian(random) + 0.5;
      for (const share of sharesAbove(plain, shifted, 20, 200).values()) expect(share).toBeGreaterThan(0.5);
      expect(sharesAbove(plain, shifted, 20, 200).get('effect_size')).toBeGreaterThan(0.97);
    },
  );

  it('compares each block with the others only: blocks that share nothing are as far apart as can be', () => {
    const apart = baselineOf((_, hour) => `only ${hour}`, 5, 400);
    const hourly = featureX(apart).natural.find(({ block }) => block === HOUR);
    expect(hourly?.blocks).toBe(5);
    // Compared with a whole that contains it, a fifth of each block would be at home.
    for (const metric of ['js_distance', 'total_variation', 'effect_size'])
      expect(hourly?.distances.get(metric)?.mean).toBeGreaterThan(0.97);
  });

  it('is the same for the same events in any order', () => {
    const random = seededRandom(4);
    const events = Array.from({ length: 40 }, (_, hour) => hourOf(rhythm, hour, 60, random)).flat();
    const made = [events, [...events].reverse()].map((ordered) => {
      const survey = new BaselineSurvey();
      for (const event of events) survey.add(event);
      const builder = new BaselineBuilder(survey.specs());
      for (const event of ordered) builder.add(event);
      const about = { model: 'fraud', version: undefined, pane: 300_000, performance: new Map() };
      return featureX(builder.finish(about, naturalSpreads)).natural;
    });
    expect(made[0]).toHaveLength(3);
    expect(made[1]).toEqual(made[0]);
  });

  it('is not known of fewer than five blocks, nor of blocks with fewer than 50 values', () => {
    expect(featureX(baselineOf(noise, 4, 600)).natural.map(({ block }) => block)).toEqual([
      HOUR / 12,
      HOUR / 4,
      HOUR / 2,
    ]);
    expect(featureX(baselineOf(noise, 30, 20)).natural.map(({ block }) => block / HOUR)).toEqual([3, 6]);
    expect(featureX(baselineOf(noise, 4, 40)).natural).toEqual([]);
    // Values that come at night only leave the blocks of the day out.
    const nights = baselineOf((random, hour) => (hour % 24 < 6 ? gaussian(random) : null), 10 * 24, 60);
    const known = featureX(nights).natural.map(({ block, blocks }) => [block / HOUR, blocks]);
    expect(known[0]).toEqual([3, 30]);
  });

  it('of a constant is nothing at all, measured by ks as it has no spread to measure by', () => {
    const constant = baselineOf(() => 7, 24, 60);
    const limits = limitsOf(constant, 60);
    expect(limits.has('wasserstein_normalized')).toBe(false);
    for (const metric of ['effect_size', 'ks', 'js_distance', 'total_variation'] as const)
      expect(limits.get(metric)).toBe(0);
    // The smoothing of the index sees two samples of different sizes.
    expect(limits.get('psi_adjusted')).toBeLessThan(0.01);
  });

  it('stays a number where the numbers are too large to be added up', () => {
    const huge = baselineOf((random) => 1.5e308 * (random() - 0.5), 10, 60);
    const limits = limitsOf(huge, 60);
    expect(limits.get('ks')).toBeGreaterThan(0);
    for (const limit of limits.values()) expect(Number.isFinite(limit)).toBe(true);
  });
});
