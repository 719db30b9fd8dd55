import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { referencePerformance } from '../../src/pipeline/reference-performance.ts';
import type { ReplayRecord } from '../../src/pipeline/replay.ts';
import { paneStart } from '../../src/profile/pane.ts';
import type { AlertTransition } from '../../src/rules/alert.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { listActivations, saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { errorChanges } from '../../src/store/error-streams.ts';
import { streamCases } from '../stats/conformance-cases.ts';
import { baselineOf, HOUR, MINUTE, MORNING } from '../support/events.ts';
import { activationOf, POLICY } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { groupsOf } from './memory-evaluations.ts';
import { type Replayed, replayInto } from './replay-into.ts';
import { labelledTraffic, replayLog, shuffledLabels } from './replay-log.ts';
import { countedEvents } from './stored-counts.ts';

const FILE = new URL('../../rules/default.yaml', import.meta.url);
const { groups } = loadRules([{ file: 'default.yaml', text: readFileSync(FILE, 'utf8') }], {
  retrainTargets: [],
});
const CONFIG = configSchema.parse({
  ingest: { chunk_records: 2_500 },
  models: { fraud: { labels: { delay: '1h' }, learn: 1_500 } },
});

async function replayed(
  store: Store,
  records: readonly ReplayRecord[],
): Promise<Omit<Replayed, 'telemetry'>> {
  const { telemetry: _, ...outcome } = await replayInto(store, records, { config: CONFIG, groups });
  return outcome;
}

/** Firings and ends, by hour since MORNING. */
function story(transitions: readonly AlertTransition[]): string[] {
  return transitions
    .filter(({ to }) => to === 'firing' || to === 'resolved')
    .map(({ alert: { labels }, to, at }) => {
      const { alertname, feature = '' } = labels;
      return `${(at - MORNING) / HOUR} ${alertname} ${feature} ${to}`;
    });
}

async function withBaseline(store: Store): Promise<Store> {
  const reference = [...labelledTraffic(99, 5)];
  const baseline = baselineOf(reference, { ...referencePerformance(reference, POLICY) });
  await saveBaseline(store, baseline, 'file');
  await saveActivation(store, activationOf(baseline));
  return store;
}

describe.each(STORE_KINDS)('a replay: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('raises what the rules that ship are there to raise, and nothing else', async () => {
    const records = replayLog(1, 18, { shift: [3, 6], newCountry: [8, 10], wrong: [12, 15] });
    const store = await withBaseline(await stores.fresh());
    const first = await replayed(store, records);
    expect(story(first.transitions)).toEqual([
      // Two of the last three windows, and three clean ones.
      '5 FeatureDrift amount firing',
      '9 FeatureDrift amount resolved',
      '10 FeatureDrift country firing',
      '10 NewCategory country firing',
      '13 FeatureDrift country resolved',
      '13 NewCategory country resolved',
      // Labels come an hour later.
      '15 AccuracyDrop  firing',
      '18 AccuracyDrop  resolved',
    ]);
    // Three groups, and the last label comes shortly before the end of another hour.
    expect(first.evaluations).toBe(3 * 18);
    expect(first.records).toBe(records.length);
  });

  it('comes to the same when it is repeated', async () => {
    const records = replayLog(3, 6, { shift: [2, 4] });
    const first = await replayed(await withBaseline(await stores.fresh()), records);
    expect(story(first.transitions)).toEqual(['4 FeatureDrift amount firing']);
    expect(await replayed(await withBaseline(await stores.fresh()), records)).toEqual(first);
  });

  it.each([1, 2_000])('is not taken along by an event of 2150 (record %i)', async (place) => {
    const records = replayLog(2, 9, { shift: [6, 8] });
    const timestamp = '2150-01-01T00:00:00Z';
    const odd = { model: 'fraud', version: '7', timestamp, features: { amount: 100 }, prediction: 'ok' };
    const spoiled = records.toSpliced(place, 0, {
      ...(records[place] as ReplayRecord),
      value: Buffer.from(JSON.stringify(odd)),
    });
    const store = await stores.fresh();
    const { transitions, evaluations, until } = await replayed(
      store,
      spoiled.map((record, i) => ({ ...record, offset: i + 1 })),
    );
    expect(story(transitions)).toEqual(['8 FeatureDrift amount firing']);
    expect(evaluations).toBeLessThanOrEqual(3 * 9);
    expect(until).toBeLessThan(MORNING + 10 * HOUR);
    expect((await listActivations(store))[0]?.appliesFrom).toBeLessThanOrEqual(MORNING + 6 * HOUR);
  });

  it('learns a baseline on its way, and counts every event behind it once', async () => {
    const records = replayLog(2, 9, { shift: [6, 8] });
    const store = await stores.fresh();
    const { transitions } = await replayed(store, records);
    const [activation] = await listActivations(store);
    const from = activation?.appliesFrom ?? 0;
    // 1 500 predictions at 400 an hour; the baseline applies behind those.
    expect(from).toBeGreaterThanOrEqual(MORNING + (1_499 / 400) * HOUR);
    expect(from).toBeLessThanOrEqual(MORNING + 6 * HOUR);
    const expected = new Map<string, number>();
    for (const { timestamp } of labelledTraffic(2, 9)) {
      if (timestamp < from) continue;
      const key = `fraud 7 ${paneStart(timestamp, 5 * MINUTE)}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    expect(await countedEvents(store)).toEqual(expected);
    expect(story(transitions)).toEqual(['8 FeatureDrift amount firing']);
  });

  it.each(kind === 'embedded' ? streamCases() : [])(
    'detects in $name what was published, from labels that come late in any order',
    async (one) => {
      const { values, expected } = one;
      const task = 'ddm' in expected ? 'classification' : 'regression';
      const store = await stores.fresh();
      const baseline = baselineOf([...labelledTraffic(99, 1)]);
      await saveBaseline(store, baseline, 'file');
      await saveActivation(store, activationOf(baseline));
      const config = configSchema.parse({ models: { fraud: { task, labels: { delay: '1h' } } } });
      const groups = groupsOf(`
groups:
  - name: errors
    schedule: "*/5 * * * *"
    window: 2h
    rules: [{ alert: Changed, when: page_hinkley.detected || ddm.detected, summary: changed }]
`);
      const { transitions } = await replayInto(store, shuffledLabels(values, task, 17), { config, groups });
      const changes = await errorChanges(store, { model: 'fraud', from: 0, to: MORNING + 24 * HOUR });
      for (const [detector, { detected_at }] of Object.entries(expected)) {
        const places = changes
          .filter((change) => change.detector === detector && change.signal !== 'warning')
          .map(({ observation }) => observation);
        // What follows the published stream is right, which ADWIN notices.
        expect(places.filter((place) => place < values.length)).toEqual(detected_at);
      }
      const places = Object.values(expected).flatMap(({ detected_at }) => detected_at);
      // A prediction a second; labels are due an hour later; the next instant tells of it, and the window keeps it for two hours.
      const due = (place: number) => Math.ceil((place + 1) / 300) * 5 * MINUTE + HOUR;
      const told = transitions
        .filter(({ to }) => to !== 'pending')
        .map(({ to, at }) => `${to} ${(at - MORNING) / MINUTE}`);
      const until = due(Math.max(...places)) + 2 * HOUR;
      expect(told).toEqual([`firing ${due(Math.min(...places)) / MINUTE}`, `resolved ${until / MINUTE}`]);
    },
  );
});
