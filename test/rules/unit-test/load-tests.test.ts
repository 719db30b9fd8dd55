import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTests } from '../../../src/rules/unit-test/load-tests.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/rule-tests');

/** Every fixture is a file with one fault, which it is named after; and what is said about it. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'bad-distribution': ['7:27 normal takes 2 numbers'],
  'bad-series': [
    '5:24 "many" is no value; expected values as promtool writes them, such as "0.1 0.3x4 0+0.1x3 _x2", or no_data, not_enough_data, undefined',
  ],
  'bad-start': ['4:12 tests.0.start: must be a time such as 2026-01-01T00:00:00Z'],
  'different-counts': [
    '8:7 interval 3 draws 90 values and that of amount 100; every event has all drawn features',
  ],
  'different-lengths': [
    '8:7 it is drawn for 2 intervals and amount for 3; every event has all drawn features',
  ],
  'metrics-and-draws-at-once': [
    '6:9 tests.0.features.amount: a feature has either metrics, or a baseline and windows to draw',
  ],
  'model-metric-of-a-feature': [
    '6:20 "accuracy" describes the model as a whole; it belongs in a rule with "each: model"',
  ],
  'no-expectation': ['3:5 missing key "expect"'],
  'p-value-without-its-metric': ['6:18 ks_p_value needs ks beside it: a test has both or none'],
  'text-as-a-series': ['6:20 "kind" is a text and no number'],
  'too-many-draws': ['5:7 a test draws at most 20000000 values; this one 30005000'],
  'unknown-key': ['4:5 unknown key "expects"; did you mean "expect"?'],
  'unknown-metric': ['6:20 unknown metric "psi_ajusted"; did you mean "psi_adjusted"?'],
  'window-that-is-no-duration': [
    '6:20 "w24x" is no window; write w and a duration such as 30s, 5m, 1h30m or 7d, as in w24h.psi',
  ],
};

describe('loadTests, on a broken file', () => {
  it('has an expectation for every fixture', () => {
    const names = readdirSync(FIXTURES).map((file) => basename(file, '.yaml'));
    expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.entries(EXPECTED))('names the place and the remedy: %s', (name, expected) => {
    const file = `${name}.yaml`;
    const { tests, faults } = loadTests(file, readFileSync(join(FIXTURES, file), 'utf8'));
    expect(tests).toEqual([]);
    expect(faults.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(expected);
  });

  it('never throws, whatever stands where', () => {
    const test = {
      name: 't',
      start: '2026-01-01T00:00:00Z',
      interval: '1h',
      groups: ['*'],
      metrics: { predictions: '1x3' },
      features: { amount: { metrics: { psi: 0.1 } } },
      expect: [{ at: '1h', alerts: [{ alert: 'A' }] }],
    };
    const key = fc.constantFrom('rules', 'seed', 'tests', ...Object.keys(test));
    fc.assert(
      fc.property(key, fc.jsonValue(), (name, value) => {
        const file = {
          rules: ['a'],
          tests: [{ ...test, [name]: value }],
          ...(name in test ? {} : { [name]: value }),
        };
        loadTests('a.yaml', JSON.stringify(file));
      }),
    );
  });
});

describe('loadTests, on a valid file', () => {
  it('fills in the defaults', () => {
    const { rules, tests, faults } = loadTests(
      'a.yaml',
      'rules: [x.yaml]\ntests:\n  - name: nothing\n    expect: [{ at: 1h, alerts: [] }]\n',
    );
    expect(faults).toEqual([]);
    expect(rules).toEqual(['x.yaml']);
    expect(tests[0]).toMatchObject({
      name: 'nothing',
      place: { file: 'a.yaml', line: 3, column: 11 },
      model: 'model',
      version: '1',
      segment: undefined,
      start: Date.parse('2026-01-01T00:00:00Z'),
      interval: 3_600_000,
      seed: 1,
      metrics: [],
      expectations: [{ at: 3_600_000, alert: undefined, alerts: [], place: { line: 4, column: 20 } }],
    });
    expect(tests[0]?.wantsGroup('any')).toBe(true);
  });

  it('puts expectations into the order of time', () => {
    const { tests } = loadTests(
      'a.yaml',
      'rules: [x]\ntests: [{ name: t, expect: [{ at: 3h, alerts: [] }, { at: 90m, alerts: [] }] }]',
    );
    expect(tests[0]?.expectations.map(({ at }) => at)).toEqual([5_400_000, 10_800_000]);
  });
});
