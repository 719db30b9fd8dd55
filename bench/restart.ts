import { loadavg } from 'node:os';
import {
  FEATURES,
  type ManyModels,
  MODELS,
  PARTITIONS,
  type RunningDriftd,
  setManyModels,
} from './many-models.ts';

const EVENTS = 20_000;
const ROUNDS = 3;
/** A stop flushes and leaves the group, within 15 s. */
const GRACE = 20_000;

/** The moments of a start, by what the log says. */
const MOMENTS: ReadonlyArray<readonly [name: string, msg: RegExp]> = [
  ['listens', /^driftd listens/],
  ['tables', /^the tables are up to date/],
  ['baselines', /^the baselines of /],
  ['joined', /^joined the consumer group/],
];

/** How soon a driftd that knows many models consumes again. */
export async function restartBench(): Promise<void> {
  const scene = await setManyModels();
  try {
    await scene.produce(EVENTS);
    const first = await scene.start('source');
    await first.until(async () => (await first.metric('driftd_records_total')) >= EVENTS);
    await first.until(async () => (await first.metric('driftd_flushes_total')) >= PARTITIONS);
    await first.process.stop(GRACE);
    console.log(
      `restart with ${MODELS} models of ${FEATURES} features and ${EVENTS.toLocaleString('en')} records in open chunks; ` +
        `embedded store, real broker; Node ${process.versions.node}, load average ${loadavg()[0]?.toFixed(1)}\n` +
        'milliseconds since the process began; CPU seconds until it consumes\n',
    );
    const names = [...MOMENTS.map(([name]) => name), 'consumes', 'CPU s'];
    console.log(['started from'.padEnd(24), ...names.map((name) => name.padStart(10))].join(''));
    for (const from of ['dist', 'source'] as const) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const driftd = await consuming(scene, from, from);
        await driftd.process.stop(GRACE);
      }
    }
    // The group waits for a member that did not say good-bye, until its session is over.
    const killed = await consuming(scene, 'dist', 'dist');
    await killed.process.kill();
    await (await consuming(scene, 'dist', 'dist, after a kill -9')).process.kill();
  } finally {
    await scene.close();
  }
}

/** Starts a driftd, prints how soon it consumed, and gives it back. */
async function consuming(scene: ManyModels, from: 'dist' | 'source', label: string): Promise<RunningDriftd> {
  const driftd = await scene.start(from);
  // Asking for metrics is work, too: not before there can be any.
  await driftd.until(() => MOMENTS.every(([, msg]) => !Number.isNaN(momentOf(driftd, msg))), 5);
  let cpu = 0;
  await driftd.until(async () => {
    const sum = await driftd.scrape();
    cpu = sum('process_cpu_seconds_total');
    return sum('driftd_records_total') > 0;
  });
  const consumes = performance.now() - driftd.startedAt;
  const moments = MOMENTS.map(([, msg]) => momentOf(driftd, msg));
  const times = [...moments, consumes].map((time) => time.toFixed(0).padStart(10));
  console.log(`${label.padEnd(24)}${times.join('')}${cpu.toFixed(1).padStart(10)}`);
  return driftd;
}

function momentOf({ log, startedAt }: RunningDriftd, msg: RegExp): number {
  const line = log.find((candidate) => msg.test(candidate.msg));
  return line === undefined ? Number.NaN : line.at - startedAt;
}
