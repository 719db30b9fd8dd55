import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { DEFAULT_CHUNK_BOUNDS } from '../../src/pipeline/open-chunk.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import { type CategoricalProfile, distinctCategories } from '../../src/profile/categorical-profile.ts';
import { featureValue } from '../../src/profile/event-reader.ts';
import {
  emptyProfile,
  type FeatureProfile,
  type FeatureSpec,
  mergeProfile,
  recorderFor,
} from '../../src/profile/feature-spec.ts';
import { DISTINCT_STANDARD_ERROR } from '../../src/stats/distinct/hyper-log-log.ts';
import type { Store } from '../../src/store/client.ts';
import { MOST_VERSIONS, mergedProfiles, profiledPeriods } from '../../src/store/profile-parts.ts';
import { baselineOf, HOUR, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { chunkOf, directoryOf, drainInto, takeAll } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

/** All numbers are eighths, and so are the means that sums are kept about: they are exact in whatever order they are made. */
const REFERENCE = referenceOf('fraud', 512);

function referenceOf(model: string, count: number): Baseline {
  const events = Array.from({ length: count }, (_, i) =>
    predictionOf({
      model,
      features: {
        amount: i / 8,
        country: i % 3 === 0 ? 'DE' : 'FR',
        constant: 1,
        ['__proto__']: i % 2 === 0 ? 'a' : 'b',
      },
      prediction: i % 5 === 0 ? 'fraud' : 'ok',
      score: (i % 8) / 8,
    }),
  );
  return baselineOf(events);
}

/** Events of two versions over two hours. */
function eventsOf(seed: number, count: number): PredictionEvent[] {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from({ length: count }, () =>
    predictionOf({
      version: pick(['7', '8']),
      timestamp: MORNING + Math.floor(random() * 2 * HOUR),
      features: {
        amount: pick([
          Math.floor(random() * 4_000) / 8,
          Math.floor(random() * 512) / 8,
          -12.5,
          4_096,
          null,
          'many',
          true,
        ]),
        country: pick(['DE', 'FR', 'XX', 'a\ud800', 'a\udbff', '', null, 7]),
        constant: 1,
        ['__proto__']: pick(['a', 'b']),
      },
      prediction: pick(['ok', 'fraud']),
      score: Math.floor(random() * 8) / 8,
    }),
  );
}

function specsOf(baseline: Baseline): Map<string, FeatureSpec> {
  return new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
}

async function merged(store: Store, window: { from: number; to: number }, baseline = REFERENCE) {
  const about = { model: 'fraud', segment: '', baselineId: baseline.id, ...window };
  return mergedProfiles(store, about, specsOf(baseline));
}

/** The same by plain counting, without chunks, panes and the store. */
function counted(
  events: readonly PredictionEvent[],
  window: { from: number; to: number },
  admit: (category: string) => boolean = () => true,
): Map<string, Map<string, FeatureProfile>> {
  const versions = new Map<string, Map<string, FeatureProfile>>();
  for (const event of events) {
    if (event.timestamp < window.from || event.timestamp >= window.to) continue;
    const features = versions.get(event.version) ?? new Map<string, FeatureProfile>();
    versions.set(event.version, features);
    for (const [name, { spec }] of REFERENCE.features) {
      const profile = features.get(name) ?? emptyProfile(spec);
      features.set(name, profile);
      const value = featureValue(event, name);
      // What cannot be stored is replaced, in the store's own way.
      recorderFor(spec)(profile, typeof value === 'string' ? value.toWellFormed() : value, admit);
    }
  }
  return versions;
}

describe.each(STORE_KINDS)('profile parts in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('merge to what counting the events at once gives, in any window', async () => {
    const store = await stores.fresh();
    const events = eventsOf(2, 3_000);
    const directory = await directoryOf([REFERENCE]);
    for (const [i, part] of [events.slice(0, 900), events.slice(900, 2_000), events.slice(2_000)].entries()) {
      const open = chunkOf(directory, { start: i * 10_000, partition: i % 2 });
      takeAll(open, part);
      await drainInto(store, open);
    }
    for (const window of [
      { from: MORNING, to: MORNING + 2 * HOUR },
      { from: MORNING + 20 * MINUTE, to: MORNING + 25 * MINUTE },
      { from: MORNING + HOUR, to: MORNING + 3 * HOUR },
    ]) {
      expect(await merged(store, window)).toEqual(counted(events, window));
    }
    const nowhere = { from: MORNING + 2 * HOUR, to: MORNING + 3 * HOUR };
    expect(await merged(store, nowhere)).toEqual(new Map());
  });

  it('count once, however often a chunk is flushed and read again', async () => {
    const store = await stores.fresh();
    const events = eventsOf(3, 1_000);
    const window = { from: MORNING, to: MORNING + 2 * HOUR };
    const directory = await directoryOf([REFERENCE]);
    for (const flushes of [[400, 700, 1_000], [1_000], [50, 600]]) {
      const open = chunkOf(directory);
      let done = 0;
      for (const until of flushes) {
        takeAll(open, events.slice(done, until));
        done = until;
        await drainInto(store, open);
      }
    }
    expect(await merged(store, window)).toEqual(counted(events, window));
    await store.command('OPTIMIZE TABLE {database}.profile_parts FINAL');
    expect(await merged(store, window)).toEqual(counted(events, window));
  });

  it('keep what goes over the bound on new categories as other', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const bounds = { ...DEFAULT_CHUNK_BOUNDS, categories: 3, categoryLength: 20 };
    const open = chunkOf(directory, { bounds });
    const names = ['n1', 'n2', 'n1', 'a name that is longer than twenty units', 'n3', 'n4', 'n5', 'n3'];
    const events = names.map((country, i) =>
      predictionOf({ timestamp: MORNING + i * 10 * MINUTE, features: { country } }),
    );
    takeAll(open, events);
    await drainInto(store, open);
    const window = { from: MORNING, to: MORNING + 2 * HOUR };
    const country = (await merged(store, window)).get('7')?.get('country');
    expect(country).toMatchObject({ n: 8, other: 3 });
    expect(country).toMatchObject({
      extra: new Map([
        ['n1', 2],
        ['n2', 1],
        ['n3', 2],
      ]),
    });
  });

  it('tell how many categories went over the bound, together over panes and chunks', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const bounds = { ...DEFAULT_CHUNK_BOUNDS, categories: 3, categoryLength: 20 };
    const window = { from: MORNING, to: MORNING + 2 * HOUR };
    // Each chunk names three of its own, and counts the rest of its 600 as others; half of them are in both.
    const chunks = [0, 300].map((first) =>
      Array.from({ length: 1_200 }, (_, i) =>
        predictionOf({
          timestamp: MORNING + (i % 20) * 5 * MINUTE,
          features: { country: i === 0 ? 'DE' : `new ${first + (i % 600)}`, constant: 1 },
        }),
      ),
    );
    for (const [i, events] of chunks.entries()) {
      const open = chunkOf(directory, { start: i * 10_000, bounds });
      takeAll(open, events);
      await drainInto(store, open);
    }
    const country = (await merged(store, window)).get('7')?.get('country') as CategoricalProfile;
    expect(country).toMatchObject({ n: 2_400, other: 2_400 - 2 - 12 });
    const [first, second] = chunks.map((events, i) => {
      const named = new Set([1, 2, 3].map((k) => `new ${300 * i + k}`));
      return counted(events, window, (category) => named.has(category))
        .get('7')
        ?.get('country');
    });
    mergeProfile(first as FeatureProfile, second as FeatureProfile);
    expect(country).toEqual(first);
    const distinct = distinctCategories(country);
    expect(distinct.defined && Math.abs(distinct.value.value / 901 - 1)).toBeLessThan(
      3 * DISTINCT_STANDARD_ERROR,
    );

    const quiet = (await merged(store, window)).get('7')?.get('__prediction__');
    expect(quiet).toMatchObject({ other: 0, registers: new Uint8Array(0) });
  });

  it('add up with parts that were written without a sketch', async () => {
    const store = await stores.fresh();
    const place = {
      model: 'fraud',
      version: '7',
      segment: '',
      feature: 'country',
      baseline_id: REFERENCE.id,
    };
    const older = {
      ...place,
      topic: 't',
      partition: 0,
      chunk_start: 0,
      end_offset: 5,
      n: 5,
      other: 5,
      cells: [0, 0],
    };
    await store.insert('profile_parts', [{ ...older, pane: '2026-11-22 08:00:00.000' }]);
    const window = { from: MORNING, to: MORNING + 2 * HOUR };
    const before = (await merged(store, window)).get('7')?.get('country') as CategoricalProfile;
    expect(distinctCategories(before)).toMatchObject({ defined: false });

    const open = chunkOf(await directoryOf([REFERENCE]), {
      bounds: { ...DEFAULT_CHUNK_BOUNDS, categories: 0, categoryLength: 20 },
    });
    takeAll(open, [predictionOf({ timestamp: MORNING + HOUR, features: { country: 'new' } })]);
    await drainInto(store, open);
    const after = (await merged(store, window)).get('7')?.get('country') as CategoricalProfile;
    expect(after).toMatchObject({ n: 6, other: 6 });
    expect(after.registers).toHaveLength(1_024);
  });

  it('keep sums that leave the range of a double', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const open = chunkOf(directory);
    const events = [1.5e308, 1.7e308, -1.6e308].map((amount) => predictionOf({ features: { amount } }));
    takeAll(open, events);
    await drainInto(store, open);
    const window = { from: MORNING, to: MORNING + HOUR };
    expect(await merged(store, window)).toEqual(counted(events, window));
    expect((await merged(store, window)).get('7')?.get('amount')).toMatchObject({
      sumSquares: Number.POSITIVE_INFINITY,
      highExcess: Number.POSITIVE_INFINITY,
    });
  });

  it('of another baseline, segment or model do not mix', async () => {
    const store = await stores.fresh();
    const other = referenceOf('fraud', 256);
    const foreign = referenceOf('churn', 512);
    const events = eventsOf(5, 200);
    for (const baseline of [REFERENCE, other, foreign]) {
      const open = chunkOf(await directoryOf([baseline]));
      takeAll(
        open,
        events.map((event) => ({ ...event, model: baseline.model })),
      );
      await drainInto(store, open);
    }
    const window = { from: MORNING, to: MORNING + 2 * HOUR };
    expect(await merged(store, window)).toEqual(counted(events, window));
    const n = [...(await merged(store, window, other)).values()].reduce(
      (sum, features) => sum + (features.get('constant')?.n ?? 0),
      0,
    );
    expect(n).toBe(200);
    const elsewhere = { model: 'fraud', segment: 'country=DE', baselineId: REFERENCE.id, ...window };
    expect(await mergedProfiles(store, elsewhere, specsOf(REFERENCE))).toEqual(new Map());
  });

  it('are merged for the versions with the most events, where there are very many', async () => {
    const store = await stores.fresh();
    const open = chunkOf(await directoryOf([REFERENCE]), {
      bounds: { ...DEFAULT_CHUNK_BOUNDS, versions: 1_000 },
    });
    const event = (i: number) => predictionOf({ version: `v${i}` });
    takeAll(open, [...Array.from({ length: MOST_VERSIONS + 50 }, (_, i) => event(i)), event(240), event(7)]);
    await drainInto(store, open);
    const versions = await merged(store, { from: MORNING, to: MORNING + HOUR });
    expect(versions.size).toBe(MOST_VERSIONS);
    expect([...versions.keys()]).toEqual(expect.arrayContaining(['v240', 'v7']));
  });

  it('tell the first and the last pane of every version', async () => {
    const store = await stores.fresh();
    const open = chunkOf(await directoryOf([REFERENCE]));
    const times: ReadonlyArray<readonly [string, number]> = [
      ['7', 47],
      ['7', 3],
      ['8', 61],
    ];
    takeAll(
      open,
      times.map(([version, minute]) => predictionOf({ version, timestamp: MORNING + minute * MINUTE })),
    );
    await drainInto(store, open);
    const periods = await profiledPeriods(store);
    expect(periods.sort((a, b) => (a.version < b.version ? -1 : 1))).toEqual([
      { model: 'fraud', version: '7', first: MORNING, last: MORNING + 45 * MINUTE },
      { model: 'fraud', version: '8', first: MORNING + HOUR, last: MORNING + HOUR },
    ]);
    expect(await profiledPeriods(store, 'fraud')).toHaveLength(2);
    expect(await profiledPeriods(store, 'churn')).toEqual([]);
  });
});
