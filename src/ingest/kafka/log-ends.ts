import { type Admin, Kafka } from 'kafkajs';
import { kafkaClientConfig } from './client-config.ts';
import { kafkaError } from './kafka-errors.ts';
import type { KafkaOptions } from './options.ts';

export interface LogEnds {
  /** The partitions of both topics that hold records, with the offset behind the last one. */
  nonEmptyPartitions(): Promise<Array<{ topic: string; partition: number; end: number }>>;
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
  return {
    async nonEmptyPartitions() {
      try {
        const connected = await connect();
        const topics = [options.predictions.topic, ...(options.labels ? [options.labels.topic] : [])];
        const found: Array<{ topic: string; partition: number; end: number }> = [];
        for (const topic of topics) {
          for (const { partition, low, high } of await connected.fetchTopicOffsets(topic)) {
            if (Number(high) > Number(low)) found.push({ topic, partition, end: Number(high) });
          }
        }
        return found;
      } catch (error) {
        await admin?.disconnect().catch(() => undefined);
        admin = undefined;
        throw kafkaError(error, options.brokers);
      }
    },
    close: async () => {
      await admin?.disconnect().catch(() => undefined);
      admin = undefined;
    },
  };
}
