import { z } from 'zod';
import { secret } from '../base/file-option.ts';
import { tlsSchema } from '../base/tls-options.ts';
import type { Post } from './http-post.ts';
import type { Outbound } from './outbound.ts';

/** How to speak to an HTTP server that wants to know who calls, in Alertmanager's words. */
export const httpConfigSchema = z
  .strictObject({
    authorization: z
      .strictObject({
        type: z
          .string()
          .regex(/^[\w-]+$/, 'must be one word')
          .default('Bearer')
          .describe('First word of the header Authorization.'),
        credentials: secret(z.string().min(1)).describe('The rest of it, such as a token.'),
      })
      .optional()
      .describe('Sends a header Authorization.'),
    basic_auth: z
      .strictObject({
        username: z.string().describe('User name.'),
        password: secret(z.string()).describe('Password of that user.'),
      })
      .optional()
      .describe('Sends a header Authorization with user and password.'),
    tls_config: tlsSchema.optional().describe('TLS with this server.'),
  })
  .refine(
    ({ authorization, basic_auth: basic }) => authorization === undefined || basic === undefined,
    'takes either authorization or basic_auth',
  )
  .prefault({})
  .describe('How to speak HTTP with it.');

type HttpConfig = z.output<typeof httpConfigSchema>;

/** A function that posts as the options say. */
export function httpPost(config: HttpConfig, http: Outbound['http']): Post {
  const post = http(config.tls_config);
  const authorization = authorizationOf(config);
  if (authorization === undefined) return post;
  return (message, signal) => post({ ...message, headers: { ...message.headers, authorization } }, signal);
}

function authorizationOf({ authorization, basic_auth: basic }: HttpConfig): string | undefined {
  if (authorization !== undefined) return `${authorization.type} ${authorization.credentials}`;
  if (basic === undefined) return undefined;
  return `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`;
}
