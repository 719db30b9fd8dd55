import { type Random, seededRandom } from '../../src/base/random.ts';
import { baselineOf, HOUR, MINUTE, predictionOf } from '../support/events.ts';
import { between, TICKS } from './schedule.ts';

/** What one record is about, and the record. */
export interface TrafficRecord {
  readonly topic: 'predictions' | 'labels';
  /** Stands in the value as `record`, which driftd does not look at; empty when the value is no event. */
  readonly id: string;
  readonly value: string | null;
  readonly timestamp: number;
}

/** Event time that passes in one tick. */
const STEP = 6 * MINUTE;
/** A whole hour, long enough ago for all of the traffic to be in the past. */
export const START = Math.floor(Date.now() / HOUR) * HOUR - 12 * HOUR;
/** The last instant at which rules are evaluated. */
export const LAST_INSTANT = START + Math.floor((TICKS * STEP) / (30 * MINUTE)) * 30 * MINUTE;
/** When the model `late` gets its baseline. */
const LATE_FROM = START + 2 * HOUR;
export const PANE = 30 * MINUTE;
const PER_TICK = 40;
/** The labels of version 7 come this many ticks later at most, which is before they are due. */
const LABEL_TICKS = 4;

const REFERENCE = Array.from({ length: 240 }, (_, i) =>
  predictionOf({
    features: { amount: (i % 64) / 8, country: ['DE', 'FR', 'US'][i % 3], flag: i % 2 === 0 },
    prediction: i % 4 === 0 ? 'fraud' : 'ok',
    score: (i % 8) / 8,
  }),
);

/** `new` has no baseline and learns one. */
export const BASELINES = [
  { baseline: baselineOf(REFERENCE, { pane: PANE }), appliesFrom: 0 },
  { baseline: baselineOf(REFERENCE, { pane: PANE, model: 'churn', version: '1' }), appliesFrom: 0 },
  { baseline: baselineOf(REFERENCE, { pane: PANE, model: 'late' }), appliesFrom: LATE_FROM },
];

const MODELS = [
  ...Array.from({ length: 8 }, () => ['fraud', '7'] as const),
  ['fraud', '8'],
  ['fraud', '8'],
  ['churn', '1'],
  ['churn', '1'],
  ['churn', '2'],
  ['late', '1'],
  ['new', '1'],
] as const;

/** Rules that version 7 alone breaks, far from any limit: what is late or out of order must not decide. */
export const RULES = `
groups:
  - name: inputs
    models: [fraud]
    versions: ["7"]
    schedule: "*/30 * * * *"
    window: 30m
    rules:
      - alert: FeatureDrift
        each: feature
        features: [amount, country]
        when: effect_size > 2 && n >= 20
        summary: "{{feature}} of {{model}} drifted"
        retrain: pipeline
  - name: performance
    models: [fraud]
    versions: ["7"]
    schedule: "*/30 * * * *"
    window: 30m
    rules:
      - alert: AccuracyDrop
        when: accuracy < 0.5 && labelled >= 20
        severity: critical
        summary: "{{model}} is right less often"
`;

/** The traffic of a seed, tick by tick; to be asked for each tick once, in order. */
export class Traffic {
  readonly #random: Random;
  readonly #seed: number;
  readonly #labels: TrafficRecord[][] = [];
  #count = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = seededRandom(seed * 104_729 + 1);
  }

  tick(tick: number): TrafficRecord[] {
    const records: TrafficRecord[] = [];
    for (let i = 0; i < PER_TICK; i += 1) {
      const timestamp = START + tick * STEP + Math.floor((i / PER_TICK) * STEP);
      if (this.#random() < 0.04) records.push(this.#garbage(timestamp));
      else records.push(this.#prediction(tick, timestamp));
    }
    const labels = this.#labels[tick] ?? [];
    const at = START + (tick + 1) * STEP - 1;
    // Between the predictions, as they come in life.
    labels.forEach((label, i) => {
      records.splice((i * 7) % records.length, 0, { ...label, timestamp: at });
    });
    return records;
  }

  /** A record for every partition that says that the last instant has passed. */
  closing(topic: 'predictions' | 'labels'): TrafficRecord {
    const timestamp = START + TICKS * STEP + 9 * MINUTE;
    const id = this.#id();
    const about = { record: id, model: 'fraud', prediction_id: id, timestamp };
    const event =
      topic === 'labels'
        ? { ...about, label: 'ok' }
        : { ...about, version: '8', features: { amount: 1, country: 'DE', flag: true }, prediction: 'ok' };
    return { topic, id, value: JSON.stringify(event), timestamp };
  }

  #id(): string {
    this.#count += 1;
    return `s${this.#seed}-${this.#count}`;
  }

  #prediction(tick: number, recordTime: number): TrafficRecord {
    const random = this.#random;
    const [model, version] = MODELS[between(random, 0, MODELS.length - 1)] as (typeof MODELS)[number];
    const isWatched = model === 'fraud' && version === '7';
    // What rules look at comes in time. The rest comes late, or out of order by more than is allowed.
    const delay = isWatched ? between(random, 0, MINUTE) : between(random, 0, 40 * MINUTE);
    const timestamp = Math.max(START, recordTime - (random() < 0.2 ? delay : 0));
    const id = this.#id();
    const shift = isWatched && isDuring(tick, [10, 18], [32, 36]) ? 1_000 : 0;
    const prediction = random() < 0.5 ? 'fraud' : 'ok';
    const event = {
      record: id,
      prediction_id: id,
      model,
      version,
      timestamp,
      features: {
        amount: random() < 0.05 ? null : shift + between(random, 0, 63) / 8,
        country: random() < 0.05 ? `new${between(random, 0, 9)}` : ['DE', 'FR', 'US'][between(random, 0, 2)],
        flag: random() < 0.05 ? 'perhaps' : random() < 0.5,
      },
      prediction,
      score: between(random, 0, 8) / 8,
    };
    const isRight = random() < (isWatched && isDuring(tick, [14, 24]) ? 0.1 : 0.9);
    this.#promiseLabel(tick, id, model, isWatched, isRight === (prediction === 'ok') ? 'ok' : 'fraud');
    return { topic: 'predictions', id, value: JSON.stringify(event), timestamp: recordTime };
  }

  #promiseLabel(tick: number, id: string, model: string, isWatched: boolean, label: string): void {
    const random = this.#random;
    if (model !== 'fraud' || random() < 0.1) return;
    const at = tick + between(random, 1, isWatched ? LABEL_TICKS - 1 : 20);
    const promise = (when: number, text: string): void => {
      const timestamp = START + (when + 1) * STEP - 1;
      const record = this.#id();
      const value = JSON.stringify({ record, model, prediction_id: id, label: text, timestamp });
      this.#labels[when] ??= [];
      this.#labels[when]?.push({ topic: 'labels', id: record, value, timestamp });
    };
    promise(at, label);
    // Somebody looks again, and corrects it.
    if (!isWatched && random() < 0.2) promise(at + between(random, 1, 5), 'ok');
  }

  #garbage(timestamp: number): TrafficRecord {
    const values = [null, null, '{"model":', '[]', '{"model":"fraud","timestamp":"yesterday","features":{}}'];
    return {
      topic: this.#random() < 0.7 ? 'predictions' : 'labels',
      id: '',
      value: values[between(this.#random, 0, values.length - 1)] as string | null,
      timestamp,
    };
  }
}

function isDuring(tick: number, ...periods: ReadonlyArray<readonly [from: number, to: number]>): boolean {
  return periods.some(([from, to]) => tick >= from && tick < to);
}
