import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { changeDetectorPolicy } from '../../src/metrics/change-detector-options.ts';
import type { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import type { ErrorStreams } from '../../src/pipeline/error-streams.ts';
import { measureGroup } from '../../src/pipeline/measure.ts';
import type { ModelPolicy } from '../../src/pipeline/model-policy.ts';
import { createErrorStreams } from '../../src/pipeline/stored-error-streams.ts';
import { storedMeasurements } from '../../src/pipeline/stored-measurements.ts';
import { nameTest } from '../../src/rules/globs.ts';
import type { Store } from '../../src/store/client.ts';
import { errorChanges, newestErrorStreams } from '../../src/store/error-streams.ts';
import { labelledErrors } from '../../src/store/labelled-errors.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { streamCases } from '../stats/conformance-cases.ts';
import { HOUR, labelOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { faultyStore } from '../support/faulty-store.ts';
import { chunkOf, directoryOf, drainInto, POLICY } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { REFERENCE } from './hours.ts';
import { groupsOf } from './memory-evaluations.ts';

const LOG = pino({ level: 'silent' });
const EVERY = { wantsModel: nameTest(['*']) };
const DAY = 24 * HOUR;

/** A prediction every second, with the error that it turns out to have; labels come later, in any order. */
interface Series {
  readonly values: readonly number[];
  readonly task?: ModelPolicy['task'];
  readonly version?: string;
  readonly every?: number;
  /** Places whose label is left out. */
  readonly without?: (place: number) => boolean;
}

function idOf({ version = '7' }: Series, place: number): string {
  return `${version}-${place}`;
}

function shuffled(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  const places = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [places[i], places[j]] = [places[j] as number, places[i] as number];
  }
  return places;
}

async function storePredictions(store: Store, directory: BaselineDirectory, series: Series): Promise<void> {
  const { values, task = 'classification', version = '7', every = 1_000 } = series;
  const open = chunkOf(directory);
  for (const [place, value] of values.entries()) {
    const timestamp = MORNING + place * every;
    const event = predictionOf({
      version,
      timestamp,
      predictionId: idOf(series, place),
      prediction: task === 'regression' ? value : value === 1 ? 'fraud' : 'ok',
    });
    open.chunk.take(place, timestamp);
    open.take({ offset: place, timestamp, value: null }, { kind: 'ok', value: event });
  }
  await drainInto(store, open);
}

/** Every label in an order of its own, one in twenty wrong at first. */
async function storeLabels(
  store: Store,
  directory: BaselineDirectory,
  series: Series,
  places: readonly number[],
): Promise<void> {
  const { task = 'classification', without = () => false } = series;
  const right = task === 'regression' ? 0 : 'ok';
  const wrong = task === 'regression' ? 99 : 'fraud';
  const open = chunkOf(directory, { topic: 'labels' });
  const take = (place: number, label: string | number, timestamp: number): void => {
    const offset = open.chunk.end;
    open.chunk.take(offset, timestamp);
    const value = labelOf({ predictionId: idOf(series, place), label, timestamp });
    open.take({ offset, timestamp, value: null }, { kind: 'ok', value });
  };
  for (const place of places) {
    if (without(place)) continue;
    if (place % 20 === 0) take(place, wrong, MORNING + DAY);
    take(place, right, MORNING + 2 * DAY);
  }
  await drainInto(store, open);
}

function streamsOn(
  store: Store,
  directory: BaselineDirectory,
  policy: Partial<ModelPolicy> = {},
  assertOwner: () => void = () => undefined,
): ErrorStreams {
  return createErrorStreams({
    store,
    logger: LOG,
    telemetry: createTelemetry(),
    directory,
    policies: () => ({ ...POLICY, ...policy }),
    backfill: DAY,
    assertOwner,
  });
}

async function advanced(streams: ErrorStreams, ...instants: number[]): Promise<void> {
  await streams.takeOver();
  for (const instant of instants) await streams.advance(EVERY, instant, new AbortController().signal);
}

/** `adwin increase 1023` and the like, in order. */
async function changesIn(store: Store): Promise<string[]> {
  const changes = await errorChanges(store, { model: 'fraud', from: 0, to: MORNING + 10 * DAY });
  return changes.map(({ detector, signal, observation }) => `${detector} ${signal} ${observation}`);
}

async function observedIn(store: Store): Promise<number> {
  const rows = await store.query<{ n: number }>(
    'SELECT sum(observations) AS n FROM {database}.error_panes FINAL',
  );
  return rows[0]?.n ?? 0;
}

function bernoulli(seed: number, ...parts: ReadonlyArray<readonly [count: number, rate: number]>): number[] {
  const random = seededRandom(seed);
  return parts.flatMap(([count, rate]) => Array.from({ length: count }, () => (random() < rate ? 1 : 0)));
}

const WORSE = bernoulli(5, [2_000, 0.1], [1_000, 0.6]);

describe.each(STORE_KINDS)('streams of errors: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it.each(
    streamCases().flatMap(({ name, values, expected }) =>
      Object.entries(expected).map(([detector, { detected_at }]) => ({
        name,
        values,
        detector,
        detected_at,
      })),
    ),
  )(
    'give what was published for $detector on $name, from labels in random order and late',
    async ({ values, detector, detected_at }) => {
      const store = await stores.fresh();
      const directory = await directoryOf([REFERENCE]);
      const task = detector === 'ddm' ? 'classification' : 'regression';
      const series = { values, task } as const;
      await storePredictions(store, directory, series);
      await storeLabels(store, directory, series, shuffled(values.length, 3));
      const instants = Array.from({ length: 5 }, (_, i) => MORNING + (i + 1) * 9 * MINUTE);
      await advanced(streamsOn(store, directory, { task }), ...instants);
      const found = (await changesIn(store)).filter((text) => text.startsWith(detector));
      const places = found
        .filter((text) => !text.includes('warning'))
        .map((text) => Number(text.split(' ')[2]));
      expect(places).toEqual(detected_at);
      expect(await observedIn(store)).toBe(values.length);
    },
  );

  it('are what a group sees that names nothing else: every version that serves, and no other', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const labelled = { values: WORSE };
    await storePredictions(store, directory, labelled);
    await storePredictions(store, directory, { values: WORSE, version: '8' });
    await storeLabels(store, directory, labelled, shuffled(WORSE.length, 15));
    await advanced(streamsOn(store, directory), MORNING + HOUR);
    const [group] = groupsOf(`
groups:
  - name: errors
    schedule: "*/5 * * * *"
    window: 30m
    rules: [{ alert: Changed, when: adwin.increased || previous.adwin.increased, summary: changed }]
`);
    const ports = storedMeasurements(store, directory, () => POLICY);
    const seen = async (minutes: number) => {
      const { subjects, rows } = await measureGroup(group!, MORNING + minutes * MINUTE, ports);
      expect(rows.length).toBe(6 * subjects.length);
      return subjects.map(({ each, version, metrics, others }) => {
        const [own, before] = [metrics, others?.get('previous')?.metrics].map((found) => {
          const result = found?.get('adwin.increased');
          return result?.status === 'ok' ? result.value : result?.status;
        });
        return `${each} ${version}: ${before}, ${own}`;
      });
    };
    // The change is at 2 000 seconds.
    expect(await seen(30)).toEqual(['performance 7: no_data, 0', 'performance 8: no_data, no_data']);
    expect(await seen(60)).toEqual(['performance 7: 0, 1', 'performance 8: no_data, no_data']);
    expect(await seen(90)).toEqual([]);
  });
});

