import { createDecoder } from '../../src/decode/decoder.ts';
import { DEFAULT_CHUNK_LIMITS } from '../../src/ingest/chunk.ts';
import type { PartitionWorker } from '../../src/pipeline/partition-worker.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import { openStore } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { activationOf, POLICY } from '../support/open-chunks.ts';
import { ingestProcess } from './ingest-parts.ts';

/**
 * A process that is flooded: real decoder, profiles and embedded store, in the folder that it is told. Between the floods
 * come events of a model that behaves. Prints what it has counted, and the most memory that it took.
 */
const MEGABYTE = 1_000_000;
const FEATURES = Array.from({ length: 25 }, (_, i) => `f${i}`);

const store = await openStore({ path: process.argv[2] ?? '', database: 'driftd' });
await migrate(store);
for (const baseline of [
  baselineOf(
    Array.from({ length: 100 }, (_, amount) => predictionOf({ model: 'healthy', features: { amount } })),
  ),
  baselineOf(
    ['a', 'b'].map((value) =>
      predictionOf({ model: 'wide', features: Object.fromEntries(FEATURES.map((name) => [name, value])) }),
    ),
  ),
  baselineOf(
    [1, 2].map((x) =>
      predictionOf({ model: 'odd', features: { x, c: 'a', ['__proto__']: x, constructor: x } }),
    ),
  ),
]) {
  await saveBaseline(store, baseline, 'file');
  await saveActivation(store, activationOf(baseline));
}
const { open, telemetry } = await ingestProcess(store, () => POLICY, {
  limits: DEFAULT_CHUNK_LIMITS,
  sliceRecords: 1_000,
  decode: createDecoder({
    // Larger than by default, so that a million keys are not refused for their size.
    maxBytes: 64 * MEGABYTE,
    maxAge: 30 * 24 * HOUR,
    maxFuture: HOUR,
    mapping: undefined,
    knowsModel: () => true,
    positiveClass: () => undefined,
  }),
});

const partitions = new Map<number, { worker: PartitionWorker; next: number }>();

async function give(values: ReadonlyArray<string | Buffer>, number = 0): Promise<void> {
  const known = partitions.get(number) ?? { worker: open('predictions', number, leaseOf()), next: 0 };
  partitions.set(number, known);
  const records = values.map((value, i) => ({
    offset: known.next + i,
    timestamp: MORNING,
    value: typeof value === 'string' ? Buffer.from(value) : value,
  }));
  const [firstOffset, lastOffset] = [known.next, known.next + records.length - 1];
  await known.worker.handle({
    topic: 'predictions',
    partition: number,
    records,
    firstOffset,
    lastOffset,
    lag: 0,
  });
  known.next = lastOffset + 1;
}

function leaseOf() {
  const { signal } = new AbortController();
  return { signal, heartbeat: async () => undefined, commit: async () => undefined, seek: () => undefined };
}

let healthy = 0;
function health(): string {
  healthy += 1;
  return eventOf({ model: 'healthy', features: { amount: healthy % 100 } });
}

function eventOf(change: object): string {
  return JSON.stringify({ model: 'wide', timestamp: MORNING, features: {}, ...change });
}

function featuresOf(value: (name: string) => unknown): object {
  return Object.fromEntries(FEATURES.map((name) => [name, value(name)]));
}

/** `count` events, a thousand at a time, with one of the healthy model among each thousand. */
async function flood(count: number, payload: (i: number) => string | Buffer, spread = 1): Promise<void> {
  for (let from = 0; from < count; from += 1_000) {
    const values = Array.from({ length: Math.min(1_000, count - from) }, (_, i) => payload(from + i));
    await give([...values, health()], (from / 1_000) % spread);
  }
}

