import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { LogRecord } from '../../src/ingest/record.ts';
import type { SendDeadLetters } from '../../src/pipeline/dead-letters.ts';
import { DEFAULT_LABELS, type ModelPolicies } from '../../src/pipeline/model-policy.ts';
import { findFaults } from '../../src/pipeline/verify-chunks.ts';
import { paneStart } from '../../src/profile/pane.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import { chunkProfiles, chunkProgress } from '../../src/store/chunk-audit.ts';
import type { Store } from '../../src/store/client.ts';
import { partitionProgress } from '../../src/store/progress.ts';
import { baselineOf, HOUR, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { type FaultyStore, faultyStore } from '../support/faulty-store.ts';
import { POLICY } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { decode, ingestProcess } from './ingest-parts.ts';
import { MemoryLog, Owner, readAll } from './memory-log.ts';
import { randomLog } from './random-log.ts';
import { countedEvents, storedCounts } from './stored-counts.ts';

const PANE = 30 * MINUTE;
const EVENTS = Array.from({ length: 64 }, (_, i) =>
  predictionOf({
    features: { amount: i / 8, country: i % 2 === 0 ? 'DE' : 'FR', flag: i % 3 === 0 },
    prediction: i % 5 === 0 ? 'fraud' : 'ok',
    score: (i % 8) / 8,
  }),
);
const BASELINES = [
  // Enough events for segments.
  {
    baseline: baselineOf(Array.from({ length: 8 }, () => EVENTS).flat(), { pane: PANE }, ['country', 'flag']),
    appliesFrom: 0,
  },
  { baseline: baselineOf(EVENTS, { pane: PANE, model: 'churn', version: '1' }), appliesFrom: 0 },
  // Holds from the middle of the log on.
  { baseline: baselineOf(EVENTS, { pane: PANE, model: 'late' }), appliesFrom: MORNING + HOUR },
];
const MODELS = [
  ['fraud', '7'],
  ['fraud', '8'],
  ['churn', '1'],
  ['churn', '2'],
  ['late', '1'],
  ['new', '1'],
] as const;

/** `new` has no baseline and gets none. Predictions are kept for some models only. */
const policies: ModelPolicies = (model) => ({
  ...POLICY,
  learn: 1_000_000,
  labels: model === 'new' ? undefined : DEFAULT_LABELS,
});

/** Empties a store, which is quicker than making a new one, and gives it the baselines. */
async function prepare(store: Store): Promise<void> {
  await store.command('TRUNCATE ALL TABLES FROM {database}');
  for (const { baseline, appliesFrom } of BASELINES) {
    const { id: baselineId, model, version = '' } = baseline;
    await saveBaseline(store, baseline, 'file');
    await saveActivation(store, { model, version, appliesFrom, baselineId, reason: 'test' });
  }
}

/**
 * Reads the log through any number of owners who die in every way there is.
 *
 * @returns the offsets of the dead letters, in the order in which they were sent.
 */
async function survive(log: MemoryLog, real: Store, random: Random, maxProfiles: number): Promise<number[]> {
  const limits = { maxRecords: 50, maxProfiles, maxMinutes: 1_000 };
  const zombies: Array<{ owner: Owner; store: FaultyStore }> = [];
  const chance = (share: number): boolean => random() < share;
  const whole = (below: number): number => Math.floor(random() * below);
  const letters: number[] = [];
  const sendDeadLetters: SendDeadLetters = async (sent) => {
    if (chance(0.1)) throw new Error('killed before the letters were sent');
    letters.push(...sent.map(({ record }) => record.offset));
    if (chance(0.1)) throw new Error('killed when the letters were sent');
  };
  for (let lives = 1; ; lives += 1) {
    const store = faultyStore(real);
    const owner = new Owner(log, (await ingestProcess(store, policies, { limits, sendDeadLetters })).open);
    try {
      for (;;) {
        const zombie = chance(0.2) ? zombies[whole(zombies.length)] : undefined;
        if (zombie !== undefined) await haunt(zombie.owner, random);
        const fate = random();
        if (fate < 0.03) throw new Error('killed between two batches');
        if (fate < 0.09) store.insertsLeft = whole(6);
        else if (fate < 0.12) owner.misfortune.heartbeat = true;
        else if (fate < 0.15) owner.misfortune.commit = 'refused';
        else if (fate < 0.18) owner.misfortune.commit = 'lost';
        if (chance(0.2)) await owner.worker.flush();
        if (await owner.step(1 + whole(40))) continue;
        if (lives >= 3) break;
        throw new Error('killed at the end of the log');
      }
      await owner.worker.flush(true);
      for (const { owner: other } of zombies) await haunt(other, random);
      return letters;
    } catch {
      store.insertsLeft = undefined;
      owner.misfortune.heartbeat = false;
      if (chance(0.5)) owner.revoke();
      if (chance(0.5)) zombies.push({ owner, store });
    }
  }
}

/** A process that does not know yet that it has lost the partition goes on. */
async function haunt(owner: Owner, random: Random): Promise<void> {
  try {
    if (random() < 0.5) await owner.worker.flush();
    else await owner.step(1 + Math.floor(random() * 40));
  } catch {
    // Fenced off, or without a store: that is how zombies end.
  }
}

/** What the profiles must hold, by plain counting. */
function expectedEvents(records: readonly LogRecord[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { value, timestamp } of records) {
    const outcome = decode(value, timestamp);
    if (outcome.kind !== 'ok' || outcome.value.kind !== 'prediction') continue;
    const { model, version, timestamp: at } = outcome.value;
    const active = BASELINES.find(
      ({ baseline, appliesFrom }) =>
        baseline.model === model && (baseline.version ?? version) === version && appliesFrom <= at,
    );
    if (active === undefined) continue;
    const key = `${model} ${version} ${paneStart(at, PANE)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As with the schedules of faults: few with each run of all tests, thirty with `npm run test:faults`. */
const SEEDS = { embedded: process.env['DRIFTD_FAULT_SEEDS'] === undefined ? 12 : 30, server: 2 };

describe.each(STORE_KINDS)('a log that is read by owners who come and go: %s', (kind) => {
  const stores = storesOfSuite(kind);
  let clean: Store;
  let battered: Store;

  beforeAll(async () => {
    clean = await stores.fresh();
    battered = await stores.fresh();
  });
  beforeEach(async () => {
    await prepare(clean);
    await prepare(battered);
  });

  it.each(Array.from({ length: SEEDS[kind] }, (_, seed) => seed))(
    'is counted exactly once, record for record (seed %i)',
    async (seed) => {
      const random = seededRandom(seed * 1_000 + 7);
      const records = randomLog(seed, { count: 150, scatter: 3 * HOUR, models: MODELS });
      const maxProfiles = seed % 3 === 0 ? 150 : 50_000;
      const limits = { maxRecords: 50, maxProfiles, maxMinutes: 1_000 };
      await readAll(new MemoryLog(records), (await ingestProcess(clean, policies, { limits })).open);
      const expected = await storedCounts(clean);
      expect(await countedEvents(clean)).toEqual(expectedEvents(records));
      expect(expected.profiles.some((row) => (row as { segment: string }).segment !== '')).toBe(true);
      expect(expected.labels.length).toBeGreaterThan(10);
      expect(expected.rejects.length).toBeGreaterThan(0);

      const log = new MemoryLog(records);
      const letters = await survive(log, battered, random, maxProfiles);

      expect(await storedCounts(battered)).toEqual(expected);
      const rejected = expected.rejects.map((row) => (row as { offset: number }).offset);
      expect([...new Set(letters)].sort((a, b) => a - b)).toEqual(rejected);
      for (const store of [clean, battered]) {
        const faults = findFaults(await chunkProgress(store), await chunkProfiles(store), Date.now());
        expect(faults).toEqual([]);
      }
      const reached = (await partitionProgress(clean)).map(({ endOffset, maxEventTime }) => ({
        endOffset,
        maxEventTime,
      }));
      expect(await partitionProgress(battered)).toMatchObject(reached);
    },
  );
});
