import { expect, it } from 'vitest';
import type { PartitionWorker } from '../../src/pipeline/partition-worker.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { baselineOf, predictionOf } from '../support/events.ts';
import { activationOf, POLICY } from '../support/open-chunks.ts';
import { storesOfSuite } from '../support/stores.ts';
import { ingestProcess } from './ingest-parts.ts';
import { MemoryLog, TOPIC } from './memory-log.ts';
import { steadyLog } from './steady-log.ts';

const PARTITIONS = 40;
const RECORDS = 20;

const stores = storesOfSuite('embedded');

it('stores what many partitions flush at a time with few inserts, and all of it', async () => {
  const store = await stores.fresh();
  const baseline = baselineOf([0, 7].map((amount) => predictionOf({ features: { amount } })));
  await saveBaseline(store, baseline, 'file');
  await saveActivation(store, activationOf(baseline));
  const inserts = new Map<string, number>();
  const counting: Store = {
    ...store,
    insert: (table, rows) => {
      inserts.set(table, (inserts.get(table) ?? 0) + 1);
      return store.insert(table, rows);
    },
  };
  const { open } = await ingestProcess(counting, () => POLICY);
  const workers: PartitionWorker[] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const worker = open(TOPIC, partition, {
      signal: new AbortController().signal,
      heartbeat: () => Promise.resolve(),
      commit: () => Promise.resolve(),
      seek: () => undefined,
    });
    const batch = new MemoryLog(steadyLog(RECORDS)).batchAt(0, RECORDS);
    if (batch !== undefined) await worker.handle({ ...batch, partition });
    workers.push(worker);
  }
  inserts.clear();
  await Promise.all(workers.map((worker) => worker.flush()));
  for (const table of ['profile_parts', 'intake', 'progress'])
    expect(inserts.get(table), table).toBeLessThan(PARTITIONS / 4);
  const counts = await store.query(
    `SELECT partition, sum(n) AS n FROM {database}.profile_parts FINAL WHERE feature = 'amount' GROUP BY partition ORDER BY partition`,
  );
  expect(counts).toEqual(Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, n: RECORDS })));
  const ends = await store.query<{ end: number }>('SELECT end_offset AS end FROM {database}.progress FINAL');
  expect(ends).toEqual(Array(PARTITIONS).fill({ end: RECORDS }));
});
