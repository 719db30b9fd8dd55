import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { configSchema } from '../../src/config/schema.ts';
import { LabelledEvidenceBuilder } from '../../src/metrics/labelled-evidence.ts';
import type { ReplayRecord } from '../../src/pipeline/replay.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { activationOf } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { lateLabelsLog } from './late-labels-log.ts';
import { groupsOf } from './memory-evaluations.ts';
import { replayInto } from './replay-into.ts';

const DAY = 24 * HOUR;
const MIDNIGHT = Math.floor(MORNING / DAY) * DAY;

const BASELINE = baselineOf(
  Array.from({ length: 500 }, (_, i) =>
    predictionOf({ model: 'm', features: { x: i / 500 }, prediction: undefined, score: i / 500 }),
  ),
  { performance: new Map([['accuracy', { value: 0.9, n: 500 }]]) },
);

async function withBaseline(store: Store): Promise<Store> {
  await saveBaseline(store, BASELINE, 'file');
  await saveActivation(store, activationOf(BASELINE));
  return store;
}

function configOf(labels: object) {
  return configSchema.parse({ ingest: { chunk_records: 1_500 }, models: { m: { positive: '1', labels } } });
}

describe.each(STORE_KINDS)('windows whose labels come late: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('say in the end what their labels say, each computed a few times and not once for every label', async () => {
    const random = seededRandom(11);
    const days = 3;
    const cases = Array.from({ length: 2_400 }, (_, i) => {
      const score = Math.round(random() * 1000) / 1000;
      return {
        timestamp: MIDNIGHT + Math.floor((i * days * DAY) / 2_400),
        score,
        label: Number(random() < score),
      };
    });
    const { records, known } = lateLabelsLog(cases, 5, {
      model: 'm',
      latest: days * DAY,
      corrected: 0.05,
      never: 0.1,
      early: 0.1,
      wrong: (label) => 1 - Number(label),
    });
    const groups = groupsOf(`
groups:
  - name: performance
    schedule: "0 1,13 * * *"
    window: 12h
    rules: [{ alert: Accuracy, when: accuracy < 0.1, summary: x }]
`);
    const store = await withBaseline(await stores.fresh());
    const { telemetry } = await replayInto(store, records, {
      config: configOf({ delay: '1h', horizon: '8d' }),
      groups,
    });

    const stored = await store.query<{ start: number; metric: string; value: number | null }>(
      `SELECT toUnixTimestamp64Milli(window_start) AS start, metric, value FROM {database}.metrics FINAL
       WHERE feature = '' AND metric IN ('labelled', 'coverage', 'accuracy', 'f1', 'roc_auc', 'log_loss')`,
    );
    const starts = Array.from({ length: 2 * days }, (_, i) => MIDNIGHT + i * (DAY / 2));
    for (const start of starts) {
      const builder = new LabelledEvidenceBuilder({ task: 'classification', positive: '1', threshold: 0.5 });
      const inside = known.filter(({ timestamp }) => timestamp >= start && timestamp < start + DAY / 2);
      for (const { score, label, isLabelled } of inside)
        builder.add({ prediction: undefined, score, label: isLabelled ? label : undefined });
      const labelled = inside.filter(({ isLabelled }) => isLabelled).length;
      const expected = new Map<string, number>([
        ['labelled', labelled],
        ['coverage', labelled / inside.length],
      ]);
      for (const result of builder.results())
        if (result.status === 'ok') expected.set(result.metric, result.value);
      for (const metric of ['labelled', 'coverage', 'accuracy', 'f1', 'roc_auc', 'log_loss']) {
        const found = stored.find((row) => row.start === start && row.metric === metric);
        expect(found?.value, `${metric} of ${new Date(start).toISOString()}`).toBeCloseTo(
          expected.get(metric) ?? 0,
          12,
        );
      }
    }
    const computed = await telemetry.recomputedWindows.get();
    const times = computed.values.reduce((sum, { value }) => sum + value, 0);
    const windows = new Set(stored.map(({ start }) => start)).size;
    expect(times).toBeGreaterThan(windows);
    expect(times).toBeLessThan(25 * windows);
  });
});

