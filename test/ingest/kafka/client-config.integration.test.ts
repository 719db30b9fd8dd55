import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import type { DriftdError } from '../../../src/base/errors.ts';
import { kafkaClientConfig } from '../../../src/ingest/kafka/client-config.ts';
import { kafkaError } from '../../../src/ingest/kafka/kafka-errors.ts';
import { kafkaSchema } from '../../../src/ingest/kafka/options.ts';
import { type HttpSink, startHttpSink } from '../../support/http-sink.ts';
import { describeWithOwnBroker } from '../../support/kafka.ts';
import { poll } from '../../support/poll.ts';
import { KAFKA_USER, OTHER_NAME, type SecureKafka, startSecureKafka } from '../../support/secure-kafka.ts';
import { unsignedToken } from '../../support/unsigned-token.ts';

const PASSWORD_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
const WRONG = 'not-the-password';

/** The number of brokers that a client sees, or why it sees none; and all that was logged. */
async function connect(
  broker: string,
  security: object,
): Promise<{ brokers?: number; error?: DriftdError; logged: string }> {
  let logged = '';
  const logger = pino({ level: 'trace' }, { write: (line: string) => (logged += line) });
  const options = kafkaSchema.parse({ brokers: [broker], predictions: { topic: 'p' }, ...security });
  const admin = new Kafka(kafkaClientConfig(options, logger)).admin();
  try {
    await admin.connect();
    return { brokers: (await admin.describeCluster()).brokers.length, logged };
  } catch (thrown) {
    return { error: kafkaError(thrown, [broker]), logged };
  } finally {
    await admin.disconnect();
  }
}

