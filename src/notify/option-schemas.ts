import { z } from 'zod';
import { secret } from '../base/file-option.ts';
import { signingKey } from './sign.ts';

/** The address of a server that asks who calls. */
export const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), 'must not contain a user or password')
  .refine((text) => !/[?#]/.test(text), 'must not contain a query or fragment');

/** An address below a base, whether that ends in a slash or not. */
export function below(base: string, ...path: readonly string[]): string {
  return [base.replace(/\/+$/, ''), ...path.map(encodeURIComponent)].join('/');
}

/** The address of a receiver: whoever knows it may post there. zod never prints a value that it refuses here. */
export const secretUrl = secret(
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), 'must not contain a user or password'),
);

export const signingSecret = secret(
  z
    .string()
    .min(1)
    .refine((text) => signingKey(text) !== undefined, 'starts with whsec_ but the rest is not base64'),
);

export const sendResolved = z.boolean().default(true).describe('Whether to notify about resolved alerts.');

/** What people call a receiver or a target. Keys of the outbox are made of such names and slashes. */
export const placeName = z.string().regex(/^[^/]+$/, 'must not be empty or contain "/"');
