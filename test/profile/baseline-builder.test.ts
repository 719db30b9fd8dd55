import { describe, expect, it } from 'vitest';
import {
  BaselineBuilder,
  BaselineSurvey,
  DEFAULT_BASELINE_LIMITS,
  featureValue,
} from '../../src/profile/baseline-builder.ts';
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
    const rows = [...'aaabbcd'].map((kind) => predictionWith({ kind }));
    const survey = new BaselineSurvey(NOTHING_DECLARED, { features: 10, categories: 2 });
    for (const row of rows) survey.add(row);
    const builder = new BaselineBuilder(survey.specs());
    for (const row of rows) builder.add(row);
    const made = builder.finish({ model: 'm', version: undefined, pane: 60_000, performance: new Map() });
    expect(made.features.get('kind')).toMatchObject({
      spec: { categories: ['a', 'b'], complete: false },
      reference: { n: 7, cells: Float64Array.of(3, 2), other: 2, extra: new Map() },
    });
  });

  it('has an event without any feature', () => {
    expect(baselineOf([predictionWith({})])).toMatchObject({ rows: 1, features: new Map() });
  });
});

describe('featureValue', () => {
  it('reads features, and the output under its own names', () => {
    const event = predictionWith({ amount: 3, __score__: 7 }, { prediction: 'ok', score: 0.2 });
    expect(featureValue(event, 'amount')).toBe(3);
    expect(featureValue(event, '__prediction__')).toBe('ok');
    expect(featureValue(event, '__score__')).toBe(0.2);
  });

  it('does not find what an event merely inherits', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'absent']) {
      expect(featureValue(predictionWith({}), name)).toBeUndefined();
    }
  });
});
