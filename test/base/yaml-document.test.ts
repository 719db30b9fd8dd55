import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Fault } from '../../src/base/fault.ts';
import { keysInJsonSchema, readYaml, schemaFaults } from '../../src/base/yaml-document.ts';

function place({ line, column }: Fault): string {
  return `${line}:${column}`;
}

function lines(...text: string[]): string {
  return text.join('\n');
}

describe('readYaml', () => {
  it('gives the value of a file', () => {
    const { value, faults } = readYaml('a.yaml', lines('a: 1', 'b:', '  - x', '  - y'));
    expect(faults).toEqual([]);
    expect(value).toEqual({ a: 1, b: ['x', 'y'] });
  });

  it('gives null for an empty file', () => {
    expect(readYaml('a.yaml', '')).toMatchObject({ value: null, faults: [] });
  });

  it('follows anchors and merge keys', () => {
    const text = lines('base: &base {a: 1, b: 2}', 'other: {<<: *base, b: 3}');
    expect(readYaml('a.yaml', text).value).toEqual({ base: { a: 1, b: 2 }, other: { a: 1, b: 3 } });
  });

  it.each([
    ['a syntax error', lines('a: 1', 'b: [1'), '2:6', /must be sufficiently indented/],
    ['a tab', lines('a:', '\tb: 1'), '2:1', /Tabs/],
    ['a duplicate key', lines('a: 1', 'b: 2', 'a: 3'), '3:1', /unique/],
    ['a second document', lines('a: 1', '---', 'b: 2'), '2:1', /one YAML document/],
    ['an alias without an anchor', lines('a: 1', 'b: *x'), '2:4', /no anchor before this alias/],
    ['a key called __proto__', lines('a:', '  __proto__: 1'), '2:3', /"__proto__" cannot be a key/],
    ['a merge of something else than a map', lines('<<: 3'), '1:1', /Merge/],
  ])('reports %s at its place', (_, text, where, message) => {
    const { value, faults } = readYaml('a.yaml', text);
    expect(value).toBeUndefined();
    expect(faults.map(place)).toContain(where);
    expect(faults[0]).toMatchObject({ file: 'a.yaml', message: expect.stringMatching(message) });
  });

  it.each([
    'a: *s3cret',
    'a: |s3cret',
    'a: ]s3cret',
    'a: !s3cret!x y',
    'a: @s3cret',
    'a: "\\us3cret"',
    'a: "x" s3cret',
    'a: {s3cret',
  ])('does not repeat a text that breaks the syntax: %s', (text) => {
    const { faults } = readYaml('a.yaml', text);
    expect(faults).not.toEqual([]);
    expect(JSON.stringify(faults)).not.toMatch(/s3c/);
  });

  it('refuses aliases of aliases that would fill the memory', () => {
    const nine = (name: string): string => `[${Array.from({ length: 9 }, () => `*${name}`).join(', ')}]`;
    const text = lines(
      'a: &a [1]',
      `b: &b ${nine('a')}`,
      `c: &c ${nine('b')}`,
      `d: &d ${nine('c')}`,
      `e: ${nine('d')}`,
    );
    expect(readYaml('a.yaml', text).faults).toHaveLength(1);
  });

  it('never throws, whatever the text', () => {
    const pieces = [
      'a: ',
      'b',
      '\n',
      '  ',
      '- ',
      '*x',
      '&x ',
      '"',
      "'",
      '|',
      '>',
      '{',
      '}',
      '[',
      ']',
      ': ',
      '!t ',
      '\t',
      '#',
      '---\n',
      '<<: ',
      '\\',
      '__proto__: ',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 20 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (source) => {
        const document = readYaml('a.yaml', source);
        const fault = document.faultAt(['a', 0, 'b'], 'x', 3);
        expect(fault.line).toBeGreaterThanOrEqual(1);
        expect(fault.column).toBeGreaterThanOrEqual(1);
        document.faultAtKey(['a'], 'x');
      }),
    );
  });
});

