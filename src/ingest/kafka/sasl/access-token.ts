import { Agent, request } from 'undici';
import type { Clock, Millis } from '../../../base/clock.ts';
import { DriftdError } from '../../../base/errors.ts';
import { tlsFailure } from '../../../base/tls-failure.ts';
import { tlsConnectionOptions } from '../../../base/tls-options.ts';
import type { TokenOptions } from './options.ts';

const TIMEOUT: Millis = 10_000;
const BODY_LIMIT = 64 * 1024;

/** A token is renewed when this part of its life is over, so that none ends on its way to the broker. */
const FRESH = 0.8;

/** What an authorization server may answer (RFC 6749, 5.2). Nothing else that it says is repeated. */
const REFUSALS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
];

interface Token {
  readonly value: string;
  readonly renewAt: Millis;
}

/**
 * Makes a function that gives a token for OAuth 2.0 client credentials (RFC 6749, 4.4): the last one while it is fresh,
 * else a new one. Errors name the address and a closed list of reasons, and never what was sent or answered.
 */
export function createAccessToken(options: TokenOptions, clock: Clock): () => Promise<string> {
  let token: Token | undefined;
  let fetching: Promise<Token> | undefined;
  return async () => {
    if (token !== undefined && clock.now() < token.renewAt) return token.value;
    fetching ??= fetchToken(options, clock).finally(() => {
      fetching = undefined;
    });
    token = await fetching;
    return token.value;
  };
}

async function fetchToken(options: TokenOptions, clock: Clock): Promise<Token> {
  const asked = clock.now();
  const { status, body } = await ask(options);
  const answer = parse(body);
  if (status !== 200) {
    const reason = REFUSALS.find((word) => word === answer['error']);
    const refused = status === 400 || status === 401 || status === 403;
    const advice = refused ? '; look at client_id, client_secret and scopes of kafka.sasl' : '';
    throw failure(options, `answers ${status}${reason === undefined ? '' : ` ${reason}`}${advice}`, !refused);
  }
  const { access_token: value, expires_in: lifetime } = answer;
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw failure(options, 'answers without an access_token', false);
  }
  // A token of unknown age is used once.
  const seconds = typeof lifetime === 'number' && lifetime > 0 ? lifetime : 0;
  return { value, renewAt: asked + seconds * 1000 * FRESH };
}

async function ask(options: TokenOptions): Promise<{ status: number; body: string }> {
  const { client_id: id, client_secret: secret, scopes, tls } = options;
  const credentials = [id, secret].map(encodeURIComponent).join(':');
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  const signal = AbortSignal.timeout(TIMEOUT);
  // Tokens are asked for too seldom for a connection that stays open.
  const agent = new Agent({ pipelining: 0, ...(tls && { connect: tlsConnectionOptions(tls) }) });
  try {
    const response = await request(options.token_url, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        'user-agent': 'driftd',
      },
      body: form.toString(),
      dispatcher: agent,
      signal,
    });
    return { status: response.statusCode, body: await startOf(response.body) };
  } catch (error) {
    throw unreachable(options, signal.aborted ? 'ETIMEDOUT' : (error as { code?: unknown }).code);
  } finally {
    await agent.destroy();
  }
}

async function startOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > BODY_LIMIT) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** By the code alone: messages of errors may repeat what was sent. */
function unreachable(options: TokenOptions, code: unknown): DriftdError {
  const tls = tlsFailure(code);
  if (tls !== undefined) return failure(options, `cannot be trusted: ${tls.advice}`, tls.passes);
  const known = typeof code === 'string' && /^[A-Z0-9_]+$/.test(code);
  return failure(options, `cannot be reached${known ? `: ${code}` : ''}`, true);
}

function failure({ token_url: url }: TokenOptions, what: string, retryable: boolean): DriftdError {
  // Without its query, which may hold a key.
  const { origin, pathname } = new URL(url);
  return new DriftdError('environment', `the token endpoint ${origin}${pathname} ${what}`, { retryable });
}
