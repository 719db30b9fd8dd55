import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultFaults } from '../../../src/cli/demo/injected-fault.ts';
import { createTraffic, type TrafficEvent, type TrafficOptions } from '../../../src/cli/demo/traffic.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);

interface Prediction {
  readonly prediction_id: string;
  readonly timestamp: string;
  readonly features: Readonly<Record<string, unknown>>;
  readonly prediction: string;
  readonly score: number;
}

interface Label {
  readonly prediction_id: string;
  readonly label: string;
  readonly timestamp: string;
}

function parsed<T>(events: readonly TrafficEvent[], topic: TrafficEvent['topic']): T[] {
  return events.filter((event) => event.topic === topic).map((event) => JSON.parse(event.value) as T);
}

function bytesOf(options: TrafficOptions): string {
  const hash = createHash('sha256');
  for (const { topic, timestamp, value } of createTraffic(options).events())
    hash.update(`${topic}${timestamp}${value}\n`);
  return hash.digest('hex');
}

const traffic = createTraffic({ count: 20_000 });
const events = [...traffic.events()];
const predictions = parsed<Prediction>(events, 'predictions');
const labels = parsed<Label>(events, 'labels');
const labelOf = new Map(labels.map((label) => [label.prediction_id, label]));

describe('the traffic', () => {
  it('is the same to the byte for the same seed, and another for another', () => {
    expect(bytesOf({ count: 2_000, seed: 5 })).toBe(bytesOf({ count: 2_000, seed: 5 }));
    expect(bytesOf({ count: 2_000, seed: 5 })).not.toBe(bytesOf({ count: 2_000, seed: 6 }));
    const twice = createTraffic({ count: 100 });
    expect([...twice.events()]).toEqual([...twice.events()]);
  });

  it('is compact JSON in the order of its timestamps', () => {
    const times = events.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { value, timestamp } of events.slice(0, 2_000)) {
      const event = JSON.parse(value) as { timestamp: string };
      expect(JSON.stringify(event)).toBe(value);
      expect(Date.parse(event.timestamp)).toBe(timestamp);
    }
  });

  it('has as many predictions as asked for, each under an id of its own', () => {
    expect(predictions).toHaveLength(20_000);
    expect(new Set(predictions.map((prediction) => prediction.prediction_id)).size).toBe(20_000);
  });

  it('has labels for 95 % of the predictions, one to five hours late, half of them within two and a half', () => {
    expect(labels.length / predictions.length).toBeCloseTo(0.95, 2);
    expect(labelOf.size).toBe(labels.length);
    const delays = predictions
      .flatMap(({ prediction_id: id, timestamp }) => {
        const label = labelOf.get(id);
        return label === undefined ? [] : [(Date.parse(label.timestamp) - Date.parse(timestamp)) / HOUR];
      })
      .sort((a, b) => a - b);
    expect(delays[0]).toBeGreaterThanOrEqual(1);
    expect(delays.at(-1)).toBeLessThanOrEqual(5);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(2.5);
    expect(delays[Math.floor(0.9 * delays.length)]).toBeGreaterThan(2.8);
  });

  it('brings labels as late as it is told', () => {
    const [least, most] = [0.01, 0.02];
    const soon = [...createTraffic({ count: 500, delayHours: [least, most], neverLabelled: 0 }).events()];
    const at = new Map(
      parsed<Prediction>(soon, 'predictions').map((p) => [p.prediction_id, Date.parse(p.timestamp)]),
    );
    const delays = parsed<Label>(soon, 'labels').map(
      (l) => Date.parse(l.timestamp) - (at.get(l.prediction_id) ?? 0),
    );
    expect(delays).toHaveLength(500);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(least * HOUR);
    expect(Math.max(...delays)).toBeLessThanOrEqual(most * HOUR);
  });

  it('has a calibrated score, with the class at a half', () => {
    const calm = [...createTraffic({ count: 20_000, faults: [] }).events()];
    const truth = new Map(parsed<Label>(calm, 'labels').map((label) => [label.prediction_id, label.label]));
    const bins = Array.from({ length: 5 }, () => ({ n: 0, score: 0, fraud: 0 }));
    for (const { prediction_id: id, prediction, score } of parsed<Prediction>(calm, 'predictions')) {
      expect(prediction).toBe(score >= 0.5 ? 'fraud' : 'ok');
      const label = truth.get(id);
      const bin = bins[Math.min(4, Math.floor(score * 5))];
      if (label === undefined || bin === undefined) continue;
      bin.n += 1;
      bin.score += score;
      if (label === 'fraud') bin.fraud += 1;
    }
    for (const { n, score, fraud } of bins) {
      expect(n).toBeGreaterThan(300);
      expect(Math.abs(score - fraud) / n).toBeLessThan(4 * Math.sqrt(0.25 / n));
    }
  });
});