describe('faultAt', () => {
  const document = readYaml(
    'a.yaml',
    lines(
      'plain: one two',
      'quoted: "one two"',
      "single: 'one two'",
      'escaped: "a\\"one two"',
      'folded: >-',
      '  one',
      '',
      '  two three',
      'literal: |   # a comment',
      '    one',
      '      two',
      'wrapped: one',
      '  two',
      'list:',
      '  - first',
      '  - {deep: word}',
      'anchored: &anchor {inner: value}',
      'alias: *anchor',
      '7: seven',
    ),
  );
  const text = (key: string): string => String((document.value as Record<string, unknown>)[key]);

  it.each([
    ['plain', 'one', '1:8'],
    ['plain', 'two', '1:12'],
    ['quoted', 'one', '2:10'],
    ['quoted', 'two', '2:14'],
    ['single', 'two', '3:14'],
    ['folded', 'one', '6:3'],
    ['folded', 'two', '8:3'],
    ['folded', 'three', '8:7'],
    ['literal', 'one', '10:5'],
    ['literal', 'two', '11:7'],
    ['wrapped', 'two', '13:3'],
  ])('finds a character inside the text of %s: %s', (key, word, where) => {
    expect(place(document.faultAt([key], 'x', text(key).indexOf(word)))).toBe(where);
  });

  it('points to the | or > of a block when it means the whole text', () => {
    expect(place(document.faultAt(['folded'], 'x'))).toBe('5:9');
  });

  it('finds the end of a text', () => {
    expect(place(document.faultAt(['plain'], 'x', text('plain').length))).toBe('1:15');
    expect(place(document.faultAt(['folded'], 'x', text('folded').length))).toBe('8:12');
  });

  it('falls back to the start of a text with escapes', () => {
    expect(place(document.faultAt(['escaped'], 'x', 5))).toBe('4:11');
  });

  it('points into lists and flow maps', () => {
    expect(place(document.faultAt(['list', 0], 'x'))).toBe('15:5');
    expect(place(document.faultAt(['list', 1, 'deep'], 'x'))).toBe('16:12');
  });

  it('points to the nearest parent of what is not there', () => {
    expect(place(document.faultAt(['list', 1, 'missing', 'deeper'], 'x'))).toBe('16:5');
    expect(place(document.faultAt(['missing'], 'x'))).toBe('1:1');
  });

  it('follows an alias to what it stands for', () => {
    expect(place(document.faultAt(['alias'], 'x'))).toBe('18:8');
    expect(place(document.faultAt(['alias', 'inner'], 'x'))).toBe('17:27');
  });

  it('finds keys, also those that YAML reads as numbers', () => {
    expect(place(document.faultAtKey(['list', 1, 'deep'], 'x'))).toBe('16:6');
    expect(place(document.faultAtKey(['7'], 'x'))).toBe('19:1');
  });
});

