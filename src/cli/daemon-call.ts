import { request } from 'undici';
import { DriftdError, messageOf } from '../base/errors.ts';

/** Asks the API of a running driftd. What it refuses is an error with its words. */
export async function callDaemon(
  base: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<unknown> {
  const url = new URL(`api/v1/${path}`, base.endsWith('/') ? base : `${base}/`);
  const { status, answer } = await exchange(method, url, body);
  if (status === 200) return answer;
  const why = typeof answer === 'string' ? answer : `answered ${status}`;
  throw new DriftdError(status >= 400 && status < 500 ? 'input' : 'environment', `${url.origin}: ${why}`);
}

async function exchange(
  method: 'GET' | 'POST' | 'DELETE',
  url: URL,
  body: object | undefined,
): Promise<{ status: number; answer: unknown }> {
  try {
    const response = await request(url, {
      method,
      headersTimeout: 30_000,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.body.text();
    return { status: response.statusCode, answer: JSON.parse(text) };
  } catch (error) {
    throw new DriftdError(
      'environment',
      `no driftd answers at ${url.origin} (${messageOf(error)}); name another with --url`,
      { cause: error },
    );
  }
}