/** How far a stream got behind its last label depends on the steps; what the detectors know does not. */
async function detectorsIn(store: Store): Promise<unknown> {
  return (await newestErrorStreams(store)).map(({ state }) => JSON.parse(state) as unknown);
}

async function stateIn(store: Store): Promise<unknown> {
  return (await newestErrorStreams(store)).map(({ model, advancedTo, state }) => ({
    model,
    advancedTo,
    state: JSON.parse(state) as unknown,
  }));
}

describe('a stream of errors', () => {
  const stores = storesOfSuite('embedded');

  it('leaves out labels that come when it has passed, and corrections then, and applies none twice', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const series = { values: WORSE, without: (place: number) => place % 3 === 0 };
    await storePredictions(store, directory, series);
    await storeLabels(store, directory, series, shuffled(WORSE.length, 4));
    const streams = streamsOn(store, directory);
    await advanced(streams, MORNING + HOUR);
    const before = await changesIn(store);
    const known = WORSE.filter((_, place) => place % 3 !== 0).length;
    expect(await observedIn(store)).toBe(known);
    expect(before.length).toBeGreaterThan(0);

    // All that was left out comes now, and what was there is told otherwise.
    const late = { values: WORSE.map((value) => 1 - value) };
    await storeLabels(store, directory, late, shuffled(WORSE.length, 5));
    await advanced(streams, MORNING + HOUR, MORNING + 2 * HOUR);
    await advanced(streamsOn(store, directory), MORNING + 2 * HOUR);
    expect(await changesIn(store)).toEqual(before);
    expect(await observedIn(store)).toBe(known);

    const [group] = groupsOf(
      'groups: [{ name: g, schedule: "0 * * * *", window: 1h, rules: [{ alert: A, when: "accuracy < 0.1" }] }]',
    );
    const ports = storedMeasurements(store, directory, () => POLICY);
    const { subjects } = await measureGroup(group!, MORNING + HOUR, ports);
    const metrics = subjects.find(({ each }) => each === 'performance')?.metrics;
    expect(metrics?.get('labelled')).toMatchObject({ value: WORSE.length });
    expect(metrics?.get('stream_observations')).toMatchObject({ value: known });
  });

  it('waits an hour for the first labels where none has come', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const series = { values: WORSE };
    await storePredictions(store, directory, series);
    const streams = streamsOn(store, directory);
    await advanced(streams, MORNING + 40 * MINUTE);
    await storeLabels(store, directory, series, shuffled(WORSE.length, 6));
    await advanced(streams, MORNING + 50 * MINUTE);
    expect(await observedIn(store)).toBe(WORSE.length);
  });

  it('goes on exactly in another process, wherever the one before ended', async () => {
    const calm = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const series = { values: WORSE };
    await storePredictions(calm, directory, series);
    await storeLabels(calm, directory, series, shuffled(WORSE.length, 7));
    await advanced(streamsOn(calm, directory), MORNING + HOUR);
    const store = await stores.fresh();
    await storePredictions(store, directory, series);
    await storeLabels(store, directory, series, shuffled(WORSE.length, 8));
    for (let minute = 5; minute <= 60; minute += 5)
      await advanced(streamsOn(store, directory), MORNING + minute * MINUTE);
    expect(await changesIn(store)).toEqual(await changesIn(calm));
    expect(await detectorsIn(store)).toEqual(await detectorsIn(calm));
  });

  it.each(['error_streams', 'error_panes', 'error_changes'])(
    'is the same when the process dies while it writes %s',
    async (table) => {
      const directory = await directoryOf([REFERENCE]);
      const series = { values: WORSE, every: 5_000 };
      const [calm, store] = [await stores.fresh(), await stores.fresh()];
      for (const each of [calm, store]) {
        await storePredictions(each, directory, series);
        await storeLabels(each, directory, series, shuffled(WORSE.length, 9));
      }
      const instants = [1, 2, 3, 4, 5].map((hour) => MORNING + hour * HOUR);
      await advanced(streamsOn(calm, directory), ...instants);
      const faulty = faultyStore(store);
      faulty.failsAt = { table, calls: 2 };
      await expect(advanced(streamsOn(faulty, directory), ...instants)).rejects.toThrow('on purpose');
      await advanced(streamsOn(store, directory), ...instants);
      expect(await changesIn(store)).toEqual(await changesIn(calm));
      expect(await stateIn(store)).toEqual(await stateIn(calm));
      expect(await observedIn(store)).toBe(WORSE.length);
    },
  );

  it('is not spoiled by a process that does not know that another one leads it', async () => {
    const directory = await directoryOf([REFERENCE]);
    const series = { values: WORSE, every: 5_000 };
    const [calm, store] = [await stores.fresh(), await stores.fresh()];
    for (const each of [calm, store]) {
      await storePredictions(each, directory, series);
      await storeLabels(each, directory, series, shuffled(WORSE.length, 10));
    }
    await advanced(streamsOn(calm, directory), MORNING + 5 * HOUR);
    const zombie = streamsOn(store, directory);
    await advanced(zombie, MORNING + HOUR);
    await advanced(streamsOn(store, directory), MORNING + 3 * HOUR);
    await zombie.advance(EVERY, MORNING + 2 * HOUR, new AbortController().signal);
    await advanced(streamsOn(store, directory), MORNING + 5 * HOUR);
    expect(await changesIn(store)).toEqual(await changesIn(calm));
    expect(await stateIn(store)).toEqual(await stateIn(calm));
    expect(await observedIn(store)).toBe(WORSE.length);
  });

  it('commits nothing when it may not any more', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const series = { values: WORSE };
    await storePredictions(store, directory, series);
    await storeLabels(store, directory, series, shuffled(WORSE.length, 11));
    const lost = streamsOn(store, directory, {}, () => {
      throw new Error('the partitions are lost');
    });
    await expect(advanced(lost, MORNING + HOUR)).rejects.toThrow('lost');
    expect(await newestErrorStreams(store)).toEqual([]);
    const stopped = new AbortController();
    const streams = streamsOn(store, directory);
    await streams.takeOver();
    stopped.abort(new Error('stopped'));
    await expect(streams.advance(EVERY, MORNING + HOUR, stopped.signal)).rejects.toThrow('stopped');
    expect(await newestErrorStreams(store)).toEqual([]);
  });

  it('is read page by page without a gap, also within one instant', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const series = { values: WORSE.slice(0, 60), every: 0 };
    await storePredictions(store, directory, series);
    await storeLabels(store, directory, series, shuffled(60, 16));
    const window = { model: 'fraud', from: MORNING, to: MORNING + HOUR };
    const all = await labelledErrors(store, window, POLICY, undefined, 1_000);
    expect(all.map(({ id }) => id)).toEqual(series.values.map((_, place) => idOf(series, place)));
    expect(all.map(({ error }) => error)).toEqual(series.values);
    const paged: typeof all = [];
    for (let page = all.slice(0, 0); paged.length < 60; paged.push(...page)) {
      page = await labelledErrors(store, window, POLICY, paged.at(-1), 7);
      expect(page.length).toBeGreaterThan(0);
    }
    expect(paged).toEqual(all);
    expect(await labelledErrors(store, window, POLICY, all.at(-1), 7)).toEqual([]);
  });

  it('goes by the score where no class was named, and leaves out what is neither right nor wrong', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const open = chunkOf(directory);
    const cases = [
      { prediction: undefined, score: 0.9, label: 'fraud' },
      { prediction: undefined, score: 0.9, label: 'ok' },
      { prediction: undefined, score: 0.1, label: 'fraud' },
      { prediction: undefined, score: undefined, label: 'fraud' },
      { prediction: undefined, score: 0.1, label: false },
      { prediction: true, score: 0.1, label: true },
    ];
    for (const [place, fields] of cases.entries()) {
      const timestamp = MORNING + place;
      open.chunk.take(place, timestamp);
      const value = predictionOf({ timestamp, predictionId: `s${place}`, ...fields });
      open.take({ offset: place, timestamp, value: null }, { kind: 'ok', value });
    }
    await drainInto(store, open);
    const window = { model: 'fraud', from: MORNING, to: MORNING + HOUR };
    const errors = async (policy: Partial<ModelPolicy>) =>
      (await labelledErrors(store, window, { ...POLICY, ...policy }, undefined, 100)).map(
        ({ id, error }) => `${id} ${error}`,
      );
    expect(await errors({ positive: 'fraud' })).toEqual(['s0 0', 's1 1', 's2 1', 's4 0', 's5 0']);
    // Nobody has said which class the score is of, but for true and false.
    expect(await errors({ positive: undefined })).toEqual(['s4 0', 's5 0']);
    expect(await errors({ task: 'regression' })).toEqual([]);
  });

  it('keeps predictions of one instant in the order of the log', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const series = { values: WORSE, every: 0 };
    await storePredictions(store, directory, series);
    await storeLabels(store, directory, series, shuffled(WORSE.length, 12));
    const calm = await stores.fresh();
    await storePredictions(calm, directory, { values: WORSE });
    await storeLabels(calm, directory, { values: WORSE }, shuffled(WORSE.length, 13));
    for (const each of [store, calm]) await advanced(streamsOn(each, directory), MORNING + HOUR);
    const changes = (texts: readonly string[]) => texts.filter((text) => !text.includes('warning')).sort();
    expect(changes(await changesIn(store))).toEqual(changes(await changesIn(calm)));
  });

  it('is one for each version, and begins anew where the model is given another task', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    for (const version of ['7', '__proto__']) {
      const series = { values: WORSE, version };
      await storePredictions(store, directory, series);
      await storeLabels(store, directory, series, shuffled(WORSE.length, 14));
    }
    await advanced(streamsOn(store, directory), MORNING + HOUR);
    const [row] = await newestErrorStreams(store);
    const states = Object.entries(JSON.parse(row?.state ?? '{}') as Record<string, { n: number }>);
    expect(states.map(([version, { n }]) => `${version} ${n}`).sort()).toEqual(['7 3000', '__proto__ 3000']);

    const numbers = { values: [3, 4, 5], version: '7', task: 'regression' } as const;
    const open = chunkOf(directory);
    for (const [place, value] of numbers.values.entries()) {
      const timestamp = MORNING + HOUR + place;
      open.chunk.take(place, timestamp);
      const event = predictionOf({ timestamp, predictionId: `n-${place}`, prediction: value, label: 0 });
      open.take({ offset: place, timestamp, value: null }, { kind: 'ok', value: event });
    }
    await drainInto(store, open);
    await advanced(streamsOn(store, directory, { task: 'regression' }), MORNING + 2 * HOUR);
    const [after] = await newestErrorStreams(store);
    const now = JSON.parse(after?.state ?? '{}') as Record<string, { n: number; sum: number }>;
    expect(now['7']).toMatchObject({ n: 3, sum: 12 });
  });

  it('divides errors of a regression by what the configuration says', async () => {
    const store = await stores.fresh();
    const directory = await directoryOf([REFERENCE]);
    const series = { values: [100, 300, 1e300], task: 'regression' } as const;
    await storePredictions(store, directory, series);
    await storeLabels(store, directory, series, [0, 1, 2]);
    const changeDetectors = { ...changeDetectorPolicy(), errorScale: 100 };
    await advanced(streamsOn(store, directory, { task: 'regression', changeDetectors }), MORNING + HOUR);
    const [row] = await newestErrorStreams(store);
    const { sum } = (JSON.parse(row?.state ?? '{}') as Record<string, { sum: number }>)['7'] ?? {};
    // The largest error counts as a million of the usual ones.
    expect(sum).toBe(1 + 3 + 1e6);
  });
});
