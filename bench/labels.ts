import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { wireCore } from '../src/app-core.ts';
import { Availability } from '../src/base/availability.ts';
import { formatDuration, parseDuration } from '../src/base/duration.ts';
import { seededRandom } from '../src/base/random.ts';
import { Stops } from '../src/base/stops.ts';
import { configSchema } from '../src/config/schema.ts';
import { segmentName, withPairs } from '../src/event/segments.ts';
import { LabelledEvidenceBuilder } from '../src/metrics/labelled-evidence.ts';
import { type ReplayRecord, replay } from '../src/pipeline/replay.ts';
import { ReplayClock } from '../src/pipeline/replay-clock.ts';
import { loadRules } from '../src/rules/load-rules.ts';
import { saveActivation, saveBaseline } from '../src/store/baselines.ts';
import { openStore, type Store } from '../src/store/client.ts';
import { migrate } from '../src/store/migrate.ts';
import { createPatience } from '../src/store/patience.ts';
import { createTelemetry } from '../src/telemetry/telemetry.ts';
import { baselineOf, predictionOf } from '../test/support/events.ts';

const START = Date.UTC(2026, 8, 1);
const DAY = 86_400_000;
/** Predictions over as long, and labels as late. */
const SPAN = 30 * DAY;
const [CORRECTED, NEVER] = [0.05, 0.1];

/**
 * A month of predictions whose labels come up to a month late, in random order, some of them corrected and some never: what
 * that costs, and whether every window is right in the end.
 */
