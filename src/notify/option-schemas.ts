import { z } from 'zod';
import { secret } from '../base/file-option.ts';
import { signingKey } from './sign.ts';

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
