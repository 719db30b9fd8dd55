import { describe, expect, it } from 'vitest';
import { ruleFileJsonSchema } from '../../src/rules/rule-file.ts';

function propertiesIn(node: unknown, path = ''): Array<[path: string, property: { description?: string }]> {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    const own =
      key === 'properties'
        ? Object.entries(value as object).map(([name, property]): [string, { description?: string }] => [
            `${here}/${name}`,
            property,
          ])
        : [];
    return [...own, ...propertiesIn(value, here)];
  });
}

describe('ruleFileJsonSchema', () => {
  it('describes every key', () => {
    const properties = propertiesIn(ruleFileJsonSchema());
    expect(properties.length).toBeGreaterThan(20);
    expect(
      properties.filter(([, { description }]) => description === undefined).map(([path]) => path),
    ).toEqual([]);
  });

  it('asks only for what has no default', () => {
    expect(ruleFileJsonSchema()).toMatchObject({
      required: ['groups'],
      properties: {
        groups: {
          items: {
            required: ['name', 'schedule', 'window', 'rules'],
            properties: { rules: { items: { required: ['alert', 'when'] } } },
          },
        },
      },
    });
  });
});
