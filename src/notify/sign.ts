import { createHmac } from 'node:crypto';
import type { Millis } from '../base/clock.ts';

const BASE64 = /^[A-Za-z0-9+/]{2,}={0,2}$/;

/** The bytes of a secret: base64 behind `whsec_`, the text itself otherwise. Undefined when `whsec_` is not followed by base64. */
export function signingKey(secret: string): Buffer | undefined {
  if (!secret.startsWith('whsec_')) return Buffer.from(secret, 'utf8');
  const encoded = secret.slice('whsec_'.length);
  return BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : undefined;
}

/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com). The id stays the same over retries, the timestamp
 * is that of the attempt, so that the receiver can refuse what was recorded and sent again by somebody else.
 * Without a secret there is no signature.
 */
export function webhookHeaders(
  message: { readonly id: string; readonly body: string; readonly attemptAt: Millis },
  secret: string | undefined,
): Record<string, string> {
  const timestamp = String(Math.floor(message.attemptAt / 1000));
  const headers = { 'webhook-id': message.id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return headers;
  const signature = createHmac('sha256', signingKey(secret) ?? secret)
    .update(`${message.id}.${timestamp}.${message.body}`)
    .digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}
