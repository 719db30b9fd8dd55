import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { estimateFromProfile } from '../../src/metrics/estimate-from-profile.ts';
import type { PerformancePolicy } from '../../src/metrics/labelled-evidence.ts';
import { SCORE_FEATURE } from '../../src/profile/feature-spec.ts';
import { estimatedAccuracy } from '../../src/stats/score/estimated-accuracy.ts';
import { performanceCases } from '../stats/conformance-cases.ts';
import { definedValue } from '../stats/expect-computed.ts';
import { countsOf } from '../stats/score-cases.ts';
import { baselineOf, predictionWith, profilesOf } from './full-path.ts';

const FRAUD: PerformancePolicy = { task: 'classification', positive: 'fraud', threshold: 0.5 };

const random = seededRandom(21);
const REFERENCE = Array.from({ length: 2_000 }, () => random() ** 2);

function eventsOf(scores: readonly number[], prediction?: PredictionEvent['prediction']): PredictionEvent[] {
  return scores.map((score) => predictionWith({}, { score, prediction }));
}

function estimate(
  reference: readonly PredictionEvent[],
  current: readonly PredictionEvent[],
  policy: Partial<PerformancePolicy> = {},
) {
  const baseline = baselineOf(reference);
  const profile = profilesOf(baseline, current).get(SCORE_FEATURE);
  const results = estimateFromProfile(baseline, profile, { ...FRAUD, ...policy });
  return results.find(({ metric }) => metric === 'estimated_accuracy');
}

function value(result: ReturnType<typeof estimate>): number {
  if (result?.status !== 'ok') throw new Error(`no value: ${result?.reason}`);
  return result.value;
}

describe('estimateFromProfile', () => {
  it.each(performanceCases().binary)('comes within 1/1000 of the published $name', ({ scores, expected }) => {
    const result = estimate(eventsOf(REFERENCE), eventsOf(scores));
    expect(Math.abs(value(result) - (expected['estimated_accuracy_cbpe'] as number))).toBeLessThan(1e-3);
    expect(result).toMatchObject({ metric: 'estimated_accuracy', n: scores.length });
  });

  it.each([0, 0.25, 0.5, 0.777, 0.9, 1])('follows the threshold %d', (threshold) => {
    const exactly = definedValue(estimatedAccuracy(countsOf(REFERENCE, []), threshold));
    const result = estimate(eventsOf(REFERENCE), eventsOf(REFERENCE), { threshold });
    expect(Math.abs(value(result) - exactly)).toBeLessThan(4e-3);
  });

  it('is exact for the few scores that the reference is made of, at a threshold among them', () => {
    const scores = [0.7, 0.7, 0.3, 0.1, 0.9, 0.7];
    const result = estimate(eventsOf(scores), eventsOf(scores), { threshold: 0.7 });
    expect(value(result)).toBeCloseTo((3 * 0.7 + 0.7 + 0.9 + 0.9) / 6, 12);
  });

  it('takes the score for that of the positive class where that is named or nothing else can be meant', () => {
    const named = eventsOf(REFERENCE, 'ok');
    const untold = { positive: undefined };
    expect(estimate(named, named)?.status).toBe('ok');
    expect(estimate(named, named, untold)).toBeUndefined();
    expect(estimate(eventsOf(REFERENCE), named, untold)?.status).toBe('ok');
    expect(estimate(eventsOf(REFERENCE, true), named, untold)?.status).toBe('ok');
  });

  it('says nothing of accuracy among three classes, of which the score tells one from the rest', () => {
    const three = REFERENCE.map((score, i) =>
      predictionWith({}, { score, prediction: score >= 0.5 ? 'fraud' : ['ok', 'late'][i % 2] }),
    );
    expect(estimate(three, three)).toMatchObject({
      status: 'undefined',
      reason: expect.stringContaining('more than two classes'),
    });
    const baseline = baselineOf(three);
    const results = estimateFromProfile(baseline, profilesOf(baseline, three).get(SCORE_FEATURE), FRAUD);
    expect(results.filter(({ status }) => status === 'ok').length).toBe(8);
  });

  it('is not there for a regression, and for a model without scores', () => {
    expect(estimate(eventsOf(REFERENCE), eventsOf(REFERENCE), { task: 'regression' })).toBeUndefined();
    const silent = [predictionWith({ x: 1 }), predictionWith({ x: 2 })];
    expect(estimate(silent, silent)).toBeUndefined();
  });

  it('gives a reason for a window without scores, and for scores that are no probabilities', () => {
    expect(estimate(eventsOf(REFERENCE), [])).toMatchObject({ status: 'no_data' });
    expect(estimate(eventsOf(REFERENCE), eventsOf([0.5, 3]))).toMatchObject({
      status: 'undefined',
      reason: expect.stringContaining('outside 0 to 1'),
    });
  });
});