export async function labelsBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      predictions: { type: 'string', default: '1000000' },
      window: { type: 'string', default: '1d' },
      segments: { type: 'boolean', default: false },
    },
  });
  const count = Number(values.predictions);
  const window = parseDuration(values.window) ?? DAY;
  const folder = await mkdtemp(join(tmpdir(), 'driftd-bench-'));
  try {
    const store = await openStore({ path: folder, database: 'bench' });
    try {
      await migrate(store);
      await run(store, count, window, values.segments ? SEGMENTS : []);
    } finally {
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** With `--segments`: twelve countries, three devices, and all pairs of them. */
const SEGMENTS = ['country', 'device'];

interface Truth {
  readonly timestamp: number;
  readonly score: number;
  readonly label: number | undefined;
}

interface Traffic {
  readonly truths: readonly Truth[];
  /** Entries of the log in order; `1` where a label is not the last one of its prediction. */
  readonly times: Float64Array;
  readonly predictions: Uint32Array;
  /** 0: the prediction itself; 1: its label; 2: a label that is corrected later. */
  readonly kinds: Uint8Array;
  readonly labels: number;
}

function trafficOf(count: number): Traffic {
  const random = seededRandom(7);
  const truths: Truth[] = [];
  const entries: Array<readonly [time: number, prediction: number, kind: number]> = [];
  for (let i = 0; i < count; i += 1) {
    const timestamp = START + Math.floor((i * SPAN) / count);
    const score = Math.round(random() * 1e4) / 1e4;
    const comes = random() >= NEVER;
    truths.push({ timestamp, score, label: comes ? Number(random() < score) : undefined });
    entries.push([timestamp, i, 0]);
    if (!comes) continue;
    const late = Math.floor(random() * SPAN);
    if (random() < CORRECTED) entries.push([timestamp + Math.floor(random() * late), i, 2]);
    entries.push([timestamp + late, i, 1]);
  }
  entries.sort((a, b) => a[0] - b[0] || a[1] - b[1] || b[2] - a[2]);
  return {
    truths,
    times: Float64Array.from(entries, ([time]) => time),
    predictions: Uint32Array.from(entries, ([, prediction]) => prediction),
    kinds: Uint8Array.from(entries, ([, , kind]) => kind),
    labels: entries.length - count,
  };
}

function featuresOf(number: number): Record<string, number | string> {
  const hash = Math.imul(number, 0x9e3779b1) >>> 8;
  return { amount: (number * 37) % 1000, country: `c${hash % 12}`, device: `d${hash % 3}` };
}

function* recordsOf({ truths, times, predictions, kinds }: Traffic): Generator<ReplayRecord> {
  for (let i = 0; i < times.length; i += 1) {
    const number = predictions[i] as number;
    const { timestamp, score, label = 0 } = truths[number] as Truth;
    const id =
      (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') +
      number.toString(16).padStart(8, '0');
    const about = { model: 'fraud', prediction_id: id };
    const entry =
      kinds[i] === 0
        ? { ...about, version: '7', timestamp, features: featuresOf(number), score }
        : { ...about, label: kinds[i] === 1 ? label : 1 - label, timestamp: times[i] };
    yield { topic: 'log', offset: i, timestamp: undefined, value: Buffer.from(JSON.stringify(entry)) };
  }
}

async function run(store: Store, count: number, window: number, segments: readonly string[]): Promise<void> {
  const hours = window / 3_600_000;
  // An hour after the window, when its first labels are due.
  const ends = Array.from({ length: Math.max(1, 24 / hours) }, (_, i) => (i * hours + 1) % 24);
  const schedule = `0 ${ends.join(',')} * * *`;
  const text = `groups: [{ name: performance, schedule: "${schedule}", window: ${formatDuration(window)}, rules: [
    { alert: AccuracyDrop, when: upper.accuracy < 0.6, require: coverage > 0.6 || age > 7d, summary: x },
    { alert: AccuracyDropInSegment, each: segment, when: upper.accuracy < 0.6, require: coverage > 0.6 || age > 7d, summary: x }] }]`;
  const { groups } = loadRules([{ file: 'rules.yaml', text }], {});
  const config = configSchema.parse({
    models: { fraud: { positive: '1', labels: { delay: '1h' }, segments } },
  });
  const reference = Array.from({ length: 2_000 }, (_, i) =>
    predictionOf({
      timestamp: START,
      features: featuresOf(i),
      prediction: undefined,
      score: (i % 1000) / 1000,
    }),
  );
  const baseline = baselineOf(reference);
  await saveBaseline(store, baseline, 'file');
  const { model } = baseline;
  await saveActivation(store, {
    model,
    version: '',
    appliesFrom: 0,
    baselineId: baseline.id,
    reason: 'bench',
  });

  const traffic = trafficOf(count);
  const clock = new ReplayClock({ ahead: config.ingest.max_future, gap: config.ingest.max_age });
  const telemetry = createTelemetry();
  const stops = new Stops();
  const core = wireCore({
    config,
    groups,
    clock: { now: () => START + 3 * SPAN },
    logger: pino({ level: 'silent' }),
    telemetry,
    store,
    patience: createPatience(new Availability('store', () => undefined), {
      base: 1,
      max: 1,
      random: () => 0,
    }),
    stops,
    externalUrl: () => 'http://127.0.0.1',
    replays: clock,
  });
  await core.directory.refresh();
  await core.evaluator.takeOver();
  const evaluating = { wall: 0, cpu: 0 };
  let largest = 0;
  const timed = core.evaluator;
  for (const name of ['evaluateUpTo', 'settle'] as const) {
    const original = timed[name].bind(timed) as (...given: unknown[]) => Promise<never>;
    Object.assign(timed, {
      [name]: async (...given: unknown[]) => {
        const begun = performance.now();
        const cpu = process.cpuUsage();
        try {
          return await original(...given);
        } finally {
          evaluating.wall += (performance.now() - begun) / 1000;
          const { user, system } = process.cpuUsage(cpu);
          evaluating.cpu += (user + system) / 1e6;
          largest = Math.max(largest, process.memoryUsage.rss());
        }
      },
    });
  }
  const before = process.memoryUsage.rss();
  const begun = performance.now();
  await replay({
    records: () => recordsOf(traffic),
    openPartition: core.openPartition,
    learning: core.learning,
    evaluator: core.evaluator,
    clock,
    allowedLateness: config.ingest.allowed_lateness,
    signal: new AbortController().signal,
  });
  const seconds = (performance.now() - begun) / 1000;
  const recomputed = (await telemetry.recomputedWindows.get()).values.reduce(
    (sum, { value }) => sum + value,
    0,
  );
  await stops.run(1_000, () => undefined);
  const windows = Math.ceil(SPAN / window);
  const { checked, wrong } = await compare(store, traffic, window, segments);
  const size = async (table: string): Promise<string> => {
    await store.command(`OPTIMIZE TABLE {database}.${table} FINAL`);
    const [row] = await store.query<{ bytes: number; rows: number }>(
      `SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS rows FROM system.parts WHERE active AND database = {name:String} AND table = {table:String}`,
      { name: store.database, table },
    );
    return `${((row?.bytes ?? 0) / (row?.rows || 1)).toFixed(0)} bytes a row, ${((row?.bytes ?? 0) / 1e6).toFixed(1)} MB`;
  };
  const million = traffic.labels / 1e6;
  const number = (value: number): string => Math.round(value).toLocaleString('en');
  console.log(
    `${number(count)} predictions over 30 days, ${number(traffic.labels)} labels up to 30 days late; windows of ${formatDuration(window)}; ` +
      `Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'})\n`,
  );
  console.log(
    `windows                    ${windows}, ${segments.length === 0 ? 'of which' : 'and with their segments'} ${checked - wrong} of ${checked} equal the data`,
  );
  console.log(
    `computed anew              ${number(recomputed)} times, ${(recomputed / windows).toFixed(1)} a window`,
  );
  console.log(
    `evaluation, labels joined  ${(evaluating.cpu / million).toFixed(1)} CPU s a million labels, ${(evaluating.wall / million).toFixed(1)} s on the clock`,
  );
  console.log(`everything                 ${(seconds / million).toFixed(1)} s a million labels`);
  console.log(
    `memory                     ${(before / 1e6).toFixed(0)} MB before, at most ${(largest / 1e6).toFixed(0)} MB after an evaluation`,
  );
  console.log(`predictions                ${await size('predictions')}`);
  console.log(`labels                     ${await size('labels')}`);
  console.log(`evaluations                ${await size('evaluations')}`);
}

const COMPARED = [
  'labelled',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'mcc',
  'roc_auc',
  'average_precision',
  'log_loss',
  'brier',
  'ece',
];

/** What the store says of every window, beside what follows from the labels themselves. */
async function compare(
  store: Store,
  { truths }: Traffic,
  window: number,
  segments: readonly string[],
): Promise<{ checked: number; wrong: number }> {
  const builders = new Map<string, LabelledEvidenceBuilder>();
  for (const [i, { timestamp, score, label }] of truths.entries()) {
    const from = START + Math.floor((timestamp - START) / window) * window;
    const features = featuresOf(i);
    const singles = segments.map((feature) => segmentName(feature, features[feature]));
    for (const segment of ['', ...withPairs(singles)]) {
      const key = `${from} ${segment}`;
      const builder =
        builders.get(key) ??
        new LabelledEvidenceBuilder({ task: 'classification', positive: '1', threshold: 0.5 });
      builders.set(key, builder);
      builder.add({ prediction: undefined, score, label });
    }
  }
  const rows = await store.query<{ start: number; segment: string; metric: string; value: number | null }>(
    `SELECT toUnixTimestamp64Milli(window_start) AS start, segment, metric, value FROM {database}.metrics FINAL WHERE feature = ''`,
  );
  const stored = new Map(
    rows.map(({ start, segment, metric, value }) => [`${start} ${segment} ${metric}`, value]),
  );
  let wrong = 0;
  for (const [population, builder] of builders) {
    const expected = new Map<string, number>(
      builder.results().map((result) => [result.metric, result.status === 'ok' ? result.value : Number.NaN]),
    );
    expected.set('labelled', builder.results()[0]?.n ?? 0);
    const differs = COMPARED.some((metric) => {
      const value = stored.get(`${population} ${metric}`) ?? Number.NaN;
      const wanted = expected.get(metric) ?? Number.NaN;
      return (
        Number.isNaN(wanted) !== Number.isNaN(value) || Math.abs(value - wanted) > 1e-9 * Math.abs(wanted)
      );
    });
    if (differs) wrong += 1;
  }
  return { checked: builders.size, wrong };
}
