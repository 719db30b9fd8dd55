import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { type MovedFeature, movedFeatures } from '../../src/metrics/moved-features.ts';
import { windowMetrics } from '../../src/metrics/window-metrics.ts';
import { sealBaseline } from '../../src/profile/baseline.ts';
import { emptyProfile, type FeatureProfile, recorderFor } from '../../src/profile/feature-spec.ts';
import { baselineOf, predictionOf } from '../support/events.ts';

/** The score follows `strong` closely, `weak` a little, and `idle` not at all. */
function events(seed: number, n: number, shift: Readonly<Record<string, number>> = {}): PredictionEvent[] {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => {
    const value = (name: string): number => gaussian(random) + (shift[name] ?? 0);
    const features = { strong: value('strong'), weak: value('weak'), idle: value('idle'), kind: 'a' };
    const score = features.strong + 0.2 * features.weak + 0.1 * gaussian(random);
    return predictionOf({ features: { ...features, kind: random() < 0.5 ? 'a' : 'b' }, score });
  });
}

const baseline = baselineOf(events(1, 10_000));

function moved(window: readonly PredictionEvent[], against = baseline): MovedFeature[] {
  const specs = new Map([...against.features].map(([name, { spec }]) => [name, spec]));
  const reference = new Map([...against.features].map(([name, feature]) => [name, feature.reference]));
  const current = new Map<string, FeatureProfile>();
  for (const [name, spec] of specs) {
    const [profile, record] = [emptyProfile(spec), recorderFor(spec)];
    const rawValue = ({ features, score, prediction }: PredictionEvent): unknown =>
      name === '__score__' ? score : name === '__prediction__' ? prediction : features[name];
    if (name !== '__multivariate__') for (const event of window) record(profile, rawValue(event), () => true);
    current.set(name, profile);
  }
  return movedFeatures(against, windowMetrics(specs, reference, current, { draws: 0 }), reference, current);
}

describe('movedFeatures', () => {
  it('finds nothing where nothing moved', () => {
    expect(moved(events(2, 2_000))).toEqual([]);
  });

  it('puts the one first whose shift moves the score most, however far the others went', () => {
    const found = moved(events(3, 2_000, { strong: 0.5, weak: -1, idle: 2 }));
    expect(found.map(({ feature }) => feature)).toEqual(['strong', 'weak', 'idle']);
    const [strong, weak, idle] = found.map(({ scoreShift }) => scoreShift ?? Number.NaN);
    // Half a standard deviation of what makes nearly all of the score; the cells blur it somewhat.
    expect(strong).toBeGreaterThan(0.35);
    expect(strong).toBeLessThan(0.55);
    expect(weak).toBeLessThan(-0.1);
    expect(weak).toBeGreaterThan(-0.25);
    expect(Math.abs(idle ?? 1)).toBeLessThan(0.03);
  });

  it('counts values that are missing as a place of their own, also where all are', () => {
    const without = (event: PredictionEvent, change: Partial<PredictionEvent> = {}): PredictionEvent => ({
      ...event,
      ...change,
      features: { ...event.features, idle: null },
    });
    // In the baseline the score is high where the feature is missing.
    const known = baselineOf(
      events(6, 10_000).map((event, i) => (i % 10 === 0 ? without(event, { score: 3 }) : event)),
    );
    const shiftOf = (window: readonly PredictionEvent[]): number | undefined =>
      moved(window, known).find(({ feature }) => feature === 'idle')?.scoreShift;
    const half = shiftOf(events(7, 2_000).map((event, i) => (i % 2 === 0 ? without(event) : event)));
    const all = shiftOf(events(7, 2_000).map((event) => without(event)));
    // From a tenth to a half, and to all, of a mean score that is 3 higher, in standard deviations of 1.36.
    expect(half).toBeGreaterThan(0.8);
    expect(half).toBeLessThan(0.95);
    expect(all).toBeGreaterThan(1.85);
    expect(all).toBeLessThan(2.1);
  });

  it('takes categories that the baseline does not know for ones with the mean score', () => {
    const window = events(4, 2_000).map((event) => ({
      ...event,
      features: { ...event.features, kind: 'new' },
    }));
    const [first] = moved(window);
    expect(first?.feature).toBe('kind');
    expect(Math.abs(first?.scoreShift ?? 1)).toBeLessThan(0.05);
  });

  it('goes by the distance alone where the baseline knows nothing of scores', () => {
    const features = new Map(
      Array.from(baseline.features, ([name, { scoreMeans: _, ...feature }]) => [name, feature] as const),
    );
    const found = moved(events(3, 2_000, { strong: 0.5, idle: 2 }), sealBaseline({ ...baseline, features }));
    expect(found.map(({ feature, scoreShift }) => [feature, scoreShift])).toEqual([
      ['idle', undefined],
      ['strong', undefined],
    ]);
  });
});
