import { expect, it } from 'vitest';
import { type Condition, compileCondition } from '../../src/rules/condition.ts';
import { needsLabels } from '../../src/rules/needs-labels.ts';
import type { Each } from '../../src/rules/rule.ts';

it.each([
  ['model', 'accuracy < 0.9', true],
  ['model', 'labelled == 0', true],
  ['model', 'predictions > 0 && f1 < baseline.f1', true],
  ['model', 'predictions == 0', false],
  ['model', 'estimated_accuracy < baseline.estimated_accuracy - 0.05', false],
  ['model', 'accuracy < estimated_accuracy - 0.05', true],
  ['model', 'n < 100 && version != "0"', false],
  ['segment', 'accuracy < 0.9', true],
  ['segment', 'predictions == 0', false],
  ['feature', 'psi > 0.1', false],
  ['prediction', 'mean > baseline.mean', false],
] as const)('each: %s, when: %s needs labels: %s', (each: Each, text, expected) => {
  const { condition } = compileCondition(text, each === 'model' || each === 'segment' ? 'model' : 'feature');
  expect(needsLabels({ each, condition: condition as Condition })).toBe(expected);
});
