import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import {
  type BaselineContent,
  readBaseline,
  sealBaseline,
  writeBaseline,
} from '../../src/profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../../src/profile/baseline-builder.ts';
import { type CategoricalProfile, distinctCategories } from '../../src/profile/categorical-profile.ts';
import { emptyProfile } from '../../src/profile/feature-spec.ts';
import { NOTHING_DECLARED } from '../../src/profile/feature-survey.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { predictionWith } from '../metrics/full-path.ts';
import { anyNumber } from './number-arbitrary.ts';

function contentOf(events: readonly PredictionEvent[]): BaselineContent {
  const survey = new BaselineSurvey();
  for (const event of events) survey.add(event);
  const builder = new BaselineBuilder(survey.specs(), survey.derived());
  for (const event of events) builder.add(event);
  const performance = new Map([
    ['f1', { value: 0.8, n: 40 }],
    ['accuracy', { value: 0.9, n: 50 }],
  ]);
  return builder.finish({ model: 'fraud', version: undefined, pane: 300_000, performance });
}

const featureValues: fc.Arbitrary<unknown> = fc.oneof(
  anyNumber,
  fc.string(),
  fc.constantFrom(null, true, false, '', '\ud83d\ude00', '\udc00', '__proto__', Number.POSITIVE_INFINITY),
);

/** Features by any name, `__proto__` among them, as JSON.parse makes them. */
const features = fc
  .dictionary(
    fc.oneof(fc.string(), fc.constantFrom('a', '__proto__', 'constructor', '1', '')),
    featureValues,
    { maxKeys: 6 },
  )
  .map((made) => JSON.parse(JSON.stringify(made)) as Record<string, unknown>);

const events = fc.array(
  fc
    .record({ features, score: fc.option(fc.double({ noNaN: true, min: 0, max: 1 }), { nil: undefined }) })
    .map((fields) => predictionWith(fields.features, { score: fields.score, prediction: 'ok' })),
  { minLength: 1, maxLength: 20 },
);

