import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnVector } from '../../../src/ingest/files/column-batch.ts';
import { columnRecorder } from '../../../src/pipeline/compare/column-recorder.ts';
import { emptyProfile, type FeatureSpec, recorderFor } from '../../../src/profile/feature-spec.ts';
import { buildGrid } from '../../../src/profile/grid.ts';
import { INVALID, MISSING } from '../../../src/profile/no-value.ts';

const numeric: FeatureSpec = { kind: 'numeric', grid: buildGrid([1, 2, 2, 3, 5, 8, 13]) };
const named: FeatureSpec = {
  kind: 'categorical',
  categories: ['a', '2', 'true'],
  acceptsNumbers: true,
  complete: true,
};
const words: FeatureSpec = { ...named, acceptsNumbers: false };

function numbersVector(values: ReadonlyArray<number | null | string>): ColumnVector {
  const invalid = values.filter((value) => typeof value === 'string');
  return {
    type: 'numbers',
    // Longer than the batch, as readers give them.
    values: Float64Array.from([
      ...values.map((value) => (typeof value === 'number' ? value : Number.NaN)),
      99,
    ]),
    missing: values.filter((value) => value === null).length,
    invalid: invalid.length,
    invalidExample: invalid[0],
  };
}

function codesVector(values: ReadonlyArray<string | null>): ColumnVector {
  const dictionary = [...new Set(values.filter((value) => value !== null))];
  const codes = values.map((value) => (value === null ? -1 : dictionary.indexOf(value)));
  return { type: 'codes', codes: Int32Array.from([...codes, 0]), dictionary };
}

const number = fc.oneof(
  fc.integer({ min: -3, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const text = fc.constantFrom('a', 'b', '2', 'true', '');
const specs = fc.constantFrom(numeric, named, words);

describe('a whole column', () => {
  it.each([
    ['numbers', fc.array(fc.option(number)), numbersVector],
    ['codes', fc.array(fc.option(text)), codesVector],
    ['values', fc.array(fc.option(fc.oneof(number, text))), (values) => ({ type: 'values', values })],
  ] as Array<[string, fc.Arbitrary<unknown[]>, (values: never[]) => ColumnVector]>)(
    'of %s counts as its cells do one by one',
    (_, cells, vectorOf) => {
      fc.assert(
        fc.property(specs, cells, (spec, values) => {
          const [whole, single] = [emptyProfile(spec), emptyProfile(spec)];
          const found = new Int32Array(values.length);
          columnRecorder(spec)(whole, vectorOf(values as never[]), values.length, found);
          const record = recorderFor(spec);
          const expected = values.map((value) => record(single, value, () => true));
          expect(whole).toEqual(single);
          expect(Array.from(found)).toEqual(expected);
        }),
      );
    },
  );

  it('that is not there is missing', () => {
    const profile = emptyProfile(numeric);
    const cells = new Int32Array(3);
    expect(columnRecorder(numeric)(profile, undefined, 3, cells)).toBeUndefined();
    expect(profile).toMatchObject({ n: 0, missing: 3, invalid: 0 });
    expect(Array.from(cells)).toEqual([MISSING, MISSING, MISSING]);
  });

  it('of numbers gives out rows without one to missing and invalid, as many as it has of each', () => {
    const values = Array.from({ length: 90 }, (_, i) => (i % 3 === 0 ? i : i % 9 === 1 ? 'n/a' : null));
    for (const spec of [numeric, words]) {
      const [profile, cells] = [emptyProfile(spec), new Int32Array(90)];
      columnRecorder(spec)(profile, numbersVector(values), 90, cells);
      const counts = [MISSING, INVALID].map((none) => cells.filter((cell) => cell === none).length);
      expect(counts).toEqual([profile.missing, profile.invalid]);
    }
  });

  it('gives the first value of the wrong type, cut to what fits a message', () => {
    const first = (spec: FeatureSpec, vector: ColumnVector, rows: number): string | undefined =>
      columnRecorder(spec)(emptyProfile(spec), vector, rows);
    expect(first(numeric, numbersVector([1, 'n/a', 'none']), 3)).toBe('n/a');
    expect(first(numeric, codesVector([null, 'x'.repeat(50)]), 2)).toBe(`${'x'.repeat(39)}…`);
    expect(first(numeric, { type: 'values', values: [1, { a: [true] }] }, 2)).toBe('{"a":[true]}');
    expect(first(words, numbersVector([null, 17]), 2)).toBe('17');
    expect(first(words, codesVector(['a', 'new']), 2)).toBeUndefined();
  });

  it('keeps a thousand new categories by name, and none that is very long', () => {
    const profile = emptyProfile(named);
    const many = Array.from({ length: 1_500 }, (_, i) => `new ${i}`);
    columnRecorder(named)(profile, codesVector([...many, ...many, 'y'.repeat(300)]), 3_001);
    expect(profile).toMatchObject({ n: 3_001, other: 1_001 });
    expect(profile.kind === 'categorical' && profile.extra.size).toBe(1_000);
  });
});
