import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Availability } from '../src/base/availability.ts';
import { systemClock } from '../src/base/clock.ts';
import { DEFAULT_CHUNK_LIMITS } from '../src/ingest/chunk.ts';
import { createIngest, type OpenPartition } from '../src/pipeline/ingest.ts';
import { Learning } from '../src/pipeline/learning.ts';
import { openStore, type Store } from '../src/store/client.ts';
import { migrate } from '../src/store/migrate.ts';
import { createPatience } from '../src/store/patience.ts';
import { createTelemetry } from '../src/telemetry/telemetry.ts';
import { countAll } from './count-all.ts';
import { measure, tableOf } from './measure.ts';
import { createWorkload, type Workload } from './workload.ts';

const EVENTS = 200_000;
const ROUNDS = 3;
/** As many as a fetch from Kafka brings, or about. */
const BATCH = 1_000;

/** How fast events go through decode, profile and store, beside the same machine's plain JSON.parse of the same bytes. */
export async function pipelineBench(): Promise<void> {
  const work = await createWorkload(EVENTS);
  const folder = await mkdtemp(join(tmpdir(), 'driftd-bench-'));
  try {
    const store = await openStore({ path: folder, database: 'bench' });
    try {
      await migrate(store);
      const openPartition = ingestInto(store, work);
      let passes = 0;
      const measured = await measure(
        [
          { name: 'JSON.parse alone', run: () => parseAll(work) },
          { name: 'decode and profile', run: () => countAll(work.records, work) },
          {
            name: 'decode, profile and store (embedded)',
            run: () => storeAll(work, openPartition, passes++),
          },
        ],
        ROUNDS,
      );
      const { bytesPerEvent, featuresPerEvent } = work;
      console.log(
        `${EVENTS.toLocaleString('en')} events of ${bytesPerEvent} bytes and ${featuresPerEvent} features; ` +
          `median of ${ROUNDS} rounds; Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'})\n`,
      );
      console.log(tableOf(measured));
    } finally {
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parseAll({ records }: Workload): number {
  let objects = 0;
  for (const { value } of records) {
    if (typeof JSON.parse((value as Buffer).toString('utf8')) === 'object') objects += 1;
  }
  return objects;
}

/** Everything that happens to a partition in the daemon, but for Kafka. Each pass is a partition of its own. */
async function storeAll(
  { records }: Workload,
  openPartition: OpenPartition,
  partition: number,
): Promise<number> {
  const topic = 'predictions';
  const worker = openPartition(topic, partition, {
    signal: new AbortController().signal,
    heartbeat: () => Promise.resolve(),
    commit: () => Promise.resolve(),
    seek: () => undefined,
  });
  for (let from = 0; from < records.length; from += BATCH) {
    const batch = records.slice(from, from + BATCH);
    const lastOffset = from + batch.length - 1;
    const lag = records.length - 1 - lastOffset;
    await worker.handle({ topic, partition, records: batch, firstOffset: from, lastOffset, lag });
  }
  await worker.finish();
  return records.length;
}

function ingestInto(store: Store, { decode, directory, policies }: Workload): OpenPartition {
  const learning = new Learning(directory, policies, {
    horizon: () => Number.POSITIVE_INFINITY,
    learningProgress: async () => [],
    learningSample: async () => undefined,
    adopt: async () => undefined,
    onLearned: () => undefined,
  });
  return createIngest({
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    telemetry: createTelemetry(),
    store,
    patience: createPatience(new Availability('store', () => undefined), {
      base: 1,
      max: 1,
      random: Math.random,
    }),
    decode,
    directory,
    policies,
    learning,
    options: { limits: DEFAULT_CHUNK_LIMITS, allowedLateness: 120_000, sliceRecords: BATCH },
  });
}
