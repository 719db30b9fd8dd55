import { execFile } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type KafkaBroker, startBroker } from '../../test/support/kafka-broker.ts';
import { readWithDriftd } from './driftd-run.ts';
import { type Filling, fillTopic } from './fill-topic.ts';
import type { Reading } from './reading.ts';

const EVENTS = 2_000_000;
const HOUR = 3_600_000;
/** The traffic of the curve: so many events a second of event time, whatever their number. */
const BUSY = 500;
const BARE = fileURLToPath(new URL('bare-consumer.mjs', import.meta.url));
const run = promisify(execFile);

/**
 * How fast driftd reads from a real broker into the embedded store, beside a kafkajs consumer that only counts, and one that
 * calls JSON.parse as well. The topic is filled beforehand; each reader is a process of its own.
 *
 * Arguments: the number of events (default 2 000 000), which are four hours of traffic; or `curve` for other numbers of features and
 * partitions, each 500 events a second.
 */
export async function ingestBench(args: readonly string[]): Promise<void> {
  const broker = await startBroker({ config: { 'log.segment.bytes': '268435456' } });
  try {
    console.log(
      `Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'})`,
    );
    if (args[0] === 'curve') {
      for (const features of [1, 10, 100, 1_000]) {
        const events = Math.floor(12e6 / (features + 5));
        await compareReaders(broker, { features, partitions: 4, events }, (1_000 * events) / BUSY);
      }
      for (const partitions of [1, 4, 16, 64]) {
        const events = 500_000;
        await compareReaders(broker, { features: 25, partitions, events }, (1_000 * events) / BUSY);
      }
    } else {
      const events = Number(args[0] ?? EVENTS);
      await compareReaders(broker, { features: 25, partitions: 4, events }, 4 * HOUR);
    }
  } finally {
    await broker.stop();
  }
}

async function compareReaders(
  { brokers }: KafkaBroker,
  shape: Pick<Filling, 'features' | 'partitions' | 'events'>,
  span: number,
): Promise<void> {
  const to = Math.floor(Date.now() / HOUR) * HOUR;
  const topic = `events-${shape.features}-${shape.partitions}`;
  const filling: Filling = { ...shape, brokers, topic, from: to - span, to };
  const bytes = await fillTopic(filling);
  const { events, features, partitions } = shape;
  console.log(
    `\n${events.toLocaleString('en')} events of ${Math.round(bytes)} bytes and ${features} features in ${partitions} partitions\n`,
  );
  const bare = await readBare(filling, 'count');
  const parsing = await readBare(filling, 'parse');
  const driftd = await readWithDriftd(filling);
  console.log('                             events/s  CPU s/M events  peak RSS MB');
  print('(a) kafkajs, counting', bare);
  print('(b) kafkajs, JSON.parse', parsing);
  print('(c) driftd, embedded store', driftd);
  console.log(`\nevents/s: ${ratios(bare, parsing, driftd, ({ seconds }) => 1 / seconds)}`);
  console.log(`events/CPU s: ${ratios(bare, parsing, driftd, ({ cpuSeconds }) => 1 / cpuSeconds)}`);
}

async function readBare({ brokers, topic, events }: Filling, work: 'count' | 'parse'): Promise<Reading> {
  const { stdout } = await run(process.execPath, [BARE, brokers.join(','), topic, String(events), work], {
    timeout: 900_000,
  });
  return JSON.parse(stdout) as Reading;
}

function print(name: string, { events, seconds, cpuSeconds, peakRss }: Reading): void {
  const columns = [
    Math.round(events / seconds)
      .toLocaleString('en')
      .padStart(10),
    ((cpuSeconds / events) * 1e6).toFixed(2).padStart(16),
    Math.round(peakRss / 1e6)
      .toString()
      .padStart(13),
  ];
  console.log(name.padEnd(27) + columns.join(''));
}

function ratios(a: Reading, b: Reading, c: Reading, rate: (reading: Reading) => number): string {
  return `(c)/(a) ${(rate(c) / rate(a)).toFixed(2)}, (c)/(b) ${(rate(c) / rate(b)).toFixed(2)}`;
}
