import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tlsSchema } from '../../../../src/base/tls-options.ts';
import { createAccessToken } from '../../../../src/ingest/kafka/sasl/access-token.ts';
import type { TokenOptions } from '../../../../src/ingest/kafka/sasl/options.ts';
import { createAuthority } from '../../../support/certificates.ts';
import { freePort } from '../../../support/free-port.ts';
import { type HttpSink, startHttpSink } from '../../../support/http-sink.ts';

const SECRET = 's3cret/with:odd characters';
const TOKEN = { body: JSON.stringify({ access_token: 'first', token_type: 'Bearer', expires_in: 100 }) };

async function endpoint(): Promise<HttpSink> {
  const sink = await startHttpSink();
  onTestFinished(() => sink.stop());
  return sink;
}

function optionsFor(url: string, more: Partial<TokenOptions> = {}): TokenOptions {
  return {
    mechanism: 'OAUTHBEARER',
    token_url: `${url}/token?key=s3cret-key`,
    client_id: 'driftd',
    client_secret: SECRET,
    scopes: ['kafka', 'read'],
    ...more,
  };
}

/** What asking for a token ends with; no word of the secrets may be in it. */
async function failureOf(options: TokenOptions): Promise<{ message: string; retryable: boolean }> {
  const error: unknown = await createAccessToken(options, { now: () => 0 })().catch((thrown) => thrown);
  const { message, retryable, stack, cause } = error as Error & { retryable: boolean };
  expect(`${message} ${stack} ${JSON.stringify(cause)}`).not.toMatch(/s3cret/);
  return { message: message.replaceAll(/127.0.0.1:\d+/g, 'idp'), retryable };
}

describe('an access token', () => {
  it('is asked for with the credentials of the client, as RFC 6749 says', async () => {
    const sink = await endpoint();
    sink.answerAlways(TOKEN);
    const token = createAccessToken(optionsFor(sink.url), { now: () => 0 });
    expect(await token()).toBe('first');
    const [request] = sink.requests;
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    });
    expect(String(request?.body)).toBe('grant_type=client_credentials&scope=kafka+read');
    const [scheme, credentials = ''] = String(request?.headers.authorization).split(' ');
    expect(scheme).toBe('Basic');
    expect(Buffer.from(credentials, 'base64').toString()).toBe('driftd:s3cret%2Fwith%3Aodd%20characters');
  });

  it('serves until most of its life is over, and then a new one is asked for', async () => {
    const sink = await endpoint();
    sink.answerNext(TOKEN);
    sink.answerAlways({ body: JSON.stringify({ access_token: 'second', expires_in: 100 }) });
    let now = 0;
    const token = createAccessToken(optionsFor(sink.url), { now: () => now });
    expect(await token()).toBe('first');
    now = 79_000;
    expect(await token()).toBe('first');
    now = 81_000;
    expect(await Promise.all([token(), token(), token()])).toEqual(['second', 'second', 'second']);
    expect(sink.requests).toHaveLength(2);
  });

  it('is used once when it does not say how long it lives', async () => {
    const sink = await endpoint();
    sink.answerAlways({ body: JSON.stringify({ access_token: 'x' }) });
    const token = createAccessToken(optionsFor(sink.url), { now: () => 0 });
    await token();
    await token();
    expect(sink.requests).toHaveLength(2);
  });

  it('may come from a server that an authority of our own has signed', async () => {
    const authority = createAuthority();
    const identity = authority.issue('idp', { names: ['127.0.0.1'] });
    const server = createServer(identity, (_, response) => response.end(TOKEN.body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const trusting = optionsFor(url, { tls: tlsSchema.parse({ ca: authority.cert }) });
    expect(await createAccessToken(trusting, { now: () => 0 })()).toBe('first');
    expect(await failureOf(optionsFor(url))).toEqual({
      message: expect.stringMatching(
        /^the token endpoint https:\/\/idp\/token cannot be trusted: .*tls.ca_file$/,
      ),
      retryable: false,
    });
  });

  it.each([
    [400, '{"error":"invalid_scope"}', 'answers 400 invalid_scope; look at client_id,'],
    [401, '{"error":"invalid_client","error_description":"s3cret"}', 'answers 401 invalid_client; look at'],
    [403, 's3cret', 'answers 403; look at'],
    [401, '{"error":"s3cret"}', 'answers 401; look at'],
    [200, '{"token":"x"}', 'answers without an access_token'],
    [200, '<html>s3cret</html>', 'answers without an access_token'],
    [200, '{"access_token":"two words"}', 'answers without an access_token'],
  ])('is not waited for when the answer is %d %s', async (status, body, message) => {
    const sink = await endpoint();
    sink.answerAlways({ status, body });
    const failure = await failureOf(optionsFor(sink.url));
    expect(failure.message).toContain(`the token endpoint http://idp/token ${message}`);
    expect(failure.retryable).toBe(false);
  });

  it.each([500, 503, 429, 302])('is waited for when the answer is %d', async (status) => {
    const sink = await endpoint();
    sink.answerAlways({ status, body: 's3cret', headers: { location: '/elsewhere' } });
    expect(await failureOf(optionsFor(sink.url))).toEqual({
      message: `the token endpoint http://idp/token answers ${status}`,
      retryable: true,
    });
  });

  it('is waited for while nobody listens, or hangs up', async () => {
    const sink = await endpoint();
    sink.answerAlways('close');
    expect(await failureOf(optionsFor(sink.url))).toMatchObject({ retryable: true });
    expect(await failureOf(optionsFor(`http://127.0.0.1:${await freePort()}`))).toEqual({
      message: 'the token endpoint http://idp/token cannot be reached: ECONNREFUSED',
      retryable: true,
    });
  });
});
