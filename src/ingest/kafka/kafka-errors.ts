import { DriftdError, messageOf } from '../../base/errors.ts';

/** What waiting does not mend: the cluster knows us and says no. */
const REFUSALS = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);

/** Turns what kafkajs throws into driftd's error: retryable, unless the cluster refuses us. */
export function kafkaError(error: unknown, brokers: readonly string[]): DriftdError {
  if (error instanceof DriftdError) return error;
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current.name === 'KafkaJSNotImplemented') {
      return new DriftdError(
        'environment',
        `a batch cannot be read: ${current.message}. driftd reads records that are uncompressed or compressed with gzip, snappy, LZ4 or zstd`,
        { cause: error },
      );
    }
    const type = (current as { type?: unknown }).type;
    if (type === 'INVALID_SESSION_TIMEOUT') {
      return new DriftdError(
        'input',
        "kafka.session_timeout is not between the brokers' group.min.session.timeout.ms and group.max.session.timeout.ms",
        { cause: error },
      );
    }
    if (
      current.name === 'KafkaJSSASLAuthenticationError' ||
      (typeof type === 'string' && REFUSALS.has(type))
    ) {
      return new DriftdError('environment', `Kafka refuses this client: ${current.message}`, {
        cause: error,
      });
    }
  }
  return new DriftdError(
    'environment',
    `cannot read from Kafka at ${brokers.join(', ')}: ${messageOf(error)}`,
    {
      cause: error,
      retryable: true,
    },
  );
}