describe('schemaFaults', () => {
  const schema = z.strictObject({
    name: z.string(),
    kind: z.enum(['numeric', 'categorical']).default('numeric'),
    width: z.union([z.string(), z.number()]).optional(),
    where: z.union([z.strictObject({ url: z.string() }), z.strictObject({ path: z.string() })]).optional(),
    sink: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('slack'), channel: z.string() }),
        z.strictObject({ type: z.literal('webhook') }),
      ])
      .optional(),
    labels: z.record(z.string().regex(/^[a-z]+$/, 'only small letters'), z.string()).default({}),
    parts: z.array(z.strictObject({ size: z.number() })).default([]),
    even: z
      .number()
      .refine((n) => n % 2 === 0, 'must be even')
      .optional(),
  });
  const json = z.toJSONSchema(schema, { io: 'input' });

  function faultsIn(...text: string[]): string[] {
    const document = readYaml('a.yaml', lines(...text));
    const { error } = schema.safeParse(document.value);
    if (error === undefined) return [];
    return schemaFaults(document, error, (path) => keysInJsonSchema(json, path)).map(
      (fault) => `${place(fault)} ${fault.message}`,
    );
  }

  it('has nothing to say about a valid file', () => {
    expect(faultsIn('name: x', 'parts: [{size: 1}]')).toEqual([]);
  });

  it('names unknown keys and the nearest known one, at the key', () => {
    expect(faultsIn('name: x', 'knid: numeric')).toEqual(['2:1 unknown key "knid"; did you mean "kind"?']);
    expect(faultsIn('name: x', 'parts:', '  - size: 1', '    siez: 2')).toEqual([
      '4:5 unknown key "siez"; did you mean "size"?',
    ]);
  });

  it('names unknown words and the nearest known one', () => {
    expect(faultsIn('name: x', 'kind: numric')).toEqual([
      '2:7 "numric" is not one of numeric, categorical; did you mean "numeric"?',
    ]);
  });

  it('says which key is missing', () => {
    expect(faultsIn('kind: numeric')).toEqual(['1:1 missing key "name"']);
    expect(faultsIn('name: x', 'parts:', '  - {}')).toEqual(['3:5 missing key "size"']);
  });

  it('says what type it expected', () => {
    expect(faultsIn('name: 3')).toEqual(['1:7 name: expected string, received number']);
    expect(faultsIn('name: x', 'width: [1]')).toEqual(['2:8 width: expected string or number']);
    expect(faultsIn('[]')).toEqual(['1:1 expected object, received array']);
  });

  it('looks into the branch of a union that was meant', () => {
    expect(faultsIn('name: x', 'sink: {type: slack, chanel: y}')).toEqual([
      '2:7 missing key "channel"',
      '2:21 unknown key "chanel"; did you mean "channel"?',
    ]);
    expect(faultsIn('name: x', 'sink: {type: slak}')).toEqual([
      '2:14 "slak" is not one of slack, webhook; did you mean "slack"?',
    ]);
  });

  it('names a bad key of a record, at the key', () => {
    expect(faultsIn('name: x', 'labels: {Team: y}')).toEqual([
      '2:10 "Team" cannot be a key here: only small letters',
    ]);
  });

  it('passes the messages of refinements on', () => {
    expect(faultsIn('name: x', 'even: 3')).toEqual(['2:7 even: must be even']);
  });

  it('says something about a union of which no branch fits', () => {
    const faults = faultsIn('name: x', 'where: {uri: y}');
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every((fault) => fault.startsWith('2:'))).toBe(true);
  });
});

describe('keysInJsonSchema', () => {
  const schema = z.toJSONSchema(
    z.strictObject({
      a: z.strictObject({ inner: z.string() }).optional(),
      either: z.union([
        z.strictObject({ url: z.string() }),
        z.strictObject({ path: z.string(), url: z.string() }),
      ]),
      list: z.array(z.strictObject({ item: z.string() })),
      byName: z.record(z.string(), z.strictObject({ value: z.string() })),
    }),
    { io: 'input' },
  );

  it('lists the keys at a path, through unions, lists and records', () => {
    expect(keysInJsonSchema(schema, [])).toEqual(['a', 'either', 'list', 'byName']);
    expect(keysInJsonSchema(schema, ['a'])).toEqual(['inner']);
    expect(keysInJsonSchema(schema, ['either'])).toEqual(['url', 'path']);
    expect(keysInJsonSchema(schema, ['list', 3])).toEqual(['item']);
    expect(keysInJsonSchema(schema, ['byName', 'anything'])).toEqual(['value']);
  });

  it('follows what holds itself', () => {
    const node = z
      .strictObject({
        value: z.string(),
        get below(): z.ZodOptional<z.ZodArray<typeof node>> {
          return z.array(node).optional();
        },
      })
      .meta({ id: 'node' });
    const nested = z.toJSONSchema(z.strictObject({ root: node }), { io: 'input' });
    expect(keysInJsonSchema(nested, ['root'])).toEqual(['value', 'below']);
    expect(keysInJsonSchema(nested, ['root', 'below', 0, 'below', 1])).toEqual(['value', 'below']);
  });

  it('lists nothing where there is no object', () => {
    expect(keysInJsonSchema(schema, ['a', 'inner'])).toEqual([]);
    expect(keysInJsonSchema(schema, ['nothing', 'here'])).toEqual([]);
    expect(keysInJsonSchema(undefined, ['toString'])).toEqual([]);
  });
});
