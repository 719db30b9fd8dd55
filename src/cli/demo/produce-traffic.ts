import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import { DriftdError, messageOf } from '../../base/errors.ts';
import { kafkaClientConfig } from '../../ingest/kafka/client-config.ts';
import type { CommandContext } from '../context.ts';
import { recurringFaults } from './injected-fault.ts';
import { createTraffic, type TrafficEvent } from './traffic.ts';

export interface TrafficFlags {
  readonly brokers: string;
  readonly predictions: string;
  readonly labels: string;
  readonly rate: number;
  readonly limit?: number;
  readonly seed: number;
}

/** How long one seeded run of traffic is. When it is over, the next begins. */
const RUN_HOURS = 24;
const TICK = 250;

/** Writes traffic to Kafka as if a model were serving: events leave at the time that is in them. */
export async function produceTraffic(flags: TrafficFlags, { output, signal }: CommandContext): Promise<void> {
  const options = { brokers: flags.brokers.split(','), client_id: 'driftd-demo-traffic' };
  const producer = new Kafka(kafkaClientConfig(options)).producer();
  try {
    await producer.connect();
  } catch (error) {
    throw new DriftdError('environment', `cannot reach Kafka at ${flags.brokers}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const topics = { predictions: flags.predictions, labels: flags.labels };
  output.print(
    `writing ${flags.rate} predictions a second to ${flags.predictions}, their labels to ${flags.labels}`,
  );
  let sent = 0;
  try {
    for (let run = 0; !signal.aborted && !isOver(flags, sent); run += 1) {
      for await (const batch of paced(flags, run, signal)) {
        await producer.sendBatch({
          topicMessages: (['predictions', 'labels'] as const).map((topic) => ({
            topic: topics[topic],
            messages: batch
              .filter((event) => event.topic === topic)
              .map(({ value, timestamp }) => ({ value, timestamp: String(timestamp) })),
          })),
        });
        sent += batch.filter(({ topic }) => topic === 'predictions').length;
        if (isOver(flags, sent)) break;
      }
    }
  } finally {
    await producer.disconnect();
  }
  output.print(`${sent} predictions written`);
}

function isOver({ limit }: TrafficFlags, sent: number): boolean {
  return limit !== undefined && sent >= limit;
}

/** The events of one run, in batches, each when its time has come. */
async function* paced(flags: TrafficFlags, run: number, signal: AbortSignal): AsyncGenerator<TrafficEvent[]> {
  const start = Date.now();
  const duration = RUN_HOURS * 3_600_000;
  const traffic = createTraffic({
    start,
    duration,
    count: Math.round((flags.rate * duration) / 1000),
    seed: flags.seed + run,
    faults: recurringFaults(start, duration),
    // Minutes instead of hours, so that somebody who watches sees the accuracy.
    delayHours: [1 / 60, 5 / 60],
  });
  let batch: TrafficEvent[] = [];
  for (const event of traffic.events()) {
    if (event.timestamp > Date.now()) {
      if (batch.length > 0) yield batch;
      batch = [];
      await sleep(Math.max(TICK, event.timestamp - Date.now()), undefined, { signal }).catch(() => undefined);
    }
    if (signal.aborted || event.timestamp >= traffic.end) return;
    batch.push(event);
  }
}
