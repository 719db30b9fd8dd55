import fc from 'fast-check';
import type { MetricName } from '../../src/metrics/table.ts';
import type { Measurements } from '../../src/rules/measurements.ts';
import { measurements } from './measurements.ts';

const anyNumber = fc.oneof(
  fc.constantFrom(
    'psi',
    'mean',
    'q_value',
    'ks_p_value',
    'baseline.mean',
    'natural.psi_adjusted',
    'n',
    'baseline_n',
    'previous.psi',
    'previous.n',
    'w24h.psi',
    'w24h.baseline.mean',
    'w24h.n',
  ),
  fc.constantFrom('0', '1', '3', '0.5', '1.0', '-2', '100'),
);

const { truth } = fc.letrec<{ number: string; truth: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small' },
    anyNumber,
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number'))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc.tuple(tie('number'), anyNumber).map(([a, b]) => `(${a} / (1.0 * ${b}))`),
    fc
      .tuple(fc.constantFrom('max', 'min'), tie('number'), tie('number'))
      .map(([f, a, b]) => `${f}(${a}, ${b})`),
    fc.tuple(fc.constantFrom('abs', 'sqrt'), tie('number')).map(([f, a]) => `${f}(1.0 * ${a})`),
    fc
      .tuple(tie('truth'), tie('number'), tie('number'))
      .map(([c, a, b]) => `(${c} ? 1.0 * ${a} : 1.0 * ${b})`),
    tie('number').map((a) => `(-(1.0 * ${a}))`),
  ),
  truth: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number'))
      .map(([a, operator, b]) => `(1.0 * ${a} ${operator} 1.0 * ${b})`),
    fc.constantFrom(
      'feature == "amount"',
      'feature in ["amount", "age"]',
      'version in ["6"]',
      'feature.startsWith("am")',
      'kind.contains("a")',
      'model.endsWith("d")',
      'true',
    ),
    fc.tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth')).map(([a, o, b]) => `(${a} ${o} ${b})`),
    tie('truth').map((a) => `!${a.startsWith('(') ? a : `(${a})`}`),
  ),
}));

/** Any condition about a feature that has what conditions are made of in practice. */
export const anyCondition: fc.Arbitrary<string> = truth;

const figure = fc.oneof(
  fc.constantFrom(0, 0.5, 1, -2, 3, 100),
  fc.constantFrom('no_data' as const, 'not_enough_data' as const, 'undefined' as const),
);

function metricsFrom(...names: MetricName[]) {
  return fc.record(Object.fromEntries(names.map((name) => [name, figure])), { requiredKeys: [] });
}

/** A feature, some of whose metrics are missing, and some of whose windows. */
export const anySubject: fc.Arbitrary<Measurements> = fc
  .record({
    own: metricsFrom('psi', 'mean', 'q_value', 'ks'),
    reference: metricsFrom('mean'),
    before: fc.option(metricsFrom('psi'), { nil: undefined }),
    day: fc.option(metricsFrom('psi', 'mean'), { nil: undefined }),
  })
  .map(({ own, reference, before, day }) => {
    const others = new Map<string, Measurements>();
    if (before !== undefined) others.set('previous', measurements(before));
    if (day !== undefined) others.set('w1d', measurements(day, reference));
    return measurements(own, reference, { featureKind: 'numeric', others });
  });
