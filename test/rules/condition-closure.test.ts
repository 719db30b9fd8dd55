import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { celScope } from '../../src/rules/cel-environment.ts';
import { compileCondition } from '../../src/rules/condition.ts';
import { closureOf, Missing } from '../../src/rules/condition-closure.ts';
import { NoNumber, withWords } from '../../src/rules/condition-scope.ts';
import { frameOf } from '../../src/rules/frame.ts';
import type { Measurements } from '../../src/rules/measurements.ts';
import { anyCondition, anySubject } from './any-condition.ts';
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
  const Place = withWords(place, FRAMES, new Map());
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

describe('a closure', () => {
  it('says of any condition and any subject what CEL says, and misses the same', () => {
    fc.assert(
      fc.property(anyCondition, anySubject, (text, subject) => {
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
