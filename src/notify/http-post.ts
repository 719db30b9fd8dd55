import { type Dispatcher, request } from 'undici';
import type { Clock, Millis } from '../base/clock.ts';
import { formatDuration } from '../base/duration.ts';
import { ADDRESS_REFUSED } from './network-rules.ts';
import type { SendOutcome } from './send-outcome.ts';

/** How much of an answer is read; the rest is thrown away together with the connection. */
const BODY_LIMIT = 64 * 1024;

interface PostRequest {
  readonly url: string;
  /** Undefined to look something up (GET) instead of posting. */
  readonly body: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export type PostResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The start of the answer's text, at most 64 KiB. */
      readonly body: string;
      readonly retryAfter: Millis | undefined;
      /** A header by its name in lower case; undefined when it is not there, or twice. */
      readonly header: (name: string) => string | undefined;
    }
  | { readonly kind: 'failed'; readonly reason: string };

export type Post = (message: PostRequest, signal: AbortSignal) => Promise<PostResult>;

export interface PostOptions {
  readonly dispatcher: Dispatcher;
  /** For the whole exchange: connecting, sending, and reading the answer. */
  readonly timeout: Millis;
  readonly clock: Clock;
}

/**
 * Makes a function that posts JSON once: it follows no redirect and does not retry. Whatever goes wrong comes back as a result
 * that names an error code and never the address, since the address of a webhook is a secret.
 */
export function createPost({ dispatcher, timeout, clock }: PostOptions): Post {
  return async ({ url, body, headers }, signal) => {
    const deadline = AbortSignal.timeout(timeout);
    try {
      const response = await request(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'user-agent': 'driftd',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body }),
        dispatcher,
        signal: AbortSignal.any([deadline, signal]),
      });
      return {
        kind: 'answered',
        status: response.statusCode,
        retryAfter: parseRetryAfter(response.headers['retry-after'], clock.now()),
        body: await startOf(response.body),
        header: (name) => {
          const value = response.headers[name];
          return typeof value === 'string' ? value : undefined;
        },
      };
    } catch (error) {
      const reason = deadline.aborted ? `no answer within ${formatDuration(timeout)}` : failureText(error);
      return { kind: 'failed', reason };
    }
  };
}

/** What an answer's status means for the message. `gone` lists the statuses by which this kind of receiver says that it is gone. */
export function outcomeOf(result: PostResult, gone: readonly number[] = [410]): SendOutcome {
  if (result.kind === 'failed') return { kind: 'retry', reason: result.reason };
  const { status, retryAfter } = result;
  const reason = `answered ${status}`;
  if (status >= 200 && status < 300) return { kind: 'sent', answer: reason };
  if (gone.includes(status)) return { kind: 'gone', reason };
  if (status < 400) return { kind: 'retry', reason: `${reason}, a redirect, which is not followed` };
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return retryAfter === undefined
      ? { kind: 'retry', reason }
      : { kind: 'retry', reason, after: retryAfter };
  }
  return { kind: 'refused', reason };
}

/** Reads a Retry-After header: seconds, or an HTTP date. Undefined when there is none or it is neither. */
export function parseRetryAfter(header: string | string[] | undefined, now: Millis): Millis | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  // Only dates that name a weekday, as HTTP dates do: Date.parse also takes "-1" for a date.
  const date = /^\s*[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

async function startOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= BODY_LIMIT) break;
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('utf8');
}

/** An error's message may hold the host or the path; its code does not. */
export function failureText(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (code === ADDRESS_REFUSED) return 'its address is in a network that delivery.networks keeps out of';
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'the connection failed';
}