describe('a baseline', () => {
  it('comes back from its text as it was, under the same id', () => {
    fc.assert(
      fc.property(events, (made) => {
        const baseline = sealBaseline(contentOf(made));
        const read = readBaseline(writeBaseline(baseline));
        expect(read.id).toBe(baseline.id);
        expect(writeBaseline(read)).toBe(writeBaseline(baseline));
        expect([...read.features.keys()].sort()).toEqual([...baseline.features.keys()].sort());
        for (const [name, { spec, reference }] of read.features) {
          expect(reference.n).toBe(baseline.features.get(name)?.reference.n);
          expect([...reference.cells]).toEqual([...(baseline.features.get(name)?.reference.cells ?? [])]);
          if (spec.kind === 'numeric') expect(spec.grid.edges.every(Number.isFinite)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has an id that depends on its content and not on the order of its features', () => {
    fc.assert(
      fc.property(events, (made) => {
        const content = contentOf(made);
        const reversed = made.map((event) => ({
          ...event,
          features: Object.fromEntries(Object.entries(event.features).reverse()),
        }));
        const { id } = sealBaseline(content);
        expect(id).toMatch(/^[0-9a-f]{16}$/);
        expect(sealBaseline(contentOf(reversed)).id).toBe(id);
        const shuffled = { ...content, performance: new Map([...content.performance].reverse()) };
        expect(sealBaseline(shuffled).id).toBe(id);
        expect(sealBaseline({ ...content, version: '7' }).id).not.toBe(id);
        expect(sealBaseline({ ...content, rows: content.rows + 1 }).id).not.toBe(id);
        expect(sealBaseline({ ...content, performance: new Map() }).id).not.toBe(id);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps how its derived features are computed, to the last digit', () => {
    const random = seededRandom(1);
    const made = Array.from({ length: 400 }, (_, i) => {
      const e = [gaussian(random), gaussian(random) + 3];
      return predictionWith({ a: e[0], b: gaussian(random), e, t: `order ${i} has not come`, c: i % 3 });
    });
    const content = contentOf(made);
    const read = readBaseline(writeBaseline(content));
    expect(content.derivations.map(({ kind }) => kind)).toEqual(['reconstruction', 'embedding', 'text']);
    expect(read.derivations).toEqual(content.derivations);
    expect(read.id).toBe(sealBaseline(content).id);
    expect(sealBaseline({ ...content, derivations: content.derivations.slice(1) }).id).not.toBe(read.id);
    const shuffled = made.map((event) => ({
      ...event,
      features: Object.fromEntries(Object.entries(event.features).reverse()),
    }));
    expect(sealBaseline(contentOf(shuffled)).id).toBe(read.id);
  });

  it('is read, and keeps its id, where it was written before there were derived features', () => {
    const content = { ...contentOf([predictionWith({ x: 1 }), predictionWith({ x: 2 })]), derivations: [] };
    const text = writeBaseline(content);
    expect(text).not.toContain('derivations');
    expect(readBaseline(text)).toMatchObject({ id: sealBaseline(content).id, derivations: [] });
  });

  it('keeps numbers too large to be added up: the counts, and that the sums are unknown', () => {
    const made = [1.7e308, -1.7e308, Number.MAX_VALUE, -Number.MAX_VALUE].map((x) => predictionWith({ x }));
    const baseline = readBaseline(writeBaseline(contentOf(made)));
    const reference = baseline.features.get('x')?.reference;
    expect(reference).toMatchObject({ kind: 'numeric', n: 4, min: -Number.MAX_VALUE, max: Number.MAX_VALUE });
    if (reference?.kind !== 'numeric') throw new Error('not numeric');
    expect(Number.isFinite(reference.sumSquares)).toBe(false);
  });

  it('keeps its natural variability and the sketch of the categories that it does not name', () => {
    const made = Array.from({ length: 2_000 }, (_, i) =>
      predictionWith({ amount: i % 97, id: `id ${i}` }, { timestamp: i * 60_000 }),
    );
    const survey = new BaselineSurvey(NOTHING_DECLARED, { features: 10, categories: 20 });
    for (const event of made) survey.add(event);
    const builder = new BaselineBuilder(survey.specs());
    for (const event of made) builder.add(event);
    const about = { model: 'fraud', version: undefined, pane: 300_000, performance: new Map() };
    const baseline = builder.finish(about, ({ reference }, { lengths }) =>
      lengths.map(({ block, counts }) => ({
        block,
        blocks: counts.length,
        distances: new Map([
          ['ks', { mean: 0.1, deviation: reference.n, noiseMean: 0.5, noiseDeviation: 0.25 }],
        ]),
      })),
    );
    const read = readBaseline(writeBaseline(baseline));
    expect(read).toEqual(baseline);
    expect(read.features.get('amount')?.natural.map(({ block }) => block / 60_000)).toEqual([
      5, 15, 30, 60, 180, 360,
    ]);
    const id = read.features.get('id')?.reference as CategoricalProfile;
    expect(id).toMatchObject({ n: 2_000, other: 2_000 });
    expect(distinctCategories(id)).toMatchObject({ defined: true, value: { exact: false } });
  });

  it('has a text without either where there is none, which is how it was written before', () => {
    const text = writeBaseline(contentOf([predictionWith({ amount: 1, country: 'DE' })]));
    expect(text).not.toMatch(/natural|registers/);
    expect(readBaseline(text).features.get('amount')?.natural).toEqual([]);
  });

  it('is not read from a text of another format', () => {
    expect(() => readBaseline('{"format":2}')).toThrow(/format 2/);
  });

  it('is not written with a profile of another kind than its spec', () => {
    const spec = { kind: 'numeric', grid: buildGrid([1]) } as const;
    const reference = emptyProfile({
      kind: 'categorical',
      categories: [],
      acceptsNumbers: false,
      complete: true,
    });
    const content = {
      ...contentOf([predictionWith({})]),
      features: new Map([['x', { spec, reference, natural: [] }]]),
    };
    expect(() => sealBaseline(content)).toThrow(TypeError);
  });
});
