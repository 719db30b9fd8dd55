import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { configSchema } from '../../src/config/schema.ts';
import { segmentName, withPairs } from '../../src/event/segments.ts';
import { LabelledEvidenceBuilder, type PerformancePolicy } from '../../src/metrics/labelled-evidence.ts';
import { performance } from '../../src/metrics/performance-metrics.ts';
import type { MetricResult } from '../../src/metrics/result.ts';
import { baselineFromSample } from '../../src/pipeline/baseline-from-sample.ts';
import type { ReplayRecord } from '../../src/pipeline/replay.ts';
import { Turns } from '../../src/pipeline/turns.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { HOUR, MORNING, predictionOf } from '../support/events.ts';
import { activationOf, POLICY } from '../support/open-chunks.ts';
import { storesOfSuite } from '../support/stores.ts';
import { type LabelledCase, lateLabelsLog } from './late-labels-log.ts';
import { groupsOf } from './memory-evaluations.ts';
import { replayInto } from './replay-into.ts';

const DAY = 24 * HOUR;
const MIDNIGHT = Math.floor(MORNING / DAY) * DAY;
const SEGMENTS = ['country', 'device'];
/** Some are rare, and one is written otherwise than it looks. */
const COUNTRIES = ['DE', 'DE', 'DE', 'FR', 'FR', 'Korea, Republic of', 'Korea, Republic of', 'MT'];

const CLASSIFIED = { task: 'classification', positive: '1', threshold: 0.5 } as const;
const REGRESSION = { task: 'regression', positive: undefined, threshold: 0.5 } as const;

function featuresOf(random: () => number): Record<string, string | null> {
  const country = random() < 0.01 ? 'rare' : (COUNTRIES[Math.floor(random() * COUNTRIES.length)] as string);
  return { country, device: random() < 0.6 ? 'phone' : random() < 0.5 ? 'tv' : null };
}

function segmentsIn({ features = {} }: LabelledCase): string[] {
  return withPairs(SEGMENTS.map((feature) => segmentName(feature, features[feature])));
}

async function withBaseline(
  store: Store,
  reference: readonly LabelledCase[],
  policy: PerformancePolicy,
): Promise<Baseline> {
  const events = reference.map(({ timestamp, prediction, score, label, features = {} }) =>
    predictionOf({ model: 'm', timestamp, features: { x: 0.5, ...features }, prediction, score, label }),
  );
  async function* pages() {
    yield events;
  }
  const turns = new Turns();
  const baseline = await baselineFromSample('m', pages, { ...POLICY, ...policy, segments: SEGMENTS }, turns);
  await saveBaseline(store, baseline, 'file');
  await saveActivation(store, activationOf(baseline));
  return baseline;
}

function configOf(model: object) {
  return configSchema.parse({
    ingest: { chunk_records: 1_500 },
    models: { m: { ...model, segments: SEGMENTS } },
  });
}

function oracle(
  cases: readonly (LabelledCase & { readonly isLabelled: boolean })[],
  policy: PerformancePolicy,
): LabelledEvidenceBuilder {
  const builder = new LabelledEvidenceBuilder(policy);
  for (const { prediction, score, label, isLabelled } of cases)
    builder.add({ prediction, score, label: isLabelled ? label : undefined });
  return builder;
}

describe('segments whose labels come late', () => {
  const stores = storesOfSuite('embedded');

  it.each([
    ['classification', CLASSIFIED, ['accuracy', 'f1', 'precision', 'roc_auc', 'log_loss', 'brier', 'ece']],
    ['regression', REGRESSION, ['mae', 'rmse', 'bias', 'r2', 'median_absolute_error']],
  ] as const)('say in the end what their labels say: %s', async (task, policy, metrics) => {
    const random = seededRandom(5);
    const cases = Array.from({ length: 1_500 }, (_, i): LabelledCase => {
      const score = Math.round(random() * 1000) / 1000;
      const timestamp = MIDNIGHT + Math.floor((i * DAY) / 1_500);
      const features = featuresOf(random);
      return task === 'regression'
        ? {
            timestamp,
            prediction: 10 * score,
            label: 10 * score + Math.round(random() * 100) / 25 - 2,
            features,
          }
        : { timestamp, score, label: Number(random() < score), features };
    });
    const { records, known } = lateLabelsLog(cases, 7, {
      model: 'm',
      latest: DAY,
      corrected: 0.05,
      never: 0.1,
      early: 0.1,
      wrong: (label) => 1 - Number(label),
    });
    const store = await stores.fresh();
    await withBaseline(store, cases, policy);
    await replayInto(store, records, {
      config: configOf({
        ...(task === 'regression' ? { task } : { positive: '1' }),
        labels: { delay: '1h', horizon: '8d' },
      }),
      groups: groupsOf(`
groups:
  - name: slices
    schedule: "0 1,13 * * *"
    window: 12h
    rules:
      - { alert: Slice, each: segment, when: labelled < 0, summary: x }
      - { alert: Whole, when: labelled < 0, summary: x }
`),
    });
    type Row = {
      start: number;
      segment: string;
      metric: string;
      value: number | null;
      lower: number | null;
      upper: number | null;
    };
    const stored = await store.query<Row>(
      `SELECT toUnixTimestamp64Milli(window_start) AS start, segment, metric, value, lower, upper
       FROM {database}.metrics FINAL WHERE feature = ''`,
    );
    for (const start of [MIDNIGHT, MIDNIGHT + DAY / 2]) {
      const inside = known.filter(({ timestamp }) => timestamp >= start && timestamp < start + DAY / 2);
      const bySegment = new Map<string, typeof inside>();
      for (const one of inside)
        for (const segment of segmentsIn(one))
          bySegment.set(segment, [...(bySegment.get(segment) ?? []), one]);
      const large = [...bySegment].filter(([, own]) => own.length >= 30);
      expect(large.length).toBeGreaterThan(9);
      expect(bySegment.size).toBeGreaterThan(large.length);
      const rows = stored.filter(
        (row) => row.start === start && metrics.some((metric) => metric === row.metric),
      );
      expect([...new Set(rows.map(({ segment }) => segment))].sort()).toEqual(
        ['', ...large.map(([segment]) => segment)].sort(),
      );
      for (const [segment, own] of [['', inside] as const, ...large]) {
        const builder = oracle(own, policy);
        const expected = new Map<string, MetricResult>(
          performance(builder.evidence(), segment === '' ? 1 : large.length).map((result) => [
            result.metric,
            result,
          ]),
        );
        const found = (metric: string): Row | undefined =>
          stored.find((row) => row.start === start && row.segment === segment && row.metric === metric);
        const labelled = own.filter(({ isLabelled }) => isLabelled).length;
        expect(found('labelled')?.value, segment).toBe(labelled);
        expect(found('predictions')?.value, segment).toBe(own.length);
        expect(found('coverage')?.value, segment).toBeCloseTo(labelled / own.length, 12);
        for (const metric of metrics) {
          const result = expected.get(metric);
          if (result?.status !== 'ok') throw new Error(`${metric} of ${segment} cannot be computed`);
          expect(found(metric)?.value, `${metric} of ${segment}`).toBeCloseTo(result.value, 10);
          if (result.interval === undefined) continue;
          expect(found(metric)?.lower, `${metric} of ${segment}`).toBeCloseTo(result.interval.lower, 8);
          expect(found(metric)?.upper, `${metric} of ${segment}`).toBeCloseTo(result.interval.upper, 8);
        }
      }
    }
  });
});

