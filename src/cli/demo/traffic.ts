import type { Millis } from '../../base/clock.ts';
import type { PredictionEvent } from '../../event/events.ts';
import { labelText, predictionIds, predictionText } from './event-text.ts';
import { FEATURES } from './features.ts';
import { MODEL, VERSION } from './fraud-model.ts';
import { defaultFaults, type InjectedFault } from './injected-fault.ts';
import { LabelQueue, type PendingLabel } from './label-queue.ts';
import { drawPredictions, type StreamPlan } from './prediction-stream.ts';
import { countTruth, type PeriodTruth } from './truth.ts';

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;

export interface TrafficOptions {
  /** Predictions. Default 240 000. */
  readonly count?: number;
  /** Default 2026-03-02T00:00Z, a Monday. */
  readonly start?: Millis;
  /** Time from the first prediction to the last. Default one day. */
  readonly duration?: Millis;
  /** The same seed gives the same bytes. Default 1. */
  readonly seed?: number;
  /** Default: `defaultFaults(start)`. */
  readonly faults?: readonly InjectedFault[];
  /** The least and the most hours from a prediction to its label. Default 1 and 5. */
  readonly delayHours?: readonly [least: number, most: number];
  /** Share of predictions whose label never comes. Default 0.05. */
  readonly neverLabelled?: number;
}

/** One record of the log. */
export interface TrafficEvent {
  readonly topic: 'predictions' | 'labels';
  /** When the log received it, which is also the time in it. */
  readonly timestamp: Millis;
  /** JSON. */
  readonly value: string;
}

export interface Traffic {
  readonly start: Millis;
  readonly end: Millis;
  readonly count: number;
  readonly faults: readonly InjectedFault[];
  /** The log in the order of its timestamps, drawn while it is read. Labels go on arriving behind `end`. */
  events(): Generator<TrafficEvent, void, undefined>;
  /** Labelled training data of the day before `start`: the same world, without faults. */
  reference(rows: number): Generator<PredictionEvent, void, undefined>;
  /** What a perfect observer would count, by periods of `step` (default one hour). Draws everything anew. */
  truth(step?: Millis): PeriodTruth[];
}

/**
 * A seeded day in the life of a fraud model: predictions with a daily rhythm in their volume, labels that arrive hours
 * late, and faults at known times. The score is calibrated and right in about 90 % of the cases.
 */
export function createTraffic(options: TrafficOptions = {}): Traffic {
  const start = options.start ?? Date.UTC(2026, 2, 2);
  const plan: StreamPlan = {
    count: options.count ?? 240_000,
    start,
    duration: options.duration ?? DAY,
    seed: options.seed ?? 1,
    faults: options.faults ?? defaultFaults(start),
    delayHours: options.delayHours ?? [1, 5],
    neverLabelled: options.neverLabelled ?? 0.05,
  };
  const end = start + plan.duration;
  return {
    start,
    end,
    count: plan.count,
    faults: plan.faults,
    events: () => logOf(plan),
    reference: (rows) =>
      trainingEvents({
        ...plan,
        count: rows,
        start: start - DAY,
        duration: DAY,
        // Far from the seeds of the days themselves.
        seed: plan.seed + 2 ** 20,
        faults: [],
      }),
    truth: (step = HOUR) => countTruth(drawPredictions(plan), { start, end, step }),
  };
}

function* logOf(plan: StreamPlan): Generator<TrafficEvent, void, undefined> {
  const idOf = predictionIds(plan.start);
  const queue = new LabelQueue();
  for (const drawn of drawPredictions(plan)) {
    while (queue.nextAt < drawn.at) yield labelEvent(queue.pop() as PendingLabel, idOf);
    yield { topic: 'predictions', timestamp: drawn.at, value: predictionText(idOf(drawn.index), drawn) };
    if (drawn.labelAt !== undefined)
      queue.push({ at: drawn.labelAt, index: drawn.index, label: drawn.label });
  }
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) yield labelEvent(next, idOf);
}

function labelEvent({ at, index, label }: PendingLabel, idOf: (index: number) => string): TrafficEvent {
  return { topic: 'labels', timestamp: at, value: labelText(idOf(index), label, at) };
}

function* trainingEvents(plan: StreamPlan): Generator<PredictionEvent, void, undefined> {
  const idOf = predictionIds(plan.start);
  for (const { index, at, values, prediction, score, label } of drawPredictions(plan)) {
    yield {
      kind: 'prediction',
      model: MODEL,
      version: VERSION,
      timestamp: at,
      predictionId: idOf(index),
      features: Object.fromEntries(FEATURES.map(([name], position) => [name, values[position]])),
      prediction,
      score,
      label,
    };
  }
}
