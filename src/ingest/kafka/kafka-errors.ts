import { DriftdError, messageOf } from '../../base/errors.ts';
import { tlsFailure } from '../../base/tls-failure.ts';

/** What waiting does not mend: the cluster knows us and says no. With what to look at. */
const REFUSALS: Readonly<Record<string, string>> = {
  SASL_AUTHENTICATION_FAILED: 'look at the credentials in kafka.sasl',
  UNSUPPORTED_SASL_MECHANISM: 'look at kafka.sasl.mechanism',
  TOPIC_AUTHORIZATION_FAILED: 'its user needs READ and DESCRIBE on the topics',
  GROUP_AUTHORIZATION_FAILED: 'its user needs READ on the group kafka.group_id',
  CLUSTER_AUTHORIZATION_FAILED: 'its user needs rights on the cluster',
};

/** The protocol's names for what went wrong, from the outermost error to its cause. */
export function protocolErrors(error: unknown): string[] {
  return causesOf(error).flatMap((current) => {
    const { type } = current as { type?: unknown };
    return typeof type === 'string' ? [type] : [];
  });
}

/** Turns what kafkajs throws into driftd's error: retryable, unless the cluster refuses us. */
export function kafkaError(error: unknown, brokers: readonly string[]): DriftdError {
  const chain = causesOf(error);
  for (const current of chain) {
    // What driftd itself found while kafkajs was at work, such as a token that was refused.
    if (current instanceof DriftdError) return current;
    if (current.name === 'KafkaJSNotImplemented') {
      return new DriftdError(
        'environment',
        `a batch cannot be read: ${current.message}. driftd reads records that are uncompressed or compressed with gzip, snappy, LZ4 or zstd`,
        { cause: error },
      );
    }
    const { type, code } = current as { type?: unknown; code?: unknown };
    if (type === 'INVALID_SESSION_TIMEOUT') {
      return new DriftdError(
        'input',
        "kafka.session_timeout is not between the brokers' group.min.session.timeout.ms and group.max.session.timeout.ms",
        { cause: error },
      );
    }
    const advice = typeof type === 'string' ? REFUSALS[type] : undefined;
    if (advice !== undefined) {
      return new DriftdError('environment', `Kafka refuses this client: ${current.message}; ${advice}`, {
        cause: error,
      });
    }
    const tls = tlsFailure(code);
    if (tls !== undefined) {
      const { broker = brokers.join(', ') } = current as { broker?: string };
      return new DriftdError('environment', `no TLS with the Kafka broker ${broker}: ${tls.advice}`, {
        cause: error,
        retryable: tls.passes,
      });
    }
  }
  const hint = chain.some(mayBeProtocol)
    ? '; if that goes on, this port may want another security protocol: look at kafka.tls and kafka.sasl'
    : '';
  return new DriftdError(
    'environment',
    `cannot read from Kafka at ${brokers.join(', ')}: ${messageOf(error)}${hint}`,
    { cause: error, retryable: true },
  );
}

/** A broker that is spoken to without TLS or SASL, or with one that it does not expect, hangs up without a word. */
function mayBeProtocol(error: Error): boolean {
  const { type, code } = error as { type?: unknown; code?: unknown };
  return (
    error.name === 'KafkaJSConnectionClosedError' || code === 'ECONNRESET' || type === 'ILLEGAL_SASL_STATE'
  );
}

function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let current: unknown = error; current instanceof Error; current = current.cause) chain.push(current);
  return chain;
}
