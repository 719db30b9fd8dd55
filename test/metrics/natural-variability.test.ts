import { mean } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { gaussian, type Random, seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
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
  return builtFrom(Array.from({ length: hours }, (_, hour) => hourOf(source, hour, count, random)).flat());
}

function builtFrom(events: readonly PredictionEvent[]): Baseline {
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

/** Values differ, and are always there. */
const SHARES: readonly MetricName[] = ['missing_share', 'invalid_share'];
const DIFFERENCES = NATURAL_METRICS.filter((metric) => !SHARES.includes(metric));

/** The metrics of a window of one hour that natural variability is known of. */
function windowOf(
  baseline: Baseline,
  source: Source,
  hour: number,
  count: number,
  random: Random,
  metrics: readonly MetricName[] = DIFFERENCES,
) {
  const { spec, reference } = featureX(baseline);
  const current = profilesOf(baseline, hourOf(source, hour, count, random));
  const { window } = windowMetrics(new Map([['x', spec]]), new Map([['x', reference]]), current, {
    draws: 0,
  }).get('x') ?? { window: new Map() };
  return new Map(
    metrics.flatMap((metric): Array<[MetricName, number]> => {
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
    expect([...shares.keys()].sort()).toEqual([...DIFFERENCES].sort());
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
    for (const metric of DIFFERENCES) {
      const sizes = [small, same, large, endless].map((limits) => limits?.get(metric) ?? Number.NaN);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    }
    // The hour about the peak lies 0.3 standard deviations from the mean; the limit is above that.
    expect(endless?.get('effect_size')).toBeGreaterThan(0.3);
    expect(endless?.get('effect_size')).toBeLessThan(0.6);
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
    expect(made[0]).toHaveLength(4);
    expect(made[1]).toEqual(made[0]);
  });

  it('is not known of fewer than five blocks, nor of blocks with fewer than 20 values', () => {
    expect(featureX(baselineOf(noise, 4, 600)).natural.map(({ block }) => block)).toEqual([
      HOUR / 12,
      HOUR / 4,
      HOUR / 2,
    ]);
    expect(featureX(baselineOf(noise, 30, 12)).natural.map(({ block }) => block / HOUR)).toEqual([3, 6]);
    expect(featureX(baselineOf(noise, 4, 16)).natural).toEqual([]);
    // Values that come at night only leave the blocks of the day out.
    const nights = baselineOf((random, hour) => (hour % 24 < 6 ? gaussian(random) : null), 10 * 24, 24);
    const known = featureX(nights).natural.map(({ block, blocks }) => [block / HOUR, blocks]);
    expect(known[0]).toEqual([1, 60]);
  });

  it('is not known of blocks of which only the busiest have enough values', () => {
    const isNight = (hour: number) => hour % 24 < 6;
    const random = seededRandom(6);
    const level: Source = (draw, hour) => (isNight(hour) ? 1.5 : 0) + gaussian(draw);
    const quiet = (count: number): Baseline =>
      builtFrom(
        Array.from({ length: 7 * 24 }, (_, hour) =>
          hourOf(level, hour, isNight(hour) ? count : 200, random),
        ).flat(),
      );
    const shortest = (made: Baseline) =>
      (featureX(made).natural.find(({ distances }) => distances.has('effect_size'))?.block ?? 0) / HOUR;
    expect(shortest(quiet(12))).toBe(3);
    const tested = quiet(40);
    expect(shortest(tested)).toBeLessThanOrEqual(1);
    // A night that is large enough to be tested is within the limit.
    const limits = limitsOf(tested, 40);
    for (let hour = 0; hour < 6; hour += 1) {
      const values = windowOf(tested, level, hour, 40, random, ['effect_size', 'psi_adjusted']);
      for (const [metric, value] of values) expect(value).toBeLessThan(limits.get(metric) ?? 0);
    }
  });

  it('of a month of hours covers a daily rhythm as that of a week does', () => {
    const strong: Source = (random, hour) => Math.sin((hour / 12) * Math.PI) + gaussian(random);
    const month = baselineOf(strong, 30 * 24, 60);
    expect(featureX(month).natural.map(({ block }) => block / HOUR)).toContain(1);
    const shares = sharesAbove(month, strong, 48, 400);
    expect(shares.get('effect_size')).toBe(0);
    expect(shares.get('psi_adjusted')).toBeLessThanOrEqual(1 / 48 + 1e-9);
  });

  it('of missing and invalid values covers the hours in which there are more of them', () => {
    const gaps: Source = (random, hour) => {
      const chance = random();
      if (chance < (hour % 24 < 6 ? 0.3 : 0.02)) return null;
      return chance > 0.99 ? 'broken' : gaussian(random);
    };
    const made = baselineOf(gaps, 7 * 24, 120);
    const { natural } = featureX(made);
    const hourly = natural.find(({ block }) => block === HOUR)?.distances;
    expect(hourly?.get('missing_share')?.mean).toBeCloseTo(0.09, 1);
    expect(hourly?.get('missing_share')?.deviation).toBeCloseTo(0.12, 1);
    expect(hourly?.get('invalid_share')?.mean).toBeCloseTo(0.01, 2);
    // Always one of a hundred: what differs is noise.
    expect(hourly?.get('invalid_share')?.deviation).toBeLessThan(0.005);
    const random = seededRandom(7);
    const spread = naturalFor(natural, HOUR);
    if (spread === undefined) throw new Error('nothing is known');
    const limits = naturalLimits(spread, { n: 300, baselineN: 15_000, events: 400 });
    for (let hour = 0; hour < 48; hour += 1) {
      for (const [metric, value] of windowOf(made, gaps, hour, 400, random, SHARES))
        expect(value).toBeLessThanOrEqual(limits.get(metric) ?? 0);
    }
    expect(limits.get('missing_share')).toBeLessThan(0.7);
    expect(limits.get('invalid_share')).toBeLessThan(0.05);
    // More events have less noise; a window without any value has these limits too.
    const few = naturalLimits(spread, { n: 0, baselineN: 15_000, events: 50 });
    expect([...few.keys()]).toEqual(SHARES);
    expect(few.get('invalid_share')).toBeGreaterThan(limits.get('invalid_share') ?? 1);
  });

  it('never allows all that is possible', () => {
    // Every hour has a category of its own, or no value at all.
    const apart = baselineOf((_, hour) => (hour % 2 === 0 ? `only ${hour}` : null), 40, 60);
    const limits = limitsOf(apart, 60);
    for (const metric of ['js_distance', 'total_variation', 'missing_share'] as const)
      expect(limits.get(metric)).toBe(0.95);
    expect(limits.get('effect_size')).toBeCloseTo(0.95 * Math.PI, 12);
    const constants = baselineOf((random, hour) => (hour % 2 === 0 ? 0 : 1) + 0 * random(), 40, 60);
    expect(limitsOf(constants, 60).get('ks')).toBeLessThanOrEqual(0.95);
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