const long = 'x'.repeat(MEGABYTE);
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const keys = (from: number, count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${from + i}`, i]));

const FLOODS: Readonly<Record<string, () => Promise<void>>> = {
  features: () =>
    flood(200, (i) => eventOf({ model: i % 2 === 0 ? 'learns' : 'wide', features: keys(i * 1_000, 1_000) })),
  keys: () => flood(2, (i) => eventOf({ model: i === 0 ? 'learns' : 'wide', features: keys(0, 1_000_000) })),
  samples: async () => {
    for (let i = 0; i < 10; i += 1)
      await flood(8, () => eventOf({ model: 'fat', features: featuresOf(() => long.slice(0, 36_000)) }));
  },
  categories: () =>
    flood(8_000, (i) => eventOf({ features: featuresOf((name) => `${name} ${i} ${long.slice(0, 100)}`) })),
  nesting: () =>
    flood(6, (i) =>
      i % 2 === 0
        ? `{"model":"${i === 0 ? 'learns' : 'wide'}","timestamp":${MORNING},"features":{"f0":${nested(400_000)}}}`
        : nested(800_000).slice(0, 900_000),
    ),
  texts: () =>
    flood(40, (i) =>
      eventOf({ features: { f0: `${i}${long}` }, ...(i % 4 === 0 && { prediction_id: long }) }),
    ),
  models: () => flood(100_000, (i) => eventOf({ model: `m${i}`, features: { x: 1 } })),
  labels: () =>
    flood(100_000, (i) =>
      JSON.stringify({ model: `l${i}`, prediction_id: 'p', label: 'ok', timestamp: MORNING }),
    ),
  versions: () => flood(100_000, (i) => eventOf({ version: `v${i}`, features: { f0: 'a' } })),
  // A buffer for each, as a log gives them.
  rejects: async () => {
    for (let i = 0; i < 20; i += 1) await flood(100, () => Buffer.alloc(MEGABYTE, 'z'));
  },
  ids: () =>
    flood(64_000, (i) => eventOf({ prediction_id: `${i} ${long.slice(0, 480)}`, features: { f0: 'a' } }), 16),
  numbers: () =>
    flood(1_000, (i) => {
      const x = ['1e400', '-1e400', '"NaN"', 'NaN', '1e308', '5e-324', '-0', '"\\ud800"', '{}', 'null'][
        i % 10
      ];
      return `{"model":"odd","timestamp":${MORNING},"features":{"x":${x},"c":"\\udfff${i % 3}","__proto__":1,"constructor":2}}`;
    }),
};

const begun = performance.now();
for (const [name, run] of Object.entries(FLOODS)) {
  await run();
  const { rss } = process.memoryUsage();
  process.stderr.write(
    `${name}: ${Math.round(performance.now() - begun)} ms, ${Math.round(rss / MEGABYTE)} MB\n`,
  );
}
await Promise.all([...partitions.values()].map(({ worker }) => worker.flush()));

const valuesOf = async (counter: { get(): Promise<{ values: Array<{ labels: object; value: number }> }> }) =>
  Object.fromEntries(
    (await counter.get()).values.map(({ labels, value }) => [Object.values(labels).at(-1), value]),
  );
const profiles = await store.query<{
  model: string;
  feature: string;
  n: number;
  missing: number;
  invalid: number;
}>(
  `SELECT model, feature, sum(n) AS n, sum(p.missing) AS missing, sum(p.invalid) AS invalid
   FROM {database}.profile_parts AS p FINAL WHERE model IN ('healthy', 'odd') GROUP BY model, feature`,
);
const rejectRows = await store.query<{ reason: string; rows: number }>(
  'SELECT reason, count() AS rows FROM {database}.rejects FINAL GROUP BY reason',
);
const metrics = await telemetry.registry.metrics();
process.stdout.write(
  JSON.stringify({
    healthy,
    profiles,
    overflow: await valuesOf(telemetry.overflow),
    rejected: await valuesOf(telemetry.rejects),
    rejectRows,
    metricsBytes: metrics.length,
    peak: process.resourceUsage().maxRSS * 1_024,
  }),
);
process.exit(0);
