import type { Consumer } from 'kafkajs';
import { hideAbortedRecords } from '../../src/ingest/kafka/aborted-records.ts';
import { registerCodecs } from '../../src/ingest/kafka/codecs/register-codecs.ts';
import { kafkaClient, withAdmin } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';

export interface CommittedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly value: Buffer | null;
}

/** Reads topics from their beginning to their end, as they are now, by one member of a group of its own. */
export async function committedRecords(
  topics: readonly string[],
  brokers: readonly string[],
): Promise<CommittedRecord[]> {
  registerCodecs();
  hideAbortedRecords();
  const goals = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high } of await withAdmin((admin) => admin.fetchTopicOffsets(topic), brokers)) {
      if (Number(high) > 0) goals.set(`${topic}/${partition}`, Number(high));
    }
  }
  const consumer = (await kafkaClient(brokers)).consumer({
    groupId: randomName('truth'),
    maxWaitTimeInMs: 100,
  });
  try {
    const records: CommittedRecord[] = [];
    await readUntil(consumer, topics, goals, records);
    return records;
  } finally {
    await consumer.disconnect();
  }
}

async function readUntil(
  consumer: Consumer,
  topics: readonly string[],
  goals: ReadonlyMap<string, number>,
  records: CommittedRecord[],
): Promise<void> {
  const reached = new Map<string, number>();
  // Told of every batch, those that hold nothing but markers included.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) => {
    reached.set(`${topic}/${partition}`, Number(lastOffset) + 1);
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { topic, partition, messages } }) => {
      for (const { offset, timestamp, value } of messages) {
        records.push({ topic, partition, offset: Number(offset), timestamp: Number(timestamp), value });
      }
    },
  });
  await poll(() => [...goals].every(([key, goal]) => (reached.get(key) ?? 0) >= goal) || undefined, {
    timeoutMs: 60_000,
    what: 'end of the log',
  });
}