describeWithOwnBroker('a client of a secure Kafka', () => {
  let kafka: SecureKafka;
  let idp: HttpSink;
  beforeAll(async () => {
    [kafka, idp] = await Promise.all([startSecureKafka(), startHttpSink()]);
  });
  afterAll(async () => {
    await Promise.all([kafka?.stop(), idp?.stop()]);
  });

  const oauth = (): object => ({
    mechanism: 'OAUTHBEARER',
    token_url: `${idp.url}/token`,
    client_id: 'driftd',
    client_secret: 'client-secret',
  });

  it('arms no timers while it has nothing to do', async () => {
    const options = kafkaSchema.parse({ brokers: kafka.brokers, predictions: { topic: 'p' } });
    const admin = new Kafka(kafkaClientConfig(options)).admin();
    onTestFinished(() => admin.disconnect());
    await admin.connect();
    await admin.describeCluster();
    const armed = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => armed.mockRestore());
    await sleep(300);
    // As kafkajs comes, there are hundreds.
    expect(armed.mock.calls.length).toBeLessThan(5);
  });

  it.each(PASSWORD_MECHANISMS)('logs in with %s', async (mechanism) => {
    const sasl = { mechanism, ...KAFKA_USER };
    expect(await connect(kafka.sasl, { sasl })).toMatchObject({ brokers: 1 });
  });

  it.each(PASSWORD_MECHANISMS)('logs in with %s over TLS', async (mechanism) => {
    const sasl = { mechanism, ...KAFKA_USER };
    expect(await connect(kafka.saslTls, { sasl, tls: { ca: kafka.ca } })).toMatchObject({ brokers: 1 });
  });

  it.each(PASSWORD_MECHANISMS)(
    'is told that its password is wrong, with %s, and tries once',
    async (mechanism) => {
      const { error, logged } = await connect(kafka.sasl, {
        sasl: { mechanism, ...KAFKA_USER, password: WRONG },
      });
      expect(error).toMatchObject({ code: 'environment', retryable: false });
      expect(error?.message).toMatch(
        /^Kafka refuses this client: .*; look at the credentials in kafka\.sasl$/,
      );
      expect(logged).not.toContain(WRONG);
      expect(logged.match(/"message":"Response SaslAuthenticate/g)).toHaveLength(1);
    },
  );

  it('logs in with a token of OAuth 2.0, over TLS as well', async () => {
    idp.answerAlways({ body: JSON.stringify({ access_token: unsignedToken(3600), expires_in: 3600 }) });
    expect(await connect(kafka.sasl, { sasl: oauth() })).toMatchObject({ brokers: 1 });
    expect(await connect(kafka.saslTls, { sasl: oauth(), tls: { ca: kafka.ca } })).toMatchObject({
      brokers: 1,
    });
  });

  it('shows a new token when the old one ends, on the connection that it has', async () => {
    // The broker ends sessions with their tokens, and kafkajs renews them ten seconds earlier.
    const lifetime = 12;
    const asked = idp.requests.length;
    idp.answerAlways(() => ({
      body: JSON.stringify({ access_token: unsignedToken(lifetime), expires_in: 1 }),
    }));
    const options = kafkaSchema.parse({
      brokers: [kafka.sasl],
      predictions: { topic: 'p' },
      sasl: oauth(),
    });
    const admin = new Kafka(kafkaClientConfig(options)).admin();
    onTestFinished(() => admin.disconnect());
    await admin.connect();
    await poll(
      async () => {
        await admin.describeCluster();
        return idp.requests.length >= asked + 3 ? true : undefined;
      },
      { timeoutMs: 60_000, everyMs: 100, what: 'third token' },
    );
  });

  it.each([
    ['is garbage', () => 'abc.def.ghi'],
    ['has expired', () => unsignedToken(-60)],
  ])('is told when its token %s', async (_, token) => {
    idp.answerAlways({ body: JSON.stringify({ access_token: token(), expires_in: 3600 }) });
    const { error, logged } = await connect(kafka.sasl, { sasl: oauth() });
    expect(error).toMatchObject({ code: 'environment', retryable: false });
    expect(error?.message).toMatch(/^Kafka refuses this client: .*look at the credentials in kafka\.sasl$/);
    expect(logged).not.toContain(token().slice(0, 20));
  });

  it('is told when it gets no token, and asks once', async () => {
    const asked = idp.requests.length;
    idp.answerAlways({ status: 401, body: '{"error":"invalid_client"}' });
    const { error } = await connect(kafka.sasl, { sasl: oauth() });
    expect(error).toMatchObject({ retryable: false });
    expect(error?.message).toMatch(/^the token endpoint .* answers 401 invalid_client; look at client_id/);
    expect(idp.requests.length - asked).toBe(1);
  });

  it('may try again while no tokens are given out', async () => {
    idp.answerAlways({ status: 503 });
    expect((await connect(kafka.sasl, { sasl: oauth() })).error).toMatchObject({ retryable: true });
  });

  it('shows its certificate to a broker that wants one', async () => {
    const tls = { ca: kafka.ca, ...kafka.client };
    expect(await connect(kafka.mutualTls, { tls })).toMatchObject({ brokers: 1 });
  });

  it.each([
    ['no certificate', () => ({ ca: kafka.ca })],
    ['the certificate of a stranger', () => ({ ca: kafka.ca, ...kafka.stranger })],
  ])('with %s is told that the broker wants another one', async (_, tls) => {
    const { error } = await connect(kafka.mutualTls, { tls: tls() });
    expect(error).toMatchObject({ code: 'environment', retryable: false });
    expect(error?.message).toMatch(
      /^no TLS with the Kafka broker 127\.0\.0\.1:\d+: .*tls\.cert_file and tls\.key_file/,
    );
  });

  it('does not trust a broker that an unknown authority signed, and says where the authority belongs', async () => {
    const { error } = await connect(kafka.saslTls, { tls: {} });
    expect(error).toMatchObject({ code: 'environment', retryable: false });
    expect(error?.message).toMatch(/^no TLS with the Kafka broker .* into tls\.ca_file$/);
  });

  it('waits for somebody to renew a certificate that has expired', async () => {
    const { error } = await connect(kafka.expired, { tls: { ca: kafka.ca } });
    expect(error).toMatchObject({ code: 'environment', retryable: true });
    expect(error?.message).toMatch(/its certificate has expired; it has to be renewed there$/);
  });

  it('asks for the name in the certificate, which may be given', async () => {
    const { error } = await connect(kafka.elsewhere, { tls: { ca: kafka.ca } });
    expect(error).toMatchObject({ code: 'environment', retryable: false });
    expect(error?.message).toMatch(/or set tls\.server_name to it$/);
    const named = { tls: { ca: kafka.ca, server_name: OTHER_NAME } };
    expect(await connect(kafka.elsewhere, named)).toMatchObject({ brokers: 1 });
  });

  it('trusts anybody when it is told to', async () => {
    const tls = { insecure_skip_verify: true };
    expect(await connect(kafka.elsewhere, { tls })).toMatchObject({ brokers: 1 });
  });

  it.each([
    ['without a login at a port that wants one', () => kafka.sasl, {}],
    ['without TLS at a port that wants it', () => kafka.mutualTls, {}],
    ['with TLS at a port that has none', () => kafka.sasl, { tls: {} }],
    [
      'with a login at a port that wants none',
      () => kafka.brokers[0] ?? '',
      { sasl: { mechanism: 'PLAIN', ...KAFKA_USER } },
    ],
  ])('is told where to look when it comes %s', async (_, broker, security) => {
    const { error } = await connect(broker(), security);
    expect(error).toMatchObject({ code: 'environment', retryable: true });
    expect(error?.message).toMatch(/look at kafka\.tls and kafka\.sasl$/);
  });
});
