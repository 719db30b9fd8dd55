import { describe, expect, it } from 'vitest';
import type { MetricScope } from '../../src/metrics/table.ts';
import { type Condition, compileCondition } from '../../src/rules/condition.ts';
import { evaluateCondition, namedNumbers } from '../../src/rules/evaluate-condition.ts';
import { measurements, results } from './measurements.ts';

function condition(text: string, scope: MetricScope = 'feature'): Condition {
  const compiled = compileCondition(text, scope);
  if (compiled.condition === undefined) throw new Error(compiled.faults[0]?.message);
  return compiled.condition;
}

describe('evaluateCondition', () => {
  it('says true or false', () => {
    const given = measurements({ psi: 0.3, mean: 12 }, { mean: 10 });
    expect(evaluateCondition(condition('psi > 0.1 && mean > baseline.mean'), given)).toEqual({
      outcome: 'true',
    });
    expect(evaluateCondition(condition('psi > 0.5'), given)).toEqual({ outcome: 'false' });
  });

  it.each(['no_data', 'not_enough_data', 'undefined'] as const)(
    'passes the status %s on, with its reason',
    (status) => {
      expect(evaluateCondition(condition('psi > 0.1'), measurements({ psi: status }))).toEqual({
        outcome: status,
        reason: 'psi: no psi',
      });
    },
  );

  it('treats a metric that was not computed as undefined', () => {
    expect(evaluateCondition(condition('ks > 0.1'), measurements({ psi: 1 }))).toEqual({
      outcome: 'undefined',
      reason: 'ks is not defined here',
    });
    expect(evaluateCondition(condition('mean > baseline.mean'), measurements({ mean: 1 }))).toEqual({
      outcome: 'undefined',
      reason: 'mean is not defined in the baseline',
    });
  });

  it.each([
    ['mean > 1 && psi > 0.1', 'false'],
    ['psi > 0.1 && mean > 1', 'false'],
    ['mean > 1 || psi < 0.1', 'true'],
    ['psi < 0.1 || mean > 1', 'true'],
    ['mean > 1 && psi < 0.1', 'no_data'],
    ['psi < 0.1 && mean > 1', 'no_data'],
    ['mean > 1 || psi > 0.1', 'no_data'],
    ['!(mean > 1)', 'no_data'],
    ['psi < 0.1 ? true : mean > 1', 'true'],
    ['psi > 0.1 ? true : mean > 1', 'no_data'],
    ['(mean > 1 && psi > 0.1) || psi < 0.1', 'true'],
  ])('decides without a missing number where CEL can: %s', (text, outcome) => {
    expect(evaluateCondition(condition(text), measurements({ psi: 0.05, mean: 'no_data' })).outcome).toBe(
      outcome,
    );
  });

  it('reads p-values, and lacks those that a test did not give', () => {
    const given = measurements({ ks: { value: 0.2, pValue: 0.001 }, chi2: 12 });
    expect(evaluateCondition(condition('ks_p_value < 0.01'), given)).toEqual({
      outcome: 'true',
    });
    expect(namedNumbers(condition('ks_p_value < 0.01'), given).values).toEqual({ ks_p_value: 0.001 });
    expect(evaluateCondition(condition('chi2_p_value < 0.01'), given)).toMatchObject({
      outcome: 'undefined',
    });
  });

  it('compares doubles with whole numbers', () => {
    const given = measurements({ predictions: 0 });
    expect(evaluateCondition(condition('predictions == 0', 'model'), given).outcome).toBe('true');
    expect(evaluateCondition(condition('0 != predictions', 'model'), given).outcome).toBe('false');
    expect(evaluateCondition(condition('1 - predictions * 2 + 4 / 8.0 == 1.5', 'model'), given).outcome).toBe(
      'true',
    );
  });

  it('knows model, version and feature', () => {
    const text = 'model == "fraud" && version == "7" && feature in ["amount", "age"]';
    expect(evaluateCondition(condition(text), measurements({})).outcome).toBe('true');
  });

  it('counts n as the smallest n of the metrics that the condition names', () => {
    const given = measurements({
      psi: { value: 1, n: 40 },
      mean: { value: 1, n: 50 },
      kl: { value: 1, n: 3 },
    });
    expect(evaluateCondition(condition('n == 40 && psi > 0 && mean > 0'), given).outcome).toBe('true');
    expect(evaluateCondition(condition('n == 50 && mean > 0'), given).outcome).toBe('true');
    expect(evaluateCondition(condition('n == 1200'), given).outcome).toBe('true');
  });

  it('counts n also where a metric has no number', () => {
    const given = measurements({}, {}, { metrics: results({ psi: 'not_enough_data' }, 3) });
    expect(evaluateCondition(condition('psi > 0.1 && n >= 100'), given).outcome).toBe('false');
  });

  it('counts baseline_n as the smallest reference behind the metrics that the condition names', () => {
    const given = measurements(
      { psi: { value: 1, baselineN: 900 }, mean: { value: 1, baselineN: 0 } },
      { mean: { value: 1, n: 700 } },
    );
    expect(evaluateCondition(condition('baseline_n == 900 && psi > 0'), given).outcome).toBe('true');
    expect(evaluateCondition(condition('baseline_n == 700 && psi > 0 && mean > 0'), given).outcome).toBe(
      'true',
    );
    expect(evaluateCondition(condition('baseline_n == 700 && baseline.mean > 0'), given).outcome).toBe(
      'true',
    );
    expect(evaluateCondition(condition('baseline_n > 0'), given).outcome).toBe('undefined');
  });

  it('calls a calculation that CEL refuses undefined', () => {
    expect(evaluateCondition(condition('int(feature) == 3'), measurements({}))).toMatchObject({
      outcome: 'undefined',
    });
    expect(() => condition('feature.matches("a+")')).toThrow('matches() cannot be used in a condition');
  });

  it('is not confused by what every object has', () => {
    const odd = measurements({}, {}, { model: '__proto__', feature: 'constructor' });
    expect(
      evaluateCondition(condition('model == "__proto__" && feature == "constructor"'), odd).outcome,
    ).toBe('true');
  });
});

