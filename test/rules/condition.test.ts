import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRIC_NAMES, METRICS, type MetricScope } from '../../src/metrics/table.ts';
import { compileCondition } from '../../src/rules/condition.ts';

function faultsIn(text: string, scope: MetricScope = 'feature'): string[] {
  const compiled = compileCondition(text, scope);
  return compiled.condition === undefined
    ? compiled.faults.map(({ offset, message }) => `${offset} ${message}`)
    : [];
}

describe('compileCondition', () => {
  it.each([
    'psi_adjusted > 0.1 && q_value < 0.01',
    'n == 0',
    '0 == n',
    'n != 3',
    '1 > psi',
    '1 - missing_share < 0.5',
    '2 * psi + 1 > n / 3',
    '-psi < 0',
    'ks_p_value < 0.01 || chi2_p_value < 0.01',
    'abs(mean - baseline.mean) > 2 * baseline.std',
    'missing_share > baseline.missing_share + 0.05 && n >= 500 && baseline_n >= 500',
    'missing_share > 4.0 * sqrt(missing_share / n)',
    'psi > 0.1 && feature.startsWith("amount") && !(model in ["test", "shadow"])',
    'psi > (n < 1000 ? 0.3 : 0.1)',
    'psi > max(0.1, 2 * natural.psi_adjusted) && effect_size > min(1, natural.effect_size)',
    'kind == "categorical" && psi > 0.1',
    'psi > 0.1 // by experience',
    'version == "7" && psi > 1.0/3',
  ])('accepts %s', (text) => {
    expect(faultsIn(text)).toEqual([]);
  });

  it('knows every metric of its scope, and the baseline of those that describe one sample', () => {
    for (const metric of METRIC_NAMES) {
      const { scope, nature } = METRICS[metric];
      expect(faultsIn(nature === 'signal' ? metric : `${metric} > 0`, scope)).toEqual([]);
      expect(faultsIn(`baseline.${metric} > 0`, scope)).toHaveLength(nature === 'level' ? 0 : 1);
    }
  });

  it('names what it uses, in order', () => {
    const { condition } = compileCondition('n > 5 && baseline.mean < mean && ks_p_value < n', 'feature');
    expect([...(condition?.names.keys() ?? [])]).toEqual(['n', 'baseline.mean', 'mean', 'ks_p_value']);
  });

  it.each([
    ['psy > 0.1', '0 unknown metric "psy"; did you mean "psi"?'],
    ['psi > 0.1 && q_valu < 1', '13 unknown metric "q_valu"; did you mean "q_value"?'],
    ['mean > baseline.maen', '7 unknown metric "baseline.maen"; did you mean "baseline.mean"?'],
    ['toString > 1', '0 unknown metric "toString"'],
    ['n > 1 && f1 < 0.5', '9 "f1" describes the model as a whole; it belongs in a rule with "each: model"'],
    ['baseline.psi > 1', '0 "baseline.psi" does not exist: psi is itself a comparison with the baseline'],
    [
      'kl_p_value > 1',
      '0 "kl" has no p-value; these have one: psi, ks, mann_whitney, mood, wasserstein, chi2, g_test, missing_share, invalid_share, unseen_share, label_bias',
    ],
    [
      'natural.kl > 1',
      '0 "natural.kl" does not exist: natural variability is known of psi_adjusted, js_distance, ks, wasserstein_normalized, total_variation, effect_size, missing_share, invalid_share',
    ],
    ['natural > 1', '0 "natural" needs the name of a metric, such as natural.psi_adjusted'],
    ['psi > "a"', '0 type error: no such overload: double > string'],
    ['n > 1 && psi > "a"', '9 type error: no such overload: double > string'],
    ['0.1 < psi < 0.2', '0 type error: no such overload: bool < double'],
    ['psi.x > 1', "4 type error: Cannot index type 'double'"],
    ['log(psi) > 1', "0 type error: found no matching overload for 'log(double)'"],
    ['psi', '0 a condition must be true or false, but this is of type double; compare it, as in psi > 0.1'],
    ['', '0 the condition is empty'],
    ['  ', '0 the condition is empty'],
    ['psi >', '5 the condition ends too early'],
    ['(psi > 1', '8 the condition ends too early'],
    ['psi > 1 and n > 2', "8 syntax error: Unexpected character: 'd'; CEL writes &&"],
    ['psi > 1 or n > 2', "8 syntax error: Unexpected character: 'r'; CEL writes ||"],
    ['psi = 1', '4 syntax error: Unexpected character: =; CEL writes =='],
    ['psi > 1/2', '6 CEL divides whole numbers without a remainder (1/100 is 0); write 1.0/100 or 0.01'],
    [
      'psi > (1 + 2) / -3',
      '7 CEL divides whole numbers without a remainder (1/100 is 0); write 1.0/100 or 0.01',
    ],
    ['baseline > 1', '0 "baseline" needs the name of a metric, such as baseline.mean'],
    [
      'mean > baseline["mean"]',
      '7 maps and indexes cannot be used in a condition; write baseline.mean, not baseline["mean"]',
    ],
    [
      'has(baseline.mean)',
      '0 has() is not needed: a window in which a metric has no value counts as one without data',
    ],
    ['["a"].exists(x, x == feature)', '0 exists() cannot be used in a condition'],
  ])('refuses %j', (text, fault) => {
    expect(faultsIn(text)).toEqual([fault]);
  });

  it('sends metrics of a feature away from rules about a model', () => {
    const where = 'belongs in a rule with "each: feature" or "each: prediction"';
    expect(faultsIn('psi > 0.1', 'model')).toEqual([`0 "psi" describes one feature; it ${where}`]);
    expect(faultsIn('feature == "x"', 'model')).toEqual([`0 "feature" describes one feature; it ${where}`]);
  });

  it('reports every unknown name, not only the first', () => {
    expect(faultsIn('psy > 1 && kss < 2')).toHaveLength(2);
  });

  it('never throws, whatever the text', () => {
    const pieces = [
      'psi',
      'n',
      'baseline',
      '.',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '>',
      '&&',
      '||',
      '!',
      '1',
      '0.5',
      '?',
      ':',
      ',',
      ' ',
      'has(',
      'in',
      '/',
      '-',
      '`',
      '\\',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 12 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (source) => {
        const compiled = compileCondition(source, 'feature');
        if (compiled.condition !== undefined) return;
        expect(compiled.faults.length).toBeGreaterThan(0);
        for (const { offset } of compiled.faults) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
