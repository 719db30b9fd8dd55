import { setImmediate as breathe } from 'node:timers/promises';
import { type Admin, Kafka } from 'kafkajs';
import { kafkaClientConfig } from './client-config.ts';
import { kafkaError } from './kafka-errors.ts';
import type { KafkaOptions } from './options.ts';

interface Position {
  readonly committed: number | undefined;
  readonly low: number;
}

export interface LogEnds {
  /** The partitions of both topics that hold records, with the offset behind the last one. */
  nonEmptyPartitions(): Promise<Array<{ topic: string; partition: number; end: number }>>;
  /** The ends of all partitions of those topics of which the group has never committed an offset. */
  unbegun(): Promise<Array<{ topic: string; partition: number; end: number }>>;
  /** The group's committed offset of a partition, and the first offset that its log still has. */
  position(topic: string, partition: number): Promise<Position>;
  close(): Promise<void>;
}

/** Asks the brokers what their logs hold. Connects when it is first asked. */
export function createLogEnds(options: KafkaOptions): LogEnds {
  let connection: Promise<Admin> | undefined;
  const connect = async (): Promise<Admin> => {
    const admin = new Kafka(kafkaClientConfig(options)).admin();
    await admin.connect();
    return admin;
  };
  const disconnect = async (): Promise<void> => {
    const connected = connection;
    connection = undefined;
    await (await connected)?.disconnect();
  };
  const ask = async <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    // Many ask for the first time at once.
    connection ??= connect();
    const connected = connection;
    try {
      return await question(await connected);
    } catch (error) {
      if (connection === connected) await disconnect().catch(() => undefined);
      throw kafkaError(error, options.brokers);
    }
  };
  const positionsOf = (topic: string): Promise<(partition: number) => Position> =>
    ask(async (connected) => {
      // In this order: a client that knows no broker so far waits before it looks for the one that knows the group.
      const ends = await connected.fetchTopicOffsets(topic);
      const groups = await connected.fetchOffsets({ groupId: options.group_id, topics: [topic] });
      const lows = new Map(ends.map(({ partition, low }) => [partition, Number(low)]));
      const offsets = new Map(
        groups[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
      );
      return (partition) => {
        const offset = offsets.get(partition) ?? -1;
        return { committed: offset < 0 ? undefined : offset, low: lows.get(partition) ?? 0 };
      };
    });
  const asked = new Map<string, ReturnType<typeof positionsOf>>();
  /** The answer is about all partitions, so those who ask at the same moment share it. */
  const positions = (topic: string): ReturnType<typeof positionsOf> => {
    const shared = asked.get(topic);
    if (shared !== undefined) return shared;
    const answer = breathe().then(() => {
      asked.delete(topic);
      return positionsOf(topic);
    });
    asked.set(topic, answer);
    return answer;
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
    position: async (topic, partition) => (await positions(topic))(partition),
    close: () => disconnect().catch(() => undefined),
  };
}