describe('namedNumbers', () => {
  it('are those that the condition names, as far as there are any, in its order', () => {
    const given = measurements({ psi: 0.3, q_value: 0, mean: 12, std: 4 }, { mean: 10, std: 3 });
    const { values, baselineValues } = namedNumbers(
      condition('q_value < 0.01 && psi > 0.1 && ks > 1 && mean > baseline.mean && n > 1'),
      given,
    );
    expect(Object.entries(values)).toEqual([
      ['q_value', 0],
      ['psi', 0.3],
      ['mean', 12],
    ]);
    expect(baselineValues).toEqual({ mean: 10 });
  });
});

describe('other windows', () => {
  const day = { ...measurements({ psi: { value: 0.2, n: 24_000 }, mean: 11 }, { mean: 10 }), events: 25_000 };
  const before = measurements({ psi: 0.05, mean: 'no_data' });
  const given = measurements(
    { psi: { value: 0.4, n: 900 }, mean: 12 },
    { mean: 10 },
    {
      others: new Map([
        ['w1d', day],
        ['previous', before],
      ]),
    },
  );

  it.each([
    ['psi > 0.3 && w24h.psi > 0.1', 'true'],
    ['psi > 0.3 && w1d.psi > 0.3', 'false'],
    ['psi > 2 * previous.psi', 'true'],
    ['w24h.mean > w24h.baseline.mean && w24h.natural.psi_adjusted == 0', 'true'],
    ['previous.mean > 1', 'no_data'],
    ['psi > 0.3 && w24h.psi > 0 && n == 900 && w24h.n == 24000', 'true'],
    ['w24h.n == 25000', 'true'],
    ['w7d.psi > 0.1', 'no_data'],
    ['w7d.psi > 0.1 || psi > 0.3', 'true'],
    ['w7d.n > 0', 'no_data'],
  ])('may stand in a condition: %s', (text, outcome) => {
    expect(evaluateCondition(condition(text), given).outcome).toBe(outcome);
  });

  it('say so when they were not measured', () => {
    expect(evaluateCondition(condition('w7d.psi > 0.1'), given)).toEqual({
      outcome: 'no_data',
      reason: 'the window w7d was not measured: it begins before its baseline',
    });
    expect(evaluateCondition(condition('previous.mean > 1'), given)).toEqual({
      outcome: 'no_data',
      reason: 'previous.mean: no mean',
    });
  });

  it('name their numbers as the condition does', () => {
    expect(
      namedNumbers(condition('w24h.psi > 0.1 && previous.psi < 1 && psi > w1d.baseline.mean'), given),
    ).toEqual({
      values: { 'w24h.psi': 0.2, 'previous.psi': 0.05, psi: 0.4 },
      baselineValues: { 'w1d.mean': 10 },
    });
  });
});

describe('a least number of samples', () => {
  const given = measurements(
    { psi: { value: 0.4, n: 90 }, mean: { value: 1, n: 100 } },
    {},
    { events: 120, others: new Map([['previous', measurements({ psi: { value: 0.1, n: 40 } })]]) },
  );

  it.each([
    ['mean > 0', 100, 'true'],
    ['mean > 0', 101, 'not_enough_data'],
    ['mean > 0 && psi > 0', 91, 'not_enough_data'],
    ['psi > 0 && previous.psi > 0', 41, 'not_enough_data'],
    ['psi > 0 && previous.psi > 0', 40, 'true'],
    ['previous.psi > 0', 40, 'true'],
    ['feature == "amount"', 120, 'true'],
    ['feature == "amount"', 121, 'not_enough_data'],
    ['unseen_share > 0', 5000, 'undefined'],
  ])('holds for the fewest observations behind %s: %d', (text, least, outcome) => {
    expect(evaluateCondition(condition(text), given, least).outcome).toBe(outcome);
  });
});
