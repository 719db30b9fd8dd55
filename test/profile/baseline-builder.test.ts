import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import {
  BaselineBuilder,
  BaselineSurvey,
  DEFAULT_BASELINE_LIMITS,
} from '../../src/profile/baseline-builder.ts';
import { HeldOutCoin } from '../../src/profile/derived/held-out-coin.ts';
import { NOTHING_DECLARED } from '../../src/profile/feature-survey.ts';
import { baselineOf, predictionWith } from '../metrics/full-path.ts';

function surveyOf(
  rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
  limits = DEFAULT_BASELINE_LIMITS,
): BaselineSurvey {
  const survey = new BaselineSurvey(NOTHING_DECLARED, limits);
  for (const features of rows) survey.add(predictionWith(features, { prediction: 'ok', score: 0.5 }));
  return survey;
}

describe('BaselineSurvey', () => {
  it('finds the features and the model’s output', () => {
    const survey = surveyOf([{ amount: 1, country: 'DE' }, { is_new: true }]);
    expect([...survey.specs().keys()].sort()).toEqual([
      '__prediction__',
      '__score__',
      'amount',
      'country',
      'is_new',
    ]);
    expect(survey.leftOut.size).toBe(0);
  });

  it('leaves out features past the limit, but never the model’s output', () => {
    const names = Array.from({ length: 50 }, (_, i) => `f${i}`);
    const survey = surveyOf([Object.fromEntries(names.map((name) => [name, 1]))], {
      features: 3,
      categories: 9,
    });
    expect([...survey.specs().keys()]).toEqual(['__prediction__', '__score__', 'f0', 'f1', 'f2']);
    expect([...survey.leftOut]).toEqual(['f3', 'f4', 'f5']);
  });

  it('leaves out names that nothing can be stored under', () => {
    const long = 'x'.repeat(257);
    const survey = surveyOf([{ '': 1, '\ud800': 1, [long]: 1, é: 1, '\ud83d\ude00': 1 }]);
    expect([...survey.specs().keys()].slice(2)).toEqual(['é', '\ud83d\ude00']);
    expect([...survey.leftOut]).toEqual(['', '\ud800', long]);
  });

  it('does not mix a feature that is called like the output with it', () => {
    const spec = surveyOf([{ __score__: 'text', __prediction__: 3 }]).specs();
    expect(spec.get('__score__')?.kind).toBe('numeric');
    expect(spec.get('__prediction__')?.kind).toBe('categorical');
  });

  it('takes a feature called __proto__ for a feature', () => {
    const features = JSON.parse('{"__proto__": 3, "constructor": "x"}') as Record<string, unknown>;
    const specs = surveyOf([features, {}]).specs();
    expect(specs.get('__proto__')?.kind).toBe('numeric');
    expect(specs.get('constructor')).toMatchObject({ kind: 'categorical', categories: ['x'] });
  });
});

describe('BaselineBuilder', () => {
  it('counts every reference event under the specs: values, missing and invalid ones', () => {
    const baseline = baselineOf([
      predictionWith({ amount: 1, country: 'DE' }, { timestamp: 2_000 }),
      predictionWith({ amount: 2, country: 'FR' }, { timestamp: 1_000 }),
      predictionWith({ amount: 'two', country: null }, { timestamp: 3_000 }),
      predictionWith({ amount: 3, country: 'DE' }, { timestamp: 1_500 }),
      predictionWith({}, { timestamp: 1_500 }),
    ]);
    expect(baseline).toMatchObject({ model: 'fraud', version: '7', rows: 5, from: 1_000, to: 3_000 });
    expect(baseline.features.get('amount')?.reference).toMatchObject({
      n: 3,
      missing: 1,
      invalid: 1,
      min: 1,
      max: 3,
    });
    expect(baseline.features.get('country')).toMatchObject({
      spec: { categories: ['DE', 'FR'], complete: true },
      reference: { n: 3, missing: 2, invalid: 0, other: 0 },
    });
    expect(baseline.features.has('__prediction__')).toBe(false);
    expect(baseline.features.has('__score__')).toBe(false);
  });

  it('puts what the spec does not name into other', () => {
    const rows = [...'aaabbcd'.repeat(20)].map((kind) => predictionWith({ kind }));
    const survey = new BaselineSurvey(NOTHING_DECLARED, { features: 10, categories: 2 });
    for (const row of rows) survey.add(row);
    const builder = new BaselineBuilder(survey.specs(), survey.derived());
    for (const row of rows) builder.add(row);
    const made = builder.finish({ model: 'm', version: undefined, pane: 60_000, performance: new Map() });
    expect(made.features.get('kind')).toMatchObject({
      spec: { categories: ['a', 'b'], complete: false },
      reference: { n: 140, cells: Float64Array.of(60, 40), other: 40, extra: new Map() },
    });
  });

  it('has an event without any feature', () => {
    expect(baselineOf([predictionWith({})])).toMatchObject({ rows: 1, features: new Map() });
  });
});

