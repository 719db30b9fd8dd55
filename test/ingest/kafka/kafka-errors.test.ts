import { describe, expect, it } from 'vitest';
import { DriftdError } from '../../../src/base/errors.ts';
import { kafkaError } from '../../../src/ingest/kafka/kafka-errors.ts';

const BROKERS = ['kafka-1:9092', 'kafka-2:9092'];

/** An error as kafkajs throws them: with fields of its own, and another one inside. */
function errorOf(message: string, fields: object, cause?: Error): Error {
  return Object.assign(new Error(message, { cause }), fields);
}

function told(error: unknown): [message: string, retryable: boolean] {
  const { message, retryable } = kafkaError(error, BROKERS);
  return [message, retryable];
}

describe('kafkaError', () => {
  it.each([
    ['SASL_AUTHENTICATION_FAILED', 'the credentials in kafka.sasl'],
    ['UNSUPPORTED_SASL_MECHANISM', 'kafka.sasl.mechanism'],
    ['TOPIC_AUTHORIZATION_FAILED', 'READ and DESCRIBE on the topics'],
    ['GROUP_AUTHORIZATION_FAILED', 'READ on the group'],
  ])('is a refusal for %s, wherever it is inside, and says what to look at', (type, advice) => {
    const refusal = errorOf('No', { type });
    const [message, retryable] = told(errorOf('gave up', {}, errorOf('failed', {}, refusal)));
    expect(message).toMatch(new RegExp(`^Kafka refuses this client: No; .*${advice}`));
    expect(retryable).toBe(false);
  });

  it('names the broker whose certificate is not to be trusted', () => {
    const error = errorOf('self-signed', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', broker: 'kafka-2:9092' });
    expect(told(errorOf('gave up', {}, error))).toEqual([
      expect.stringMatching(/^no TLS with the Kafka broker kafka-2:9092: .* tls\.ca_file$/),
      false,
    ]);
  });

  it('lets an expired certificate be waited for', () => {
    expect(told(errorOf('expired', { code: 'CERT_HAS_EXPIRED' }))[1]).toBe(true);
  });

  it('gives back what driftd itself found while kafkajs was at work', () => {
    const own = new DriftdError('environment', 'the token endpoint answers 503', { retryable: true });
    expect(kafkaError(errorOf('gave up', {}, own), BROKERS)).toBe(own);
  });

  it.each([{ name: 'KafkaJSConnectionClosedError' }, { code: 'ECONNRESET' }, { type: 'ILLEGAL_SASL_STATE' }])(
    'waits for a broker that hangs up, and says why it may (%j)',
    (fields) => {
      expect(told(errorOf('Closed', fields))).toEqual([
        'cannot read from Kafka at kafka-1:9092, kafka-2:9092: Closed; if that goes on, this port may want another ' +
          'security protocol: look at kafka.tls and kafka.sasl',
        true,
      ]);
    },
  );

  it('waits for anything else', () => {
    expect(told(errorOf('connect ECONNREFUSED', { code: 'ECONNREFUSED' }))).toEqual([
      'cannot read from Kafka at kafka-1:9092, kafka-2:9092: connect ECONNREFUSED',
      true,
    ]);
    expect(told('odd')[1]).toBe(true);
  });
});
