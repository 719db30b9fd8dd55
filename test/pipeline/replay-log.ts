import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import type { ReplayRecord } from '../../src/pipeline/replay.ts';
import { HOUR, MORNING, predictionOf } from '../support/events.ts';

/** From the beginning of one hour to the beginning of another, counted from MORNING. */
type Hours = readonly [from: number, to: number];

export interface ReplayFaults {
  /** The amount is higher by two standard deviations. */
  readonly shift?: Hours;
  /** One country in fifty was never seen before. */
  readonly newCountry?: Hours;
  /** Four predictions in ten are wrong, and not one in ten. */
  readonly wrong?: Hours;
}

const PER_HOUR = 400;
/** Labels come this much later than their predictions. */
const LABEL_DELAY = HOUR;

/** Labelled predictions of a steady model with a few faults, in order of time. */
export function* labelledTraffic(
  seed: number,
  hours: number,
  faults: ReplayFaults = {},
): Generator<PredictionEvent> {
  const random = seededRandom(seed);
  for (let i = 0; i < hours * PER_HOUR; i += 1) {
    const hour = i / PER_HOUR;
    const during = (fault: Hours | undefined) => fault !== undefined && hour >= fault[0] && hour < fault[1];
    const amount = 100 + 20 * gaussian(random) + (during(faults.shift) ? 40 : 0);
    const abroad = i % 50 === 0 && during(faults.newCountry);
    const prediction = random() < 0.5 ? 'ok' : 'fraud';
    const isRight = random() < (during(faults.wrong) ? 0.6 : 0.9);
    yield predictionOf({
      timestamp: MORNING + Math.floor(hour * HOUR),
      predictionId: `p${i}`,
      features: { amount, country: abroad ? 'ZZ' : ['DE', 'FR', 'ES'][Math.floor(random() * 3)] },
      prediction,
      label: isRight === (prediction === 'ok') ? 'ok' : 'fraud',
    });
  }
}

/** The same as the log that a producer would have written, predictions and labels each when they were known. */
export function replayLog(seed: number, hours: number, faults: ReplayFaults = {}): ReplayRecord[] {
  const entries: Array<readonly [time: number, entry: object]> = [];
  for (const event of labelledTraffic(seed, hours, faults)) {
    const { predictionId, model, version, timestamp, features, prediction, label } = event;
    entries.push([
      timestamp,
      { model, version, prediction_id: predictionId, timestamp, features, prediction },
    ]);
    const known = timestamp + Math.floor(LABEL_DELAY * 0.9);
    entries.push([known, { model, prediction_id: predictionId, label, timestamp: known }]);
  }
  // Stable, so that what happens in the same millisecond stays in order.
  entries.sort(([a], [b]) => a - b);
  return recordsOf(entries);
}

/**
 * A log of a prediction each second whose errors will turn out to be these, with their labels in random order within the
 * half hour after the last; behind them some hours of predictions that are right, one a minute, so that time goes on.
 */
export function shuffledLabels(
  errors: readonly number[],
  task: 'classification' | 'regression',
  seed: number,
): ReplayRecord[] {
  const random = seededRandom(seed);
  const isRegression = task === 'regression';
  const entries: Array<readonly [time: number, entry: object]> = [];
  const predict = (id: string, timestamp: number, prediction: string | number): void => {
    const about = { model: 'fraud', version: '7', prediction_id: id, timestamp };
    entries.push([timestamp, { ...about, features: { amount: 100, country: 'DE' }, prediction }]);
  };
  const label = (id: string, known: number): void => {
    const about = { model: 'fraud', prediction_id: id, timestamp: known };
    entries.push([known, { ...about, label: isRegression ? 0 : 'ok' }]);
  };
  for (const [place, error] of errors.entries()) {
    predict(`p${place}`, MORNING + place * 1_000, isRegression ? error : error === 1 ? 'fraud' : 'ok');
    label(`p${place}`, MORNING + errors.length * 1_000 + Math.floor(random() * (HOUR / 2 - 60_000)));
  }
  for (let minute = 34; minute <= 300; minute += 1) {
    predict(`q${minute}`, MORNING + minute * 60_000, isRegression ? 0 : 'ok');
    label(`q${minute}`, MORNING + minute * 60_000 + HOUR / 2);
  }
  entries.sort(([a], [b]) => a - b);
  return recordsOf(entries);
}

function recordsOf(entries: ReadonlyArray<readonly [time: number, entry: object]>): ReplayRecord[] {
  return entries.map(([, entry], i) => ({
    topic: 'log.ndjson',
    offset: i + 1,
    timestamp: undefined,
    value: Buffer.from(JSON.stringify(entry)),
  }));
}