describe('alerts whose labels come late', () => {
  const stores = storesOfSuite('server');

  it('change once, in however many batches their labels come, and say when they are immature', async () => {
    const groups = groupsOf(`
groups:
  - name: hasty
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Hasty, when: accuracy < 0.8, summary: "accuracy {{accuracy}}" }]
  - name: patient
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Patient, when: accuracy < 0.8, require: coverage > 0.6 || age > 20h, summary: "accuracy {{accuracy}}" }]
`);
    const { transitions } = await replayInto(await withBaseline(await stores.fresh()), hourThatLooksBad(), {
      config: configOf({ delay: '1h' }),
      groups,
      batch: 10,
    });
    const told = transitions
      .filter(({ to }) => to === 'firing' || to === 'resolved')
      .map(
        ({ alert, to, reason, at }) =>
          `${(at - MORNING) / HOUR} ${alert.labels['alertname']} ${to} ${reason}`,
      );
    // Two of five labels are wrong; the other 95 come in a batch an hour, and are right.
    expect(told).toEqual(['2 Hasty firing condition_met', '3 Hasty resolved late_labels']);
    expect(transitions[0]?.alert.change).toBe(
      'immature: 5 % of 100 predictions have a label 1h after the window; later ones may change this',
    );
  });

  it('are set off late, once, where nothing was known in time', async () => {
    const groups = groupsOf(`
groups:
  - name: performance
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Drop, when: accuracy < baseline.accuracy - 0.1, for: 2, clear: 2, summary: "accuracy {{accuracy}}, {{labelled}} labels" }]
`);
    const { transitions } = await replayInto(await withBaseline(await stores.fresh()), twoHoursThatAreBad(), {
      config: configOf({ delay: '1h' }),
      groups,
      batch: 10,
    });
    const told = transitions.map(
      ({ alert, from, to, reason, at }) =>
        `${(at - MORNING) / HOUR} ${from} ${to} ${reason} ${alert.annotations['summary']}`,
    );
    // The labels of both hours come at the tenth, a hundred a batch; those of the hours since say that it is over.
    expect(told).toEqual([
      '10 inactive firing late_labels accuracy 0.5, 100 labels',
      '13 firing resolved late_labels accuracy 0.5, 100 labels',
    ]);
  });

  it('are not kept alive by predictions and labels past their time', async () => {
    const store = await stores.fresh();
    const row = { model: 'm', prediction_id: 'old', timestamp: '2026-01-01 00:00:00.000', ordinal: 1 };
    const at = { topic: 'log', partition: 0, offset: 1, written_at: '2026-01-01 00:00:00' };
    await store.insert('predictions', [{ ...row, ...at, version: '1', prediction: 'a' }]);
    await store.insert('labels', [{ ...row, ...at, label: 'a' }]);
    for (const table of ['predictions', 'labels']) {
      await store.command(`OPTIMIZE TABLE {database}.${table} FINAL`);
      const [left] = await store.query<{ n: number }>(`SELECT count() AS n FROM {database}.${table}`);
      expect(left?.n, table).toBe(0);
    }
  });
});

type Entry = readonly [time: number, entry: object];

function recordsOf(entries: readonly Entry[]): ReplayRecord[] {
  return entries
    .toSorted(([a], [b]) => a - b)
    .map(([, entry], i) => ({
      topic: 'log.ndjson',
      offset: i + 1,
      timestamp: undefined,
      value: Buffer.from(JSON.stringify(entry)),
    }));
}

function predicted(hour: number, i: number): Entry {
  const timestamp = MORNING + hour * HOUR + i * 30_000;
  return [
    timestamp,
    {
      model: 'm',
      version: '1',
      prediction_id: `${hour}-${i}`,
      timestamp,
      features: { x: i / 100 },
      score: 0.9,
    },
  ];
}

/** Score 0.9 says 1. */
function labelled(hour: number, i: number, timestamp: number, isRight: boolean): Entry {
  return [timestamp, { model: 'm', prediction_id: `${hour}-${i}`, label: isRight ? 1 : 0, timestamp }];
}

/** Goes on without labels, so that there are instants. */
function* traffic(hours: number): Generator<Entry> {
  for (let hour = 0; hour < hours; hour += 1)
    for (let i = 0; i < (hour < 2 ? 100 : 10); i += 1) yield predicted(hour, i);
}

function hourThatLooksBad(): ReplayRecord[] {
  const labels = Array.from({ length: 100 }, (_, i) =>
    labelled(0, i, MORNING + (i < 2 ? 1 : 1.5 + Math.floor(i / 5)) * HOUR, i >= 2),
  );
  return recordsOf([...traffic(14), ...labels]);
}

function twoHoursThatAreBad(): ReplayRecord[] {
  const late = [0, 1].flatMap((hour) =>
    Array.from({ length: 100 }, (_, i) => labelled(hour, i, MORNING + 9.2 * HOUR + i * 20_000, i % 2 === 0)),
  );
  const recovered = [2, 3].flatMap((hour) =>
    Array.from({ length: 100 }, (_, i) => labelled(hour, i, MORNING + 12.2 * HOUR + i * 20_000, true)),
  );
  return recordsOf([...traffic(14), ...late, ...recovered]);
}
