import type { KafkaConfig, logLevel } from 'kafkajs';
import type { Logger } from 'pino';
import type { KafkaOptions } from './options.ts';
import { socketFactory } from './socket-factory.ts';

/**
 * How driftd's clients talk to the cluster. Few retries inside: driftd waits on its own, and tells one line a change
 * of state instead of one a try.
 */
export function kafkaClientConfig(options: KafkaOptions, logger?: Logger): KafkaConfig {
  return {
    brokers: options.brokers,
    clientId: options.client_id,
    connectionTimeout: 3_000,
    socketFactory: socketFactory(),
    retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 2_000 },
    logLevel: 4 satisfies logLevel.INFO,
    logCreator: () => (entry) => {
      logger?.debug({ kafka: entry.log, namespace: entry.namespace }, entry.log.message);
    },
  };
}
