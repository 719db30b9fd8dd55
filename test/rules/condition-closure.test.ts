import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../src/metrics/table.ts';
import { celScope } from '../../src/rules/cel-environment.ts';
import { compileCondition } from '../../src/rules/condition.ts';
import { closureOf, Missing } from '../../src/rules/condition-closure.ts';
import { NoNumber, withFrames } from '../../src/rules/condition-scope.ts';
import { frameOf } from '../../src/rules/frame.ts';
import type { Measurements } from '../../src/rules/measurements.ts';
import { measurements } from './measurements.ts';

const { environment, windowType, place } = celScope('feature');
const FRAMES = new Map(
  ['previous', 'w24h'].map((word) => [word, frameOf(word) ?? { name: 'previous' as const }]),
);

/** What CEL itself says of a condition: true, false, or the status of what is missing. */
function celSays(text: string, subject: Measurements): string {
  const { condition } = compileCondition(text, 'feature');
  if (condition === undefined) throw new Error(`${text} does not compile`);
  const framed = environment.clone();
  for (const word of FRAMES.keys()) framed.registerVariable(word, windowType);
  const Place = withFrames(place, FRAMES);
  try {
    return String(framed.parse(text)(new Place(subject, condition.counted)));
  } catch (error) {
    if (error instanceof NoNumber) return `${error.reading.status}: ${error.reading.reason}`;
    throw error;
  }
}

function closureSays(text: string, subject: Measurements): string {
  const { condition } = compileCondition(text, 'feature');
  const closure = condition && closureOf(condition.ast, condition);
  if (closure === undefined) throw new Error(`there is no closure for ${text}`);
  const verdict = closure(subject);
  return verdict instanceof Missing
    ? `${verdict.reading.status}: ${verdict.reading.reason}`
    : String(verdict);
}

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

const figure = fc.oneof(
  fc.constantFrom(0, 0.5, 1, -2, 3, 100),
  fc.constantFrom('no_data' as const, 'not_enough_data' as const, 'undefined' as const),
);

function metricsFrom(...names: MetricName[]) {
  return fc.record(Object.fromEntries(names.map((name) => [name, figure])), { requiredKeys: [] });
}

const anySubject = fc
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

describe('a closure', () => {
  it('says of any condition and any subject what CEL says, and misses the same', () => {
    fc.assert(
      fc.property(truth, anySubject, (text, subject) => {
        expect(closureSays(text, subject)).toBe(celSays(text, subject));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    'size(feature) > 3',
    'int(feature) == 3',
    'feature.matches == true',
    'psi > 0.1 && 7 % 2 == 1',
    'psi in [0.1, 0.2]',
    'feature in ["a", version]',
    'feature.split("_").size() > 1',
    'n > 9007199254740993',
  ])('is not made of %s, which is left to CEL', (text) => {
    const { condition } = compileCondition(text, 'feature');
    if (condition !== undefined) expect(closureOf(condition.ast, condition)).toBeUndefined();
  });

  it('leaves nothing that CEL can evaluate without an answer', () => {
    const { condition } = compileCondition('size(feature) == 6 && psi > 0.1', 'feature');
    expect(condition?.holds(measurements({ psi: 0.3 }))).toBe(true);
    expect(condition?.holds(measurements({ psi: 'no_data' }))).toMatchObject({
      reading: { status: 'no_data' },
    });
  });
});
