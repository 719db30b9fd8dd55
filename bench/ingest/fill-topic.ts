import { CompressionTypes, Kafka, logLevel, type Message } from 'kafkajs';
import type { Millis } from '../../src/base/clock.ts';
import { eventTexts } from './events.ts';

/** Messages of one partition in one request: about what a busy producer with linger.ms sends. */
const BATCH = 500;

export interface Filling {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly events: number;
  readonly features: number;
  /** Event time and record time of the first event, and of the last. */
  readonly from: Millis;
  readonly to: Millis;
}

/** Creates a topic and fills it with events, in turns over its partitions. @returns the mean bytes of an event. */
export async function fillTopic(filling: Filling): Promise<number> {
  const { topic, partitions, events, from, to } = filling;
  const kafka = new Kafka({
    clientId: 'driftd-bench',
    brokers: [...filling.brokers],
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      // The events may be older than what brokers keep by default.
      { topic, numPartitions: partitions, configEntries: [{ name: 'retention.ms', value: '-1' }] },
    ],
  });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: () => (args) => args.message.partition ?? 0 });
  await producer.connect();
  const text = eventTexts(1, filling.features);
  let bytes = 0;
  try {
    for (let first = 0; first < events; ) {
      const messages: Message[] = [];
      for (let partition = 0; partition < partitions; partition += 1) {
        for (let i = 0; i < BATCH && first < events; i += 1, first += 1) {
          const at = Math.floor(from + ((to - from) * first) / events);
          const value = text(first, at);
          bytes += value.length;
          messages.push({ partition, timestamp: String(at), value });
        }
      }
      await producer.send({ topic, messages, compression: CompressionTypes.None });
    }
  } finally {
    await producer.disconnect();
  }
  return bytes / events;
}
