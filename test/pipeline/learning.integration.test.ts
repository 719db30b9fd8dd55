import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { LogRecord } from '../../src/ingest/record.ts';
import type { ModelPolicies } from '../../src/pipeline/model-policy.ts';
import { paneStart } from '../../src/profile/pane.ts';
import {
  listActivations,
  listBaselines,
  loadBaseline,
  saveActivation,
  saveBaseline,
} from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { HOUR, MINUTE } from '../support/events.ts';
import { faultyStore } from '../support/faulty-store.ts';
import { POLICY } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { decode, type IngestProcess, ingestProcess } from './ingest-parts.ts';
import { MemoryLog, Owner, readAll } from './memory-log.ts';
import { randomLog } from './random-log.ts';
import { steadyLog } from './steady-log.ts';
import { countedEvents, storedCounts } from './stored-counts.ts';

const PANE = 10 * MINUTE;
const LEARN = 60;
const policies: ModelPolicies = () => ({ ...POLICY, pane: PANE, learn: LEARN });
const MODELS = [
  ['fraud', '7'],
  ['fraud', '8'],
  ['churn', '1'],
] as const;

/** Owners die, and the instance that learns looks at any time: in the middle of a chunk, and between its flushes. */
async function survive(log: MemoryLog, real: Store, random: Random): Promise<void> {
  const begin = async () => {
    const store = faultyStore(real);
    return { store, ingest: await ingestProcess(store, policies, { learnsInline: true }) };
  };
  let { store, ingest } = await begin();
  for (let lives = 1; ; lives += 1) {
    const owner = new Owner(log, ingest.open);
    try {
      do {
        const fate = random();
        if (fate < 0.05) throw new Error('killed');
        if (fate < 0.12) store.insertsLeft = Math.floor(random() * 6);
        else if (fate < 0.16) owner.misfortune.commit = 'lost';
        if (random() < 0.3) await owner.worker.flush();
        if (random() < 0.2) await learnAsAnotherWould(real, ingest, owner);
      } while (await owner.step(1 + Math.floor(random() * 40)));
      if (lives < 3) throw new Error('killed at the end of the log');
      await owner.worker.flush();
      return;
    } catch {
      owner.revoke();
      store.insertsLeft = undefined;
      // The process dies, or it only lost the partition for a while.
      if (random() < 0.5) ({ store, ingest } = await begin());
    }
  }
}

/** What the timers of the daemon do: the evaluating instance learns, and the others hear of it. */
async function learnAsAnotherWould(store: Store, ingest: IngestProcess, owner: Owner): Promise<void> {
  await (await ingestProcess(store, policies)).learning.learn();
  await ingest.directory.refresh();
  await owner.worker.rereadIfOutdated();
}

/** Events behind the activation of their model's baseline, by plain counting. */
async function expectedEvents(store: Store, records: readonly LogRecord[]): Promise<Map<string, number>> {
  const activations = await listActivations(store);
  const counts = new Map<string, number>();
  for (const { value, timestamp } of records) {
    const outcome = decode(value, timestamp);
    if (outcome.kind !== 'ok' || outcome.value.kind !== 'prediction') continue;
    const { model, version, timestamp: at } = outcome.value;
    if (!activations.some((active) => active.model === model && active.appliesFrom <= at)) continue;
    const key = `${model} ${version} ${paneStart(at, PANE)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function copyBaselines(from: Store, to: Store): Promise<void> {
  for (const { id } of await listBaselines(from)) {
    const baseline = await loadBaseline(from, id);
    if (baseline !== undefined) await saveBaseline(to, baseline, 'file');
  }
  for (const activation of await listActivations(from)) await saveActivation(to, activation);
}

describe.each(STORE_KINDS)('a model that learns its baseline from the log: %s', (kind) => {
  const stores = storesOfSuite(kind);
  const seeds = Array.from({ length: kind === 'embedded' ? 6 : 1 }, (_, seed) => seed);

  it.each(seeds)(
    'has every event behind the baseline counted once, wherever its owners die (seed %i)',
    async (seed) => {
      const records = randomLog(seed + 100, { count: 300, scatter: HOUR / 2, models: MODELS });
      const store = await stores.fresh();
      await survive(new MemoryLog(records), store, seededRandom(seed));

      expect((await listBaselines(store)).map(({ model, rows }) => [model, rows]).sort()).toEqual([
        ['churn', LEARN],
        ['fraud', LEARN],
      ]);
      const expected = await expectedEvents(store, records);
      expect(expected.size).toBeGreaterThan(5);
      expect(await countedEvents(store)).toEqual(expected);

      // A pass that knew the baselines from the beginning counts the same.
      const knowing = await stores.fresh();
      await copyBaselines(store, knowing);
      await readAll(new MemoryLog(records), (await ingestProcess(knowing, policies)).open);
      const { profiles: _, ...rest } = await storedCounts(store);
      const { profiles: __, ...same } = await storedCounts(knowing);
      expect(rest).toEqual(same);
      expect(await countedEvents(knowing)).toEqual(expected);
    },
  );

  it('has no event that was committed without being counted, after a partition came back to the same process', async () => {
    const log = new MemoryLog(steadyLog(250, { ahead: { 40: 55 * MINUTE } }));
    const store = await stores.fresh();
    const { open } = await ingestProcess(store, policies, { learnsInline: true });
    const first = new Owner(log, open);
    await first.step(30);
    await first.worker.flush();
    first.revoke();
    await readAll(log, open);

    const expected = await expectedEvents(store, log.records);
    expect(expected.size).toBeGreaterThan(5);
    expect(await countedEvents(store)).toEqual(expected);
  });

  it('learns the same from a log in order of event time, wherever its owners die', async () => {
    const records = inOrder(randomLog(1, { count: 200, scatter: 0, models: [['fraud', '7']] }));
    const clean = await stores.fresh();
    const { open } = await ingestProcess(clean, policies, { learnsInline: true });
    await readAll(new MemoryLog(records), open);
    for (const seed of [1, 2]) {
      const store = await stores.fresh();
      await survive(new MemoryLog(records), store, seededRandom(seed));
      expect((await listBaselines(store)).map(({ id }) => id)).toEqual(
        (await listBaselines(clean)).map(({ id }) => id),
      );
    }
  });
});

/** The same records with ascending timestamps. */
function inOrder(records: readonly LogRecord[]): LogRecord[] {
  const sorted = [...records].sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
  return sorted.map((record, i) => ({ ...record, offset: records[i]?.offset ?? i }));
}
