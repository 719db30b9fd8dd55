import { z } from 'zod';
import { secret } from '../../../base/file-option.ts';
import { tlsSchema } from '../../../base/tls-options.ts';

const passwordLogin = z.strictObject({
  mechanism: z
    .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
    .describe('SASL mechanism. PLAIN sends the password as it is: use it with tls only.'),
  username: z.string().min(1).describe('Name of the user.'),
  password: secret(z.string().min(1)).describe('Password of that user.'),
});

const tokenLogin = z.strictObject({
  mechanism: z.literal('OAUTHBEARER').describe('SASL mechanism: OAuth 2.0 tokens, by client credentials.'),
  token_url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine(
      (text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text),
      'must not contain a user or password; use client_id and client_secret',
    )
    .describe('Token endpoint of the authorization server.'),
  client_id: z.string().min(1).describe('Id of this client there.'),
  client_secret: secret(z.string().min(1)).describe('Secret of that client.'),
  scopes: z.array(z.string().min(1)).default([]).describe('Scopes to ask for.'),
  tls: tlsSchema
    .optional()
    .describe('TLS towards the token endpoint, where it needs other options than Node has.'),
});

export const saslSchema = z
  .discriminatedUnion('mechanism', [passwordLogin, tokenLogin])
  .describe('How to log in to the brokers.');

export type SaslOptions = z.output<typeof saslSchema>;
export type TokenOptions = z.output<typeof tokenLogin>;
