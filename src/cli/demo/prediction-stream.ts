import type { Millis } from '../../base/clock.ts';
import { seededRandom } from '../../base/random.ts';
import { arrivals } from './arrivals.ts';
import { logitNormal } from './distributions.ts';
import { FEATURES, type FeatureValue } from './features.ts';
import { decide, type FraudClass, fraudScore, NEGATIVE, POSITIVE } from './fraud-model.ts';
import { faultInjector, type InjectedFault } from './injected-fault.ts';

const HOUR: Millis = 3_600_000;

export interface StreamPlan {
  readonly count: number;
  readonly start: Millis;
  readonly duration: Millis;
  readonly seed: number;
  readonly faults: readonly InjectedFault[];
  /** The least and the most time from a prediction to its label. */
  readonly delayHours: readonly [least: number, most: number];
  /** Share of predictions whose label never comes. */
  readonly neverLabelled: number;
}

/** One prediction, with the truth about it. */
export interface DrawnPrediction {
  index: number;
  at: Millis;
  /** In the order of FEATURES. */
  readonly values: FeatureValue[];
  score: number;
  prediction: FraudClass;
  label: FraudClass;
  /** When the label arrives; undefined when it never does. */
  labelAt: Millis | undefined;
}

/** Draws the plan's predictions in event time. It is one object that changes with every step: copy what is to be kept. */
export function* drawPredictions(plan: StreamPlan): Generator<DrawnPrediction, void, undefined> {
  // A generator for each concern: a change in one of them leaves the others' draws as they are.
  const [times, features, labels, faults] = [0, 1, 2, 3].map(
    (stream) => plan.seed * 1_024 + stream * 256,
  ) as [number, number, number, number];
  const random = seededRandom(features);
  const labelRandom = seededRandom(labels);
  const injector = faultInjector(plan.faults, faults);
  const [least, most] = plan.delayHours;
  const drawn: DrawnPrediction = {
    index: -1,
    at: plan.start,
    values: FEATURES.map(() => null),
    score: 0,
    prediction: NEGATIVE,
    label: NEGATIVE,
    labelAt: undefined,
  };
  const { values } = drawn;
  for (const { at, wave } of arrivals(plan.count, plan.start, plan.duration, seededRandom(times))) {
    for (let position = 0; position < FEATURES.length; position += 1) {
      values[position] = FEATURES[position]?.[1](random, wave) ?? null;
    }
    injector.alter(at, values);
    drawn.index += 1;
    drawn.at = at;
    drawn.score = fraudScore(values);
    drawn.prediction = decide(drawn.score);
    const truth = labelRandom() < drawn.score ? POSITIVE : NEGATIVE;
    drawn.label = injector.relabel(at, values, truth);
    // Most come early in the span, with a long tail, and none outside of it.
    const delay = (least + (most - least) * logitNormal(labelRandom, -0.9, 0.8)) * HOUR;
    drawn.labelAt = labelRandom() < plan.neverLabelled ? undefined : at + Math.round(delay);
    yield drawn;
  }
}
