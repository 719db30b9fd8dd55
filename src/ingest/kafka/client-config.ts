import { randomBytes } from 'node:crypto';
import { type KafkaConfig, logLevel } from 'kafkajs';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../../base/clock.ts';
import { tlsConnectionOptions } from '../../base/tls-options.ts';
import type { KafkaOptions } from './options.ts';
import { quietRequestQueue } from './quiet-request-queue.ts';
import { saslLogin } from './sasl/login.ts';
import { socketFactory } from './socket-factory.ts';

/** What a client has to know of the cluster. */
export type KafkaClientOptions = Pick<KafkaOptions, 'brokers' | 'client_id' | 'tls' | 'sasl'>;

const nonce = (): string => randomBytes(24).toString('base64');

/**
 * How driftd's clients talk to the cluster. Few retries inside: driftd waits on its own, and tells one line a change
 * of state instead of one a try.
 */
export function kafkaClientConfig(
  options: KafkaClientOptions,
  logger?: Logger,
  clock: Clock = systemClock,
): KafkaConfig {
  quietRequestQueue();
  return {
    brokers: options.brokers,
    clientId: options.client_id,
    connectionTimeout: 3_000,
    socketFactory: socketFactory(),
    ...(options.tls && { ssl: tlsConnectionOptions(options.tls) }),
    ...(options.sasl && { sasl: saslLogin(options.sasl, clock, nonce) }),
    retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 2_000 },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => {
      logger?.debug({ kafka: entry.log, namespace: entry.namespace }, entry.log.message);
    },
  };
}
