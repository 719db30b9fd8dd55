import { describe, expect, it } from 'vitest';
import { compileMapping, mappingSchema } from '../../src/decode/mapping.ts';

const FIELDS = [
  ...['prediction_id', 'model', 'version', 'timestamp', 'features'],
  ...['prediction', 'score', 'probabilities', 'label'],
];

describe('a mapping', () => {
  it('takes fields from where it says, and the others from the top level', () => {
    const map = compileMapping({
      prediction_id: '$.request.id',
      model: 'fraud',
      features: '$.request.inputs',
    });
    const payload = { request: { id: 'a', inputs: { x: 1 } }, timestamp: 5, score: 0.5, other: true };
    expect({ ...(map(payload) as object) }).toEqual({
      prediction_id: 'a',
      model: 'fraud',
      version: undefined,
      timestamp: 5,
      features: { x: 1 },
      prediction: undefined,
      score: 0.5,
      probabilities: undefined,
      label: undefined,
    });
  });

  it('leaves a payload that has no fields as it is', () => {
    const map = compileMapping({ model: 'fraud' });
    for (const payload of [null, 'text', 7]) expect(map(payload)).toBe(payload);
  });

  it('reads lists', () => {
    const map = compileMapping({ model: '$[0]', features: '$[1]' });
    expect(map(['fraud', { x: 1 }])).toMatchObject({ model: 'fraud', features: { x: 1 } });
  });

  it('does not find what a payload merely inherits', () => {
    const map = compileMapping({ model: '$.toString', label: '$.__proto__' });
    expect(map({})).toMatchObject({ model: undefined, label: undefined });
  });
});

describe('mappingSchema', () => {
  it('knows every field of an event, and no other', () => {
    const all = Object.fromEntries(FIELDS.map((field) => [field, '$.x']));
    expect(mappingSchema.parse(all)).toEqual(all);
    expect(mappingSchema.safeParse({ id: '$.x' }).success).toBe(false);
  });

  it('takes a path or a constant, and says what a path looks like', () => {
    expect(mappingSchema.parse({ version: 'v1' })).toEqual({ version: 'v1' });
    const faulty = mappingSchema.safeParse({ model: '$.a b' });
    expect(faulty.error?.issues[0]).toMatchObject({
      path: ['model'],
      message: expect.stringContaining('$.request.id'),
    });
    expect(mappingSchema.safeParse({ model: '' }).success).toBe(false);
  });
});
