import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueColumn } from '../../../src/ingest/files/value-column.ts';

function vectorOf(values: readonly unknown[], isTime = false) {
  const column = new ValueColumn(isTime);
  for (const [row, value] of values.entries()) column.add(row, value);
  return column.vector(values.length);
}

describe('the values of a column', () => {
  it('stay as they are when they are of several kinds, in whatever order they come', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.constant([1, { a: 2 }]),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const vector = vectorOf(values);
        if (vector?.type === 'values') expect(vector.values).toEqual(values);
        const kinds = new Set(values.filter((one) => one !== null).map((one) => typeof one));
        if (kinds.has('object') || (kinds.has('number') && kinds.size > 1))
          expect(vector?.type).toBe('values');
        else if (kinds.has('number')) expect(vector?.type).toBe('numbers');
        else if (kinds.size > 0) expect(vector?.type).toBe('codes');
        else expect(vector).toBeUndefined();
      }),
    );
  });

  it('are missing where nothing came', () => {
    const column = new ValueColumn(false);
    column.add(3, 1.5);
    column.add(90, -0);
    const vector = column.vector(100);
    expect(vector).toMatchObject({ type: 'numbers', missing: 98, invalid: 0, invalidExample: undefined });
    const present = [...((vector?.type === 'numbers' && vector.values.subarray(0, 100)) || [])].entries();
    expect([...present].filter(([, value]) => !Number.isNaN(value))).toEqual([
      [3, 1.5],
      [90, -0],
    ]);
  });

  it('are invalid when they are no finite number, and no time in a column of times', () => {
    expect(vectorOf([1, Number.POSITIVE_INFINITY])).toMatchObject({ invalid: 1, invalidExample: 'Infinity' });
    const times = vectorOf(['2026-03-02', 5, true, { a: 1 }, null, 'soon'], true);
    expect(times).toMatchObject({ type: 'numbers', missing: 1, invalid: 3, invalidExample: 'true' });
    expect(times?.type === 'numbers' && [...times.values.subarray(0, 2)]).toEqual([Date.UTC(2026, 2, 2), 5]);
  });
});
