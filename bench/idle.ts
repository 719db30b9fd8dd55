import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  FEATURES,
  type ManyModels,
  MODELS,
  type RunningDriftd,
  setManyModels,
  TOPIC,
} from './many-models.ts';

const SECONDS = 60;
const GRACE = 20_000;
/**
 * The last flush, evaluations that traffic has made due, and what the engine clears away within a minute of its start. The first
 * minutes behind traffic are measured, and not the seconds.
 */
const SETTLE = 60;
const BARE = fileURLToPath(new URL('bare-idle.ts', import.meta.url));
const run = promisify(execFile);

/**
 * How much of a core driftd uses when nothing comes in: with no record ever, and behind the traffic of many models; beside a
 * consumer of kafkajs that does nothing else.
 */
export async function idleBench(): Promise<void> {
  const scene = await setManyModels();
  try {
    console.log(
      `driftd with ${MODELS} models of ${FEATURES} features, embedded store, real broker, default rules; ` +
        `Node ${process.versions.node}; CPU of all its threads over ${SECONDS} s without traffic, ${SETTLE} s after the start or the last record\n`,
    );
    await measureBare(scene);
    await measured(scene, 'an empty topic', async (driftd) => {
      await driftd.until(() => driftd.log.some(({ msg }) => msg.startsWith('joined')));
    });
    const records = 20_000;
    await scene.produce(records);
    await measured(scene, 'open chunks of all models', async (driftd) => {
      await driftd.until(async () => (await driftd.metric('driftd_records_total')) >= records, 200);
    });
  } finally {
    await scene.close();
  }
}

async function measured(
  scene: ManyModels,
  state: string,
  ready: (driftd: RunningDriftd) => Promise<void>,
): Promise<void> {
  const driftd = await scene.start('dist');
  await ready(driftd);
  await sleep(SETTLE * 1_000);
  const before = await driftd.metric('process_cpu_seconds_total');
  const begun = performance.now();
  await sleep(SECONDS * 1_000);
  const spent = (await driftd.metric('process_cpu_seconds_total')) - before;
  const share = (100 * spent) / ((performance.now() - begun) / 1_000);
  print(state, share);
  await driftd.process.stop(GRACE);
}

async function measureBare({ broker }: ManyModels): Promise<void> {
  const args = [broker.brokers.join(','), TOPIC, String(SETTLE), String(SECONDS)];
  const { stdout } = await run(process.execPath, ['--import', import.meta.resolve('tsx'), BARE, ...args]);
  print('kafkajs alone, empty topic', (100 * Number(stdout)) / SECONDS);
}

function print(what: string, share: number): void {
  console.log(`${what.padEnd(28)}${share.toFixed(2).padStart(6)} % of a core`);
}
