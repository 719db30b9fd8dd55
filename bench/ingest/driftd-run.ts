import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startDaemon } from '../../test/support/daemon.ts';
import { freePort } from '../../test/support/free-port.ts';
import { eventTexts, MODEL } from './events.ts';
import type { Filling } from './fill-topic.ts';
import type { Reading } from './reading.ts';

/** As it is installed: to translate TypeScript takes memory, too. */
const BUILT = { entry: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) };
const REFERENCE_ROWS = 20_000;
const TIMEOUT = 900_000;
/** To look at `/metrics` takes driftd some milliseconds, so it is looked at seldom while much is left. */
const POLL = { longest: 500, shortest: 20 };

const RULES = `
groups:
  - name: inputs
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: FeatureDrift, each: feature, when: psi_adjusted > 0.1 && q_value < 0.01, for: 2/3 }
`;

/** Runs driftd as a user does, into an embedded store of its own, until everything in the topic is stored. */
export async function readWithDriftd(filling: Filling): Promise<Reading> {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-bench-'));
  const config = join(folder, 'driftd.yaml');
  const port = await freePort();
  try {
    await writeFile(join(folder, 'rules.yaml'), RULES);
    await writeFile(config, configText(filling, join(folder, 'data'), port));
    await writeFile(join(folder, 'reference.ndjson'), referenceText(filling));
    const create = await startDaemon(
      ['baseline', 'create', join(folder, 'reference.ndjson'), '--config', config, '--model', MODEL],
      BUILT,
    );
    if ((await create.exited).code !== 0) throw new Error(create.stderr.join('\n'));
    const daemon = await startDaemon(['run', '--config', config], BUILT);
    try {
      await daemon.waitForLog(({ msg }) => msg === 'joined the consumer group', 120_000);
      return await readUntilStored(filling.events, port, daemon.pid);
    } finally {
      await daemon.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readUntilStored(events: number, port: number, pid: number): Promise<Reading> {
  const begun = performance.now();
  const before = await scrape(port);
  let seenRss = before.rss;
  let pause = POLL.longest;
  for (;;) {
    await sleep(pause);
    const now = await scrape(port);
    seenRss = Math.max(seenRss, now.rss);
    const seconds = (performance.now() - begun) / 1_000;
    if (now.stored >= events) {
      const peakRss = (await peakRssOf(pid)) ?? seenRss;
      return { events, seconds, cpuSeconds: now.cpu - before.cpu, peakRss };
    }
    const left = (seconds * 1_000 * (events - now.read)) / Math.max(1, now.read);
    pause = Math.min(POLL.longest, Math.max(POLL.shortest, left / 2));
    if (seconds * 1_000 > TIMEOUT) throw new Error(`driftd has stored ${now.stored} of ${events} events`);
  }
}

/** The most that a process has had since it began, in bytes. Undefined where the system does not tell. */
async function peakRssOf(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** What `/metrics` says; everything is in the store when the offsets that were flushed add up to the events. */
async function scrape(port: number): Promise<{ cpu: number; rss: number; read: number; stored: number }> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const sum = (name: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  return {
    cpu: sum('process_cpu_seconds_total'),
    rss: sum('process_resident_memory_bytes'),
    read: sum('driftd_records_total'),
    stored: sum('driftd_partition_flushed_offset'),
  };
}

function configText({ brokers, topic }: Filling, data: string, port: number): string {
  return `
store: { path: ${JSON.stringify(data)} }
kafka:
  brokers: [${brokers.map((broker) => JSON.stringify(broker)).join(', ')}]
  predictions: { topic: ${topic} }
ingest: { flush_interval: 2s }
rules: [rules.yaml]
http: { port: ${port} }
`;
}

function referenceText({ features, from }: Filling): string {
  const text = eventTexts(2, features);
  const rows = Math.max(1_000, Math.min(REFERENCE_ROWS, Math.floor(1e6 / features)));
  return Array.from({ length: rows }, (_, i) => `${text(i, from - 86_400_000 + i * 1_000)}\n`).join('');
}
