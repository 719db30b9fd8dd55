import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricScope } from '../../../src/metrics/table.ts';
import { compileCondition } from '../../../src/rules/condition.ts';
import { evaluateCondition } from '../../../src/rules/evaluate-condition.ts';
import { lintCondition } from '../../../src/rules/lint/lint-condition.ts';
import { anyCondition } from '../any-condition.ts';
import { measurements } from '../measurements.ts';

function lint(text: string, scope: MetricScope = 'feature'): string[] {
  const { condition } = compileCondition(text, scope);
  if (condition === undefined) throw new Error(`${text} does not compile`);
  return lintCondition(condition).map(({ offset, message }) => `${offset} ${message}`);
}

const NEVER = 'the condition can never hold:';

describe('lintCondition', () => {
  it.each([
    ['psi < 0', `0 ${NEVER} psi is always at least 0`],
    ['n > 100 && q_value > 1', `11 ${NEVER} q_value is always at least 0 and at most 1`],
    ['ks == 2', `0 ${NEVER} ks is always at least 0 and at most 1`],
    ['ks_p_value > 1.5', `0 ${NEVER} ks_p_value is always at least 0 and at most 1`],
    ['psi > 0.3 && n > 5 && psi < 0.1', `22 ${NEVER} psi is there above 0.3`],
    ['psi >= 0.3 && psi < 0.3', `14 ${NEVER} psi is there at least 0.3`],
    ['w24h.psi > 0.5 && w1d.psi < 0.2', `18 ${NEVER} w1d.psi is there above 0.5`],
    [
      'missing_share > baseline.missing_share + 1',
      `0 ${NEVER} missing_share is always at least 0 and at most 1, and baseline.missing_share is always at least 0 and at most 1`,
    ],
    ['!(psi >= 0)', `2 ${NEVER} psi is always at least 0`],
    ['abs(mean - 3) < 0', `0 ${NEVER} "abs(mean - 3) < 0" is impossible`],
    ['max(psi, 0.5) < 0.2', `0 ${NEVER} psi is always at least 0`],
    ['1 > 2', `0 ${NEVER} "1 > 2" is impossible`],
    ['psi > 1 && false', `11 ${NEVER} "false" is impossible`],
    [
      'ks > 0.1 && unseen_share > 0.1',
      `12 ${NEVER} only categorical features have unseen_share, and what stands before it is about others`,
    ],
    [
      'kind == "categorical" && mean > 1',
      `25 ${NEVER} only numeric features have mean, and what stands before it is about others`,
    ],
    ['kind == "number"', `0 ${NEVER} "kind == "number"" is impossible`],
    ['feature == "a" && feature == "b"', `18 ${NEVER} "feature == "b"" contradicts what stands before it`],
    [
      'feature in ["a", "b"] && feature == "c"',
      `25 ${NEVER} "feature == "c"" contradicts what stands before it`,
    ],
    [
      'psi > 0.5 && (psi < 0.1 || ks > 2)',
      `14 ${NEVER} "psi < 0.1 || ks > 2" contradicts what stands before it`,
    ],
    [
      'psi > 0.1 || q_value > 1',
      '13 this side of || can never hold: q_value is always at least 0 and at most 1',
    ],
    ['psi >= 0', '0 the condition holds in every window that has data'],
    ['psi > 0.1 || psi <= 0.1', '0 the condition holds in every window that has data'],
  ])('finds what is wrong with %s', (text, expected) => {
    expect(lint(text)).toEqual([expected]);
  });

  it.each([
    ['drifted_share > 1', `0 ${NEVER} drifted_share is always at least 0 and at most 1`],
    ['mcc < -1', `0 ${NEVER} mcc is always at least -1 and at most 1`],
    ['r2 > 1.2', `0 ${NEVER} r2 is always at most 1`],
    ['predictions < 0', `0 ${NEVER} predictions is always at least 0`],
  ])('knows what metrics of a model can be: %s', (text, expected) => {
    expect(lint(text, 'model')).toEqual([expected]);
  });

  it.each([
    'psi > 0.3 && w24h.psi < 0.1',
    'psi >= 0.3 && psi <= 0.3',
    'psi > (n < 1000 ? 0.3 : 0.1)',
    'ks > 0.1 || unseen_share > 0.1',
    '!(ks > 0.1) || !(unseen_share > 0.1)',
    'previous.psi > psi && q_value < 0.01',
    'sqrt(mean) < 0 || mean > 1',
    'mean / std > 3',
    'feature.startsWith("a") && feature != "age"',
    'feature == "a" || feature == "b"',
    'kind in ["numeric"] && ks > 0.2',
  ])('has nothing against %s', (text) => {
    expect(lint(text)).toEqual([]);
  });

  it('is right whenever it says that a condition never holds, or always', () => {
    const share = fc.constantFrom(0, 0.3, 0.5, 1);
    const positive = fc.constantFrom(0, 0.5, 1, 3, 100);
    const number = fc.constantFrom(-100, -2, 0, 0.5, 1, 3);
    const given = fc.record({ psi: positive, mean: number, q_value: share, ks: share, p: share });
    const subject = fc
      .record({ now: given, before: given, reference: number, n: fc.integer({ min: 0, max: 200 }) })
      .map(({ now, before, reference, n }) => {
        const metrics = ({ psi, mean, q_value, ks, p }: typeof now) => ({
          psi: { value: psi, n },
          mean: { value: mean, n },
          q_value,
          ks: { value: ks, pValue: p },
        });
        const earlier = measurements(metrics(before), { mean: reference });
        return measurements(
          metrics(now),
          { mean: reference },
          {
            featureKind: 'numeric',
            natural: new Map([['psi_adjusted', before.psi]]),
            others: new Map([
              ['previous', earlier],
              ['w1d', earlier],
            ]),
          },
        );
      });
    let impossible = 0;
    fc.assert(
      fc.property(anyCondition, subject, (text, measured) => {
        const { condition } = compileCondition(text, 'feature');
        if (condition === undefined) throw new Error(`${text} does not compile`);
        const [said] = lintCondition(condition);
        if (said === undefined || said.message.startsWith('this side')) return;
        impossible += 1;
        const { outcome } = evaluateCondition(condition, measured);
        expect([outcome, 'no_data', 'undefined']).toContain(outcome);
        expect(outcome).not.toBe(said.message.startsWith(NEVER) ? 'true' : 'false');
      }),
      { numRuns: 3_000 },
    );
    expect(impossible).toBeGreaterThan(20);
  });
});
