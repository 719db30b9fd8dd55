import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../src/decode/decoder.ts';
import type { RecordBatch } from '../../src/ingest/record.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { chunkAt, partitionProgress } from '../../src/store/progress.ts';
import { baselineOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { faultyStore } from '../support/faulty-store.ts';
import { activationOf, POLICY } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { decode, type IngestProcess, ingestProcess } from './ingest-parts.ts';
import { MemoryLog, Owner, readAll, TOPIC } from './memory-log.ts';
import { steadyLog } from './steady-log.ts';
import { storedCounts } from './stored-counts.ts';

const BASELINE = baselineOf([0, 7].map((amount) => predictionOf({ features: { amount } })));
const policies = () => POLICY;
/** Chunks end after this many records, and whenever an hour does. */
const LIMITS = { maxRecords: 50, maxProfiles: 50_000, maxMinutes: 1_000 };

async function ingestInto(store: Store, maxRecords = 50): Promise<IngestProcess> {
  return ingestProcess(store, policies, { limits: { ...LIMITS, maxRecords } });
}

/** An ingest process of which is known how many records it has decoded. */
function decodedInto(store: Store): { count: number; readonly process: Promise<IngestProcess> } {
  const noted: Decoder = (payload, time) => {
    decoded.count += 1;
    return decode(payload, time);
  };
  const decoded = { count: 0, process: ingestProcess(store, policies, { limits: LIMITS, decode: noted }) };
  return decoded;
}

async function countOf(store: Store): Promise<number> {
  const rows = await store.query<{ n: number }>(
    "SELECT sum(n + missing) AS n FROM {database}.profile_parts FINAL WHERE feature = 'amount'",
  );
  return rows[0]?.n ?? 0;
}

/** A store that keeps rows of profiles waiting until they are allowed. */
function holding(store: Store): { readonly held: Store; readonly allow: () => void } {
  let allow = (): void => undefined;
  const allowed = new Promise<void>((resolve) => {
    allow = resolve;
  });
  const insert: Store['insert'] = async (table, rows) => {
    if (table === 'profile_parts') await allowed;
    await store.insert(table, rows);
  };
  return { held: { ...store, insert }, allow: () => allow() };
}

/** The log as it is after retention has deleted everything below an offset. */
function without(below: number, log: MemoryLog): MemoryLog {
  const kept = log.records.filter(({ offset }) => offset >= below);
  const shortened = new MemoryLog(kept, below);
  shortened.committed = log.committed;
  return shortened;
}

describe.each(STORE_KINDS)('the worker of a partition: %s', (kind) => {
  const stores = storesOfSuite(kind);

  async function storeWithBaseline(): Promise<Store> {
    const store = await stores.fresh();
    await saveBaseline(store, BASELINE, 'file');
    await saveActivation(store, activationOf(BASELINE));
    return store;
  }

  it('commits at the ends of chunks and nowhere else, when all of the chunk is stored', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(140));
    const { open } = await ingestInto(store);
    const owner = new Owner(log, open);
    const commits: number[] = [];
    while (await owner.step(10)) {
      await owner.worker.flush();
      if (log.committed !== commits.at(-1)) commits.push(log.committed);
    }
    // 50 records, or the hour: records are a minute apart.
    expect(commits).toEqual([0, 50, 60, 110, 120]);
    expect(await countOf(store)).toBe(140);
    const chunks = await Promise.all([0, 50, 60, 110, 120].map((start) => chunkAt(store, TOPIC, 0, start)));
    expect(chunks.map((chunk) => [chunk?.start, chunk?.end])).toEqual([
      [0, 50],
      [50, 60],
      [60, 110],
      [110, 120],
      [120, 140],
    ]);
  });

  it('has the store know of a chunk before any row of it is written, however slow that is', async () => {
    const store = await storeWithBaseline();
    const done: string[] = [];
    const slow: Store = {
      ...store,
      insert: async (table, rows) => {
        if (table === 'progress') await sleep(20);
        await store.insert(table, rows);
        done.push(table);
      },
    };
    await readAll(new MemoryLog(steadyLog(80)), (await ingestInto(slow)).open);
    // Of each chunk: that it begins, what it counted, and how far it came. The next one begins behind that.
    const chunk = ['progress', 'intake+profile_parts', 'progress'];
    const steps = done.flatMap((table, i) =>
      table === 'progress'
        ? [table]
        : done[i - 1] === 'progress'
          ? [[table, done[i + 1]].sort().join('+')]
          : [],
    );
    expect(steps).toEqual([...chunk, ...chunk, ...chunk]);
  });

  it('counts records once that the log gives twice', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(30));
    const { worker } = new Owner(log, (await ingestInto(store)).open);
    for (const [from, size] of [
      [0, 20],
      [10, 15],
      [5, 25],
    ] as const) {
      const batch = log.batchAt(from, size);
      if (batch !== undefined) expect(await worker.handle(batch)).toBe(true);
    }
    await worker.flush();
    expect(await countOf(store)).toBe(30);
  });

  it('lets others run behind each baseline that it is the first to need', async () => {
    const store = await storeWithBaseline();
    const other = baselineOf([predictionOf({ model: 'churn', features: { amount: 1 } })]);
    await saveBaseline(store, other, 'file');
    await saveActivation(store, activationOf(other));
    const churnFrom9 = steadyLog(18).map((record) =>
      record.offset < 9
        ? record
        : { ...record, value: Buffer.from(String(record.value).replace('fraud', 'churn')) },
    );
    const owner = new Owner(new MemoryLog(churnFrom9), (await ingestInto(store)).open);
    const beats: number[] = [];
    // Too few at a time for others to run because of how many they are.
    while (await owner.step(6)) beats.push(owner.heartbeats);
    expect(beats).toEqual([1, 2, 2]);
    await owner.worker.flush();
    expect(await countOf(store)).toBe(18);
  });

  it('goes no further when it hears behind a baseline that the partition is lost', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(6));
    const decoded = decodedInto(store);
    const owner = new Owner(log, (await decoded.process).open);
    owner.misfortune.heartbeat = true;
    await expect(owner.step(6)).rejects.toThrow('the group rebalances');
    expect(decoded.count).toBe(1);
    await readAll(log, (await ingestInto(store)).open);
    expect(await countOf(store)).toBe(6);
  });

  it('lets others run before it takes more, behind a batch whose last record needed a baseline first', async () => {
    const store = await storeWithBaseline();
    const decoded = decodedInto(store);
    const owner = new Owner(new MemoryLog(steadyLog(6)), (await decoded.process).open);
    await owner.step(1);
    expect([owner.heartbeats, decoded.count]).toEqual([0, 1]);
    owner.misfortune.heartbeat = true;
    await expect(owner.step(5)).rejects.toThrow('the group rebalances');
    expect([owner.heartbeats, decoded.count]).toEqual([1, 1]);
  });

  it('takes no record that has given way to others while others ran', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(6));
    const batch = log.batchAt(0, 6) as RecordBatch;
    const decoded = decodedInto(store);
    const owner = new Owner(log, (await decoded.process).open);
    const records = {
      length: 6,
      at: (i: number) => {
        if (owner.heartbeats > 0) throw new Error('the records of this batch have given way to others');
        return batch.records.at(i);
      },
    };
    await expect(owner.worker.handle({ ...batch, records })).rejects.toThrow('have given way');
    expect([owner.heartbeats, decoded.count]).toEqual([1, 1]);
  });

  it('takes no record that has given way to others while it waited for the store', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(6));
    const batch = log.batchAt(0, 6) as RecordBatch;
    let hasWaited = false;
    const records = {
      length: 6,
      at: (i: number) => {
        if (hasWaited) throw new Error('the records of this batch have given way to others');
        return batch.records.at(i);
      },
    };
    const asking: Store = {
      ...store,
      query: async (sql, params) => {
        const rows = await store.query(sql, params);
        hasWaited = sql.includes('{database}.progress');
        return rows as never;
      },
    };
    const decoded = decodedInto(asking);
    const { worker } = new Owner(log, (await decoded.process).open);
    await expect(worker.handle({ ...batch, records })).rejects.toThrow('have given way');
    expect([hasWaited, decoded.count]).toEqual([true, 0]);
  });

  it('says whether it has read to the end of the log, and how late events came', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(20, { ahead: { 5: 30 * MINUTE } }));
    const owner = new Owner(log, (await ingestInto(store)).open);
    await owner.step(15);
    await owner.worker.flush();
    const maxEventTime = MORNING + 35 * MINUTE;
    expect(await partitionProgress(store)).toMatchObject([{ endOffset: 15, caughtUp: false, maxEventTime }]);
    await owner.step(15);
    await owner.worker.flush();
    expect(await partitionProgress(store)).toMatchObject([{ endOffset: 20, caughtUp: true, maxEventTime }]);
    const late = await store.query('SELECT late FROM {database}.progress FINAL');
    expect(late).toEqual([{ late: 14 }]);
  });

  it('ends a chunk where it was meant to end when it was begun, although chunks are smaller now', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(58));
    const first = new Owner(log, (await ingestInto(store, 50)).open);
    await first.step(30);
    await first.worker.flush();
    await readAll(log, (await ingestInto(store, 5)).open);
    expect(await chunkAt(store, TOPIC, 0, 49)).toMatchObject({ start: 0, end: 50, maxRecords: 50 });
    expect(await chunkAt(store, TOPIC, 0, 54)).toMatchObject({ start: 50, end: 55, maxRecords: 5 });
    expect(await countOf(store)).toBe(58);
  });

  it('does so as well when it died in its first flush, between the counts and the progress', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(58));
    const spoiled = faultyStore(store);
    const first = new Owner(log, (await ingestInto(spoiled, 50)).open);
    await first.step(30);
    spoiled.failsAt = { table: 'progress', calls: 0 };
    await expect(first.worker.flush()).rejects.toThrow('on purpose');
    expect(await countOf(store)).toBe(30);
    await readAll(log, (await ingestInto(store, 5)).open);
    expect(await countOf(store)).toBe(58);
  });

  it('goes on behind what is stored when the log has lost the start of the open chunk', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(58));
    const first = new Owner(log, (await ingestInto(store)).open);
    await first.step(30);
    await first.worker.flush();

    const shortened = without(20, log);
    const ingest = await ingestInto(store);
    await readAll(shortened, ingest.open);

    expect(await countOf(store)).toBe(58);
    expect(await chunkAt(store, TOPIC, 0, 57)).toMatchObject({ start: 30, end: 58 });
    expect((await ingest.telemetry.gapRecords.get()).values).toEqual([]);
    // A crash now begins at 30, and not at 20.
    expect(shortened.committed).toBe(30);
  });

  it('counts what the log has lost unread', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(58));
    const first = new Owner(log, (await ingestInto(store)).open);
    await first.step(30);
    await first.worker.flush();

    const ingest = await ingestInto(store);
    await readAll(without(45, log), ingest.open);

    expect(await countOf(store)).toBe(30 + 13);
    expect((await ingest.telemetry.gapRecords.get()).values).toMatchObject([{ value: 15 }]);
  });

  it('refuses a topic that was made anew under the old name', async () => {
    const store = await storeWithBaseline();
    await readAll(new MemoryLog(steadyLog(140)), (await ingestInto(store)).open);
    const before = await storedCounts(store);
    const owner = new Owner(new MemoryLog(steadyLog(10)), (await ingestInto(store)).open);
    const error = await owner.step(10).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'environment', retryable: false });
    expect((error as Error).message).toContain('made anew');
    expect(await storedCounts(store)).toEqual(before);
  });

  it('hears that the partition is lost before it takes an old batch of its own for a topic made anew', async () => {
    const store = await storeWithBaseline();
    await readAll(new MemoryLog(steadyLog(140)), (await ingestInto(store)).open);
    const owner = new Owner(new MemoryLog(steadyLog(10)), (await ingestInto(store)).open);
    owner.misfortune.heartbeat = true;
    await expect(owner.step(10)).rejects.toThrow('the group rebalances');
  });

  it('waits for a store that is away, and loses and doubles nothing', async () => {
    const real = await storeWithBaseline();
    const store = faultyStore(real);
    const log = new MemoryLog(steadyLog(58));
    const { open } = await ingestInto(store);
    store.away = true;
    const reading = readAll(log, open, 7);
    await expect.poll(() => store.knocks, { timeout: 10_000 }).toBeGreaterThan(3);
    expect(log.committed).toBe(0);
    store.away = false;
    await reading;
    expect(await countOf(real)).toBe(58);
    expect(log.committed).toBe(50);
  });

  it('stops waiting when the partition is taken away', async () => {
    const store = faultyStore(await storeWithBaseline());
    const owner = new Owner(new MemoryLog(steadyLog(58)), (await ingestInto(store)).open);
    await owner.step(20);
    store.away = true;
    const flush = owner.worker.flush();
    const outcome = flush.then(
      () => 'stored',
      (error: unknown) => String(error),
    );
    await expect.poll(() => store.knocks, { timeout: 10_000 }).toBeGreaterThan(1);
    owner.revoke();
    expect(await outcome).not.toBe('stored');
  });

  it('stores and commits nothing any more after a write that failed', async () => {
    const real = await storeWithBaseline();
    const store = faultyStore(real);
    const log = new MemoryLog(steadyLog(140));
    const owner = new Owner(log, (await ingestInto(store)).open);
    await owner.step(20);
    store.insertsLeft = 0;
    await expect(owner.worker.flush()).rejects.toThrow('on purpose');
    store.insertsLeft = undefined;
    await expect(owner.step(100)).rejects.toThrow('on purpose');
    await expect(owner.worker.finish()).rejects.toThrow('on purpose');
    expect(log.committed).toBe(0);
    expect(await partitionProgress(real)).toMatchObject([{ endOffset: 0 }]);

    await readAll(log, (await ingestInto(real)).open);
    expect(await countOf(real)).toBe(140);
  });

  it('reads the open chunk again when a baseline of one of its models has changed', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(40));
    const ingest = await ingestInto(store);
    const owner = new Owner(log, ingest.open);
    await owner.step(30);
    await owner.worker.flush();
    const newer = baselineOf([1, 2, 3].map((amount) => predictionOf({ features: { amount } })));
    await saveBaseline(store, newer, 'file');
    await saveActivation(store, { ...activationOf(newer), appliesFrom: MORNING + 20 * MINUTE });
    await ingest.directory.refresh();

    await owner.worker.rereadIfOutdated();
    while (await owner.step(7));
    await owner.worker.flush();

    const n = await store.query(
      `SELECT baseline_id AS id, sum(n) AS n FROM {database}.profile_parts FINAL
       WHERE feature = 'amount' AND (pane < {at:DateTime64(3, 'UTC')}) = (baseline_id = {old:String}) GROUP BY id ORDER BY n`,
      { at: new Date(MORNING + 20 * MINUTE).toISOString().replace('Z', ''), old: BASELINE.id },
    );
    expect(n.map((row) => (row as { n: number }).n)).toEqual([20, 20]);
    // Late events of the first reading are not late in the second for that reason alone.
    expect(await store.query('SELECT late FROM {database}.progress FINAL')).toEqual([{ late: 0 }]);
  });

  it('leaves the open chunk alone when only the baselines of other models have changed', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(40));
    const ingest = await ingestInto(store);
    const owner = new Owner(log, ingest.open);
    await owner.step(30);
    const other = baselineOf([predictionOf({ model: 'churn', features: { amount: 1 } })]);
    await saveBaseline(store, other, 'file');
    await saveActivation(store, activationOf(other));
    await ingest.directory.refresh();
    await owner.worker.rereadIfOutdated();
    await owner.step(30);
    await owner.worker.flush();
    expect(await countOf(store)).toBe(40);
    expect((await ingest.telemetry.rewinds.get()).values[0]?.value ?? 0).toBe(0);
  });

  it('takes records that the log has not stamped, or stamped with nonsense', async () => {
    const store = await storeWithBaseline();
    const records = steadyLog(20).map((record, i) => ({
      ...record,
      timestamp: [undefined, -1, MORNING * 1_000, Number.MAX_SAFE_INTEGER][i % 4],
      value: i === 3 ? Buffer.from('{') : record.value,
    }));
    const log = new MemoryLog(records);
    await readAll(log, (await ingestInto(store)).open);
    expect((await partitionProgress(store))[0]?.endOffset).toBe(20);
    const { rejects } = await storedCounts(store);
    expect(rejects.length).toBeGreaterThan(0);
    expect((await countOf(store)) + rejects.length).toBe(20);
  });

  it('counts the next chunk while a full one is being stored, and no further one', async () => {
    const store = await storeWithBaseline();
    const { held, allow } = holding(store);
    const log = new MemoryLog(steadyLog(140));
    const owner = new Owner(log, (await ingestInto(held)).open);
    // Chunks end behind 50 and 60.
    for (let i = 0; i < 5; i += 1) await owner.step(11);
    expect([log.committed, owner.worker.maxEventTime]).toEqual([0, MORNING + 54 * MINUTE]);
    const waiting = owner.step(11);
    expect(await Promise.race([waiting, sleep(100, 'waits')])).toBe('waits');
    allow();
    await waiting;
    while (await owner.step(11));
    await owner.worker.flush(true);
    expect([log.committed, await countOf(store)]).toEqual([120, 140]);
  });

  it('writes rows that agree with themselves while counting goes on', async () => {
    const store = await storeWithBaseline();
    const { held, allow } = holding(store);
    const owner = new Owner(new MemoryLog(steadyLog(40)), (await ingestInto(held)).open);
    await owner.step(20);
    const flushed = owner.worker.flush();
    await sleep(20);
    await owner.step(15);
    allow();
    await flushed;
    const rows = await store.query<{ n: number; cells: number }>(
      `SELECT sum(n) AS n, sum(arraySum(cells)) AS cells FROM {database}.profile_parts FINAL WHERE feature = 'amount'`,
    );
    expect(rows).toEqual([{ n: 20, cells: 20 }]);
    await owner.worker.flush();
    expect(await countOf(store)).toBe(35);
  });

  it('commits a chunk with the next batch when the group refused it behind the back of all', async () => {
    const store = await storeWithBaseline();
    const log = new MemoryLog(steadyLog(58));
    const owner = new Owner(log, (await ingestInto(store)).open);
    await owner.step(45);
    owner.misfortune.commit = 'refused';
    await owner.step(8);
    await owner.worker.flush();
    // The flush has tried it again.
    expect(log.committed).toBe(50);
    expect(await countOf(store)).toBe(53);
  });

  it('reads a full chunk again whose baseline changes while it is stored and the next one is counted', async () => {
    const store = await storeWithBaseline();
    const { held, allow } = holding(store);
    const log = new MemoryLog(steadyLog(58));
    const { open, directory } = await ingestInto(held);
    const owner = new Owner(log, open);
    await owner.step(53);
    const other = baselineOf([0, 9].map((amount) => predictionOf({ features: { amount } })));
    await saveBaseline(store, other, 'file');
    await saveActivation(store, { ...activationOf(other), appliesFrom: MORNING + 20 * MINUTE });
    await directory.refresh();
    allow();
    // Counted already, in vain.
    await owner.step(11);
    await owner.worker.flush();
    await owner.worker.rereadIfOutdated();
    while (await owner.step(11));
    await owner.worker.flush(true);
    const rows = await store.query<{ n: number }>(
      `SELECT sum(n) AS n FROM {database}.profile_parts FINAL WHERE feature = 'amount' AND baseline_id = {id:String}`,
      { id: other.id },
    );
    expect(rows).toEqual([{ n: 38 }]);
    expect(log.committed).toBe(50);
  });

  it('commits nothing behind a chunk that is still being stored, where another one is there already', async () => {
    const store = await storeWithBaseline();
    // As a process with other limits may have left it: from within the first chunk to behind its end.
    const { open: openOther } = await ingestInto(store, 10);
    const other = new Owner(new MemoryLog(steadyLog(58).slice(45), 45), openOther);
    while (await other.step(11));
    await other.worker.flush(true);
    const { held, allow } = holding(store);
    const log = new MemoryLog(steadyLog(70));
    const owner = new Owner(log, (await ingestInto(held)).open);
    const reading = owner.step(65);
    await sleep(100);
    expect(log.committed).toBe(0);
    allow();
    await reading;
    expect(log.committed).toBeGreaterThanOrEqual(55);
  });

  it('finds no gap behind a chunk that is still being stored, when the next one is read again', async () => {
    const store = await storeWithBaseline();
    const { held, allow } = holding(store);
    // The chunk that begins at 50 has events of a model that the one before has not.
    const late = steadyLog(58).map((record) =>
      record.offset < 50
        ? record
        : { ...record, value: Buffer.from(String(record.value).replace('"fraud"', '"late"')) },
    );
    const other = baselineOf([0, 9].map((amount) => predictionOf({ model: 'late', features: { amount } })));
    await saveBaseline(store, other, 'file');
    await saveActivation(store, { ...activationOf(other), appliesFrom: MORNING + 40 * MINUTE });
    const { open, directory, telemetry } = await ingestInto(held);
    const owner = new Owner(new MemoryLog(late), open);
    await owner.step(53);
    const newer = baselineOf([1, 8].map((amount) => predictionOf({ model: 'late', features: { amount } })));
    await saveBaseline(store, newer, 'file');
    await saveActivation(store, { ...activationOf(newer), appliesFrom: MORNING + 45 * MINUTE });
    await directory.refresh();
    await owner.worker.rereadIfOutdated();
    const again = owner.step(11);
    await sleep(50);
    allow();
    await again;
    await owner.worker.flush(true);
    expect(
      await store.query('SELECT chunk_start, gap FROM {database}.progress FINAL ORDER BY chunk_start'),
    ).toEqual([
      { chunk_start: 0, gap: 0 },
      { chunk_start: 50, gap: 0 },
    ]);
    expect((await telemetry.gapRecords.get()).values).toEqual([]);
    expect(await countOf(store)).toBe(58);
  });

  it('sends rejects to the dead-letter topic before it commits, and not again what was stored behind them', async () => {
    const store = faultyStore(await storeWithBaseline());
    const records = steadyLog(58).map((record) =>
      record.offset % 10 === 3 ? { ...record, value: Buffer.from('{') } : record,
    );
    const log = new MemoryLog(records);
    const sent: Array<{ offset: number; committed: number }> = [];
    const process = async () =>
      (
        await ingestProcess(store, policies, {
          limits: LIMITS,
          sendDeadLetters: async (letters) => {
            for (const { record } of letters) sent.push({ offset: record.offset, committed: log.committed });
          },
        })
      ).open;
    const first = new Owner(log, await process());
    await first.step(20);
    await first.worker.flush();
    await first.step(10);
    store.insertsLeft = 0;
    await expect(first.worker.flush()).rejects.toThrow('on purpose');
    store.insertsLeft = undefined;
    await readAll(log, await process());
    // What was sent behind the last flush is sent again; what comes then, before its chunk is committed.
    expect(sent.map(({ offset }) => offset)).toEqual([3, 13, 23, 23, 33, 43, 53]);
    expect(sent.filter(({ offset, committed }) => offset < committed)).toEqual([]);
    expect(log.committed).toBe(50);
  });
});