describe('alerts about segments', () => {
  const stores = storesOfSuite('server');

  /**
   * A hundred predictions an hour of each of three countries. In the first two hours half of those of two countries are wrong, of
   * which the labels come in three batches; then come those of the next two hours, which are right.
   */
  function log(): ReplayRecord[] {
    const entries: Array<readonly [time: number, entry: object]> = [];
    for (let hour = 0; hour < 14; hour += 1) {
      for (let i = 0; i < (hour < 4 ? 300 : 30); i += 1) {
        const timestamp = MORNING + hour * HOUR + i * 10_000;
        const country = ['DE', 'FR', 'XX'][i % 3];
        const about = { model: 'm', prediction_id: `${hour}-${i}` };
        const features = { x: 0.5, country, device: 'phone' };
        entries.push([timestamp, { ...about, version: '1', timestamp, features, prediction: 'ok' }]);
        if (hour >= 4) continue;
        const known = MORNING + (hour < 2 ? 7.2 + Math.floor(i / 100) : 11.2) * HOUR + i * 1_000;
        const isWrong = hour < 2 && country !== 'DE' && Math.floor(i / 3) % 2 === 0;
        entries.push([known, { ...about, label: isWrong ? 'fraud' : 'ok', timestamp: known }]);
      }
    }
    return entries
      .toSorted(([a], [b]) => a - b)
      .map(([, entry], i) => ({
        topic: 'log.ndjson',
        offset: i + 1,
        timestamp: undefined,
        value: Buffer.from(JSON.stringify(entry)),
      }));
  }

  it('are told once of what late labels say, by segment, and only where there is something to compare with', async () => {
    const reference = Array.from({ length: 600 }, (_, i) => ({
      timestamp: MORNING - DAY + i,
      prediction: 'ok',
      label: i % 20 < 2 ? 'fraud' : 'ok',
      features: { country: i % 2 === 0 ? 'DE' : 'FR', device: 'phone' },
    }));
    const store = await stores.fresh();
    await withBaseline(store, reference, CLASSIFIED);
    const { transitions } = await replayInto(store, log(), {
      config: configOf({ labels: { delay: '1h' } }),
      groups: groupsOf(`
groups:
  - name: countries
    segments: ["country=*", "!*,*"]
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: Drop
        when: upper.accuracy < baseline.accuracy - 0.1
        require: coverage > 0.9
        for: 2
        clear: 2
        summary: "{{segment}}: {{accuracy}}, was {{baseline.accuracy}}"
      - { alert: Low, when: accuracy < 0.6, require: coverage > 0.9, summary: "{{segment}}: {{accuracy}}" }
`),
      batch: 10,
    });
    const told = transitions.map(
      ({ alert, to, reason, at }) =>
        `${(at - MORNING) / HOUR} ${to} ${reason} ${alert.annotations['summary']}`,
    );
    // The baseline does not know XX.
    expect(told).toEqual([
      '10 firing late_labels country=FR: 0.5, was 0.9',
      '10 firing late_labels country=FR: 0.5',
      '10 firing late_labels country=XX: 0.5',
      '12 resolved late_labels country=FR: 0.5, was 0.9',
      '12 resolved late_labels country=FR: 0.5',
      '12 resolved late_labels country=XX: 0.5',
    ]);
    expect(transitions.map(({ alert }) => alert.labels['segment'])).toEqual(
      ['FR', 'FR', 'XX', 'FR', 'FR', 'XX'].map((country) => `country=${country}`),
    );
    expect(transitions[0]?.alert.change).toBe('100 % of 100 predictions have a label 8h after the window');
  });
});
