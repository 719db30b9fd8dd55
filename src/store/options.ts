import { z } from 'zod';
import { durationSchema } from '../base/duration-schema.ts';
import { secret } from '../base/file-option.ts';
import { tlsSchema } from '../base/tls-options.ts';

const database = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected a name of letters, digits and underscores')
  .default('driftd')
  .describe("Database that holds driftd's tables; created when it is not there.");

const embedded = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe(
      'Folder of the embedded store (chDB), relative to this file. One process at a time may open it.',
    ),
  database,
});

const server = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .refine(
        (text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text),
        'must not contain a user or password; use username and password',
      )
      .describe('HTTP(S) address of a ClickHouse server, such as http://clickhouse:8123.'),
    database,
    username: z.string().default('default').describe('ClickHouse user.'),
    password: secret(z.string()).default('').describe('Password of that user.'),
    tls: tlsSchema
      .optional()
      .describe('TLS towards an https address, where it needs other options than Node has.'),
    request_timeout: durationSchema.prefault('30s').describe('Longest wait for one answer of the server.'),
  })
  .refine(({ url, tls }) => tls === undefined || url.startsWith('https:'), {
    path: ['tls'],
    error: 'needs a url that begins with https://',
  });

export const storeSchema = z
  .union([server, embedded])
  .describe(
    'Where profiles, metrics and alerts are kept: a ClickHouse server (url) or the embedded engine (path).',
  );

export type StoreOptions = z.infer<typeof storeSchema>;
