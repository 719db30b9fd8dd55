import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { orFile, secret, withFileKeys } from '../../src/base/file-option.ts';

function jsonSchema(schema: z.ZodType): unknown {
  return withFileKeys(z.toJSONSchema(schema, { io: 'input' }));
}

describe('withFileKeys', () => {
  it('adds a key for the file beside each text that may come from one, and asks for just one of the two', () => {
    const schema = z.strictObject({
      url: z.string(),
      token: secret(z.string()).describe('A token.'),
      ca: orFile(z.string()).optional(),
    });
    expect(jsonSchema(schema)).toMatchObject({
      required: ['url'],
      properties: {
        url: { type: 'string' },
        token: { type: 'string', description: 'A token.', writeOnly: true },
        token_file: { type: 'string', description: 'File that holds token, instead of token itself.' },
        ca_file: { type: 'string' },
      },
      allOf: [
        { oneOf: [{ required: ['token'] }, { required: ['token_file'] }] },
        { not: { required: ['ca', 'ca_file'] } },
      ],
    });
  });

  it('finds such options in lists, maps and unions', () => {
    const inner = z.strictObject({ key: secret(z.string()) });
    const schema = z.strictObject({
      list: z.array(inner),
      map: z.record(z.string(), inner),
      either: z.union([inner, z.string()]),
    });
    expect(JSON.stringify(jsonSchema(schema)).match(/"key_file":\{/g)).toHaveLength(3);
  });

  it('leaves no trace of how it knows', () => {
    expect(JSON.stringify(jsonSchema(z.strictObject({ key: secret(z.string()) })))).not.toContain('orFile');
  });

  it('changes nothing where no option may come from a file', () => {
    const plain = z.toJSONSchema(z.strictObject({ a: z.string(), b: z.array(z.int()).default([1]) }));
    expect(withFileKeys(plain)).toEqual(plain);
  });
});