describe('the truth about the traffic', () => {
  it('is what its predictions and labels say, hour for hour', () => {
    const hours = traffic.truth();
    expect(hours).toHaveLength(24);
    for (const hour of hours) {
      const made = predictions.filter(({ timestamp }) => {
        const at = Date.parse(timestamp);
        return at >= hour.from && at < hour.to;
      });
      const known = made.filter(({ prediction_id: id }) => labelOf.has(id));
      const right = known.filter(
        ({ prediction_id: id, prediction }) => labelOf.get(id)?.label === prediction,
      );
      expect(hour.predictions).toBe(made.length);
      expect(hour.labelled).toBe(known.length);
      expect(hour.accuracy).toBe(right.length / known.length);
      expect(hour.truePositives).toBe(right.filter(({ prediction }) => prediction === 'fraud').length);
      expect(hour.truePositives + hour.falsePositives).toBe(
        known.filter(({ prediction }) => prediction === 'fraud').length,
      );
    }
  });

  it('can be had for periods of any length', () => {
    const day = traffic.truth(24 * HOUR);
    expect(day).toHaveLength(1);
    expect(day[0]).toMatchObject({
      from: START,
      to: START + 24 * HOUR,
      predictions: 20_000,
      labelled: labels.length,
    });
  });

  it('is an accuracy of about 0.9, less ten points and more while the labels are flipped', () => {
    const flipped = traffic.faults.find(({ kind }) => kind === 'flipped_labels');
    const flippedPeriod = ((flipped?.from ?? 0) - START) / (2 * HOUR);
    expect(Number.isInteger(flippedPeriod)).toBe(true);
    const accuracies = createTraffic({ count: 60_000 })
      .truth(2 * HOUR)
      .map(({ accuracy }) => accuracy ?? 0);
    for (const [period, accuracy] of accuracies.entries()) {
      if (period === flippedPeriod) expect(accuracy).toBeLessThan(0.81);
      else expect(Math.abs(accuracy - 0.91)).toBeLessThan(0.025);
    }
  });
});

describe('the faults of the traffic', () => {
  it('change nothing but what they are about', () => {
    const calm = [...createTraffic({ count: 20_000, faults: [] }).events()];
    const calmPredictions = parsed<Prediction>(calm, 'predictions');
    const faultAt = (at: number) => traffic.faults.find(({ from, to }) => at >= from && at < to);
    const changed = new Set<string>();
    for (const [index, { features, ...rest }] of predictions.entries()) {
      const { features: before, ...restBefore } = calmPredictions[index] as Prediction;
      expect(rest).toEqual(restBefore);
      for (const [name, value] of Object.entries(features)) {
        if (value !== before[name]) changed.add(`${name}, ${faultAt(Date.parse(rest.timestamp))?.kind}`);
      }
    }
    expect([...changed]).toEqual(['amount, scaled', 'merchant_category, new_category']);

    const made = new Map(predictions.map((prediction) => [prediction.prediction_id, prediction]));
    const flipped = parsed<Label>(calm, 'labels').filter(
      ({ prediction_id: id, label }) => labelOf.get(id)?.label !== label,
    );
    expect(flipped.length).toBeGreaterThan(100);
    for (const { prediction_id: id } of flipped) {
      const { features, timestamp } = made.get(id) as Prediction;
      expect(features['country']).toBe('BR');
      expect(faultAt(Date.parse(timestamp))?.kind).toBe('flipped_labels');
    }
  });

  it('can be chosen: one drift in the middle of six hours', () => {
    const [shift] = defaultFaults(START);
    const chosen = createTraffic({
      count: 6_000,
      duration: 6 * HOUR,
      faults: shift === undefined ? [] : [{ ...shift, from: START + 2 * HOUR, to: START + 4 * HOUR }],
    });
    const sums = [0, 0, 0];
    const counts = [0, 0, 0];
    for (const { features, timestamp } of parsed<Prediction>([...chosen.events()], 'predictions')) {
      const third = Math.floor(new Date(timestamp).getUTCHours() / 2);
      sums[third]! += Math.log(Number(features['amount']));
      counts[third]! += 1;
    }
    const [before, during, after] = sums.map((sum, third) => sum / (counts[third] ?? 1)) as [
      number,
      number,
      number,
    ];
    expect(Math.abs(during - before - Math.log(1.8))).toBeLessThan(0.12);
    expect(Math.abs(after - before)).toBeLessThan(0.12);
  });
});

describe('the reference', () => {
  it('is labelled data of the day before, the same each time, without faults', () => {
    const rows = [...traffic.reference(5_000)];
    expect(rows).toHaveLength(5_000);
    expect(rows).toEqual([...createTraffic({ count: 10 }).reference(5_000)]);
    expect(rows[0]?.timestamp).toBeGreaterThanOrEqual(START - 24 * HOUR);
    expect(rows.at(-1)?.timestamp).toBeLessThan(START);
    expect(Object.keys(rows[0]?.features ?? {})).toEqual(Object.keys(predictions[0]?.features ?? {}));
    expect(new Set(rows.map(({ features }) => features['merchant_category'])).size).toBe(12);
    const right = rows.filter(({ prediction, label }) => prediction === label).length;
    expect(Math.abs(right / rows.length - 0.91)).toBeLessThan(0.02);
  });

  it('shares no prediction with the day', () => {
    const ids = new Set(predictions.map((prediction) => prediction.prediction_id));
    for (const { predictionId } of traffic.reference(1_000)) expect(ids.has(predictionId ?? '')).toBe(false);
  });
});
