import { type Admin, Kafka } from 'kafkajs';
import { kafkaClientConfig } from './client-config.ts';
import { kafkaError } from './kafka-errors.ts';
import type { KafkaOptions } from './options.ts';

export interface LogEnds {
  /** The partitions of both topics that hold records, with the offset behind the last one. */
  nonEmptyPartitions(): Promise<Array<{ topic: string; partition: number; end: number }>>;
  /** The ends of all partitions of those topics of which the group has never committed an offset. */
  unbegun(): Promise<Array<{ topic: string; partition: number; end: number }>>;
  /** The group's committed offset of a partition, and the first offset that its log still has. */
  position(topic: string, partition: number): Promise<{ committed: number | undefined; low: number }>;
  close(): Promise<void>;
}

/** Asks the brokers what their logs hold. Connects when it is first asked. */
export function createLogEnds(options: KafkaOptions): LogEnds {
  let admin: Admin | undefined;
  const connect = async (): Promise<Admin> => {
    if (admin !== undefined) return admin;
    const created = new Kafka(kafkaClientConfig(options)).admin();
    await created.connect();
    admin = created;
    return created;
  };
  const ask = async <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    try {
      return await question(await connect());
    } catch (error) {
      await admin?.disconnect().catch(() => undefined);
      admin = undefined;
      throw kafkaError(error, options.brokers);
    }
  };
  const topics = [options.predictions.topic, ...(options.labels ? [options.labels.topic] : [])];
  return {
    nonEmptyPartitions: () =>
      ask(async (connected) => {
        const found: Array<{ topic: string; partition: number; end: number }> = [];
        for (const topic of topics) {
          for (const { partition, low, high } of await connected.fetchTopicOffsets(topic)) {
            if (Number(high) > Number(low)) found.push({ topic, partition, end: Number(high) });
          }
        }
        return found;
      }),
    unbegun: () =>
      ask(async (connected) => {
        const groups = await connected.fetchOffsets({ groupId: options.group_id, topics });
        const found: Array<{ topic: string; partition: number; end: number }> = [];
        for (const { topic, partitions } of groups) {
          if (partitions.some(({ offset }) => Number(offset) >= 0)) continue;
          for (const { partition, high } of await connected.fetchTopicOffsets(topic)) {
            found.push({ topic, partition, end: Number(high) });
          }
        }
        return found;
      }),
    position: (topic, partition) =>
      ask(async (connected) => {
        const [groups, ends] = await Promise.all([
          connected.fetchOffsets({ groupId: options.group_id, topics: [topic] }),
          connected.fetchTopicOffsets(topic),
        ]);
        const offset = groups[0]?.partitions.find((entry) => entry.partition === partition)?.offset;
        const low = ends.find((entry) => entry.partition === partition)?.low;
        const committed = offset === undefined || Number(offset) < 0 ? undefined : Number(offset);
        return { committed, low: Number(low ?? 0) };
      }),
    close: async () => {
      await admin?.disconnect().catch(() => undefined);
      admin = undefined;
    },
  };
}