describe('derived features', () => {
  const random = seededRandom(1);
  const ROWS = Array.from({ length: 200 }, (_, i) => ({
    a: gaussian(random),
    b: i % 7 === 0 ? null : gaussian(random),
    e: i % 10 === 0 ? [1] : [gaussian(random), 1 + gaussian(random)],
    t: i % 5 === 0 ? null : `order ${i} has not come`,
  }));

  it('stand among the features of a baseline, in place of texts and embeddings', () => {
    const baseline = baselineOf(ROWS.map((row) => predictionWith(row)));
    expect([...baseline.features.keys()].sort()).toEqual([
      '__multivariate__',
      'a',
      'b',
      ...['e.cosine', 'e.norm', 'e.pc1', 'e.pc2'],
      ...['t.length', 't.symbol_share', 't.unseen_word_share', 't.words'],
    ]);
  });

  it('are counted on the rows that they were not fitted on, missing and invalid ones among them', () => {
    const baseline = baselineOf(ROWS.map((row) => predictionWith(row)));
    const coin = new HeldOutCoin();
    const heldOut = ROWS.filter(() => coin.isHeldOut());
    const missing = heldOut.filter(({ t }) => t === null).length;
    const invalid = heldOut.filter(({ e }) => e.length === 1).length;
    expect(baseline.rows).toBe(200);
    expect(baseline.features.get('a')?.reference.n).toBe(200);
    expect(baseline.features.get('t.words')?.reference).toMatchObject({
      n: heldOut.length - missing,
      missing,
      invalid: 0,
    });
    expect(baseline.features.get('e.norm')?.reference).toMatchObject({
      n: heldOut.length - invalid,
      missing: 0,
      invalid,
    });
    expect(baseline.features.get('__multivariate__')?.reference.n).toBe(heldOut.length);
  });

  it('make way for features that events bring under their names', () => {
    const survey = surveyOf(ROWS.map((row) => ({ ...row, 't.words': 5, __multivariate__: 'x' })));
    expect([...survey.leftOut].sort()).toEqual(['__multivariate__', 't.words']);
    expect(survey.specs().get('__multivariate__')?.kind).toBe('categorical');
    expect(survey.derived().specs.has('t.length')).toBe(true);
    expect(survey.derived().specs.has('t.words')).toBe(false);
  });

  it('are left out where nothing is known to be derived from', () => {
    expect(
      surveyOf(ROWS.slice(0, 30))
        .derived()
        .derivations.map(({ kind }) => kind),
    ).toEqual(['embedding']);
    const survey = new BaselineSurvey(NOTHING_DECLARED, DEFAULT_BASELINE_LIMITS, false);
    for (const { a, b } of ROWS) survey.add(predictionWith({ a, b }));
    expect(survey.derived().derivations).toEqual([]);
  });

  it('are as many as features at most', () => {
    const survey = surveyOf(ROWS, { features: 4, categories: 9 });
    expect([...survey.derived().specs.keys()]).toEqual(['__multivariate__', 'e.norm', 'e.cosine', 'e.pc1']);
    expect(survey.leftOut.size).toBe(4);
  });
});
