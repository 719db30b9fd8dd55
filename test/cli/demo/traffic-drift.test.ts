import { describe, expect, it } from 'vitest';
import { createTraffic } from '../../../src/cli/demo/traffic.ts';
import type { PredictionEvent } from '../../../src/event/events.ts';
import { differenceMetrics } from '../../../src/metrics/difference-metrics.ts';
import type { Baseline } from '../../../src/profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../../../src/profile/baseline-builder.ts';
import type { DerivedFeatures } from '../../../src/profile/derived/derivation-survey.ts';
import type { FeatureSpec } from '../../../src/profile/feature-spec.ts';

const traffic = createTraffic({ count: 96_000 });
const ABOUT = { model: 'fraud', version: undefined, pane: 3_600_000, performance: new Map() };

function profile(
  specs: ReadonlyMap<string, FeatureSpec>,
  derived: DerivedFeatures,
  events: Iterable<PredictionEvent>,
): Baseline {
  const builder = new BaselineBuilder(specs, derived);
  for (const event of events) builder.add(event);
  return builder.finish(ABOUT);
}

/** psi_adjusted of every feature and output in each hour of the day, against the day before. */
function hourlyShifts(): Array<Map<string, number>> {
  const reference = [...traffic.reference(25_000)];
  const survey = new BaselineSurvey();
  for (const event of reference) survey.add(event);
  const specs = survey.specs();
  const derived = survey.derived();
  const baseline = profile(specs, derived, reference);
  const hours: PredictionEvent[][] = Array.from({ length: 24 }, () => []);
  for (const { topic, timestamp, value } of traffic.events()) {
    if (topic !== 'predictions') continue;
    hours[new Date(timestamp).getUTCHours()]?.push({ kind: 'prediction', ...JSON.parse(value), timestamp });
  }
  return hours.map((events) => {
    const { features } = profile(specs, derived, events);
    return new Map(
      [...features].map(([name, { spec, reference: current }]) => {
        const metrics = differenceMetrics(spec, baseline.features.get(name)?.reference ?? current, current);
        const shift = metrics.find(({ metric }) => metric === 'psi_adjusted');
        return [name, shift?.status === 'ok' ? shift.value : Number.NaN];
      }),
    );
  });
}

function hoursOf(from: number, to: number): number[] {
  const hours: number[] = [];
  for (let at = from; at < to; at += 3_600_000) hours.push(new Date(at).getUTCHours());
  return hours;
}

describe('against the day before, hour by hour', () => {
  const shifts = hourlyShifts();

  it('a fault in the inputs is plain to see, and nothing else is: the rhythm of the day stays below 0.05', () => {
    const plain: string[] = [];
    for (const [hour, features] of shifts.entries()) {
      for (const [name, shift] of features) {
        if (shift > 0.1) plain.push(`${name} at ${hour}`);
        else expect(shift, `${name} at ${hour}`).toBeLessThan(0.05);
      }
    }
    const expected = traffic.faults
      .filter(({ kind }) => kind !== 'flipped_labels')
      .flatMap(({ feature, from, to }) => hoursOf(from, to).map((hour) => `${feature} at ${hour}`));
    expect(plain).toEqual(expected);
  });

  it('every feature, all numeric ones together and both outputs could be compared', () => {
    expect(shifts[0]?.size).toBe(28);
  });
});
