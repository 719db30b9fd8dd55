import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/rules/condition.ts';
import { evaluateCondition } from '../../src/rules/evaluate-condition.ts';
import { lintCondition } from '../../src/rules/lint/lint-condition.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { namesStreamsOnly, needsLabels } from '../../src/rules/needs-labels.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { measurements } from './measurements.ts';

function compiled(text: string) {
  const result = compileCondition(text, 'model');
  if (result.condition === undefined) throw new Error(JSON.stringify(result.faults));
  return result.condition;
}

function faultsOf(text: string, scope: 'model' | 'feature' = 'model'): string[] {
  const result = compileCondition(text, scope);
  return result.condition === undefined ? result.faults.map(({ message }) => message) : [];
}

function ruleOf(when: string): Rule {
  const text = `groups: [{ name: g, schedule: "* * * * *", window: 1h, rules: [{ alert: A, when: '${when}' }] }]`;
  const { groups, faults } = loadRules([{ file: 'rules.yaml', text }], { retrainTargets: [] });
  expect(faults).toEqual([]);
  return groups[0]?.rules[0] as Rule;
}

describe('the signals of change detectors in conditions', () => {
  it.each([
    ['page_hinkley.detected', { 'page_hinkley.detected': 1 }, 'true'],
    ['page_hinkley.detected', { 'page_hinkley.detected': 0 }, 'false'],
    ['!ddm.warning', { 'ddm.warning': 0 }, 'true'],
    ['adwin.increased || ddm.detected', { 'adwin.increased': 0, 'ddm.detected': 1 }, 'true'],
    ['adwin.detected && accuracy < 0.9', { 'adwin.detected': 1, accuracy: 0.8 }, 'true'],
    ['adwin.detected == true', { 'adwin.detected': 1 }, 'true'],
    ['adwin.detected ? accuracy < 0.9 : false', { 'adwin.detected': 0 }, 'false'],
    ['adwin.detected', { 'adwin.detected': 'no_data' }, 'no_data'],
    // CEL itself, since the closures know no size().
    ['adwin.detected && size(model) > 0', { 'adwin.detected': 1 }, 'true'],
    ['adwin.detected && size(model) > 0', { 'adwin.detected': 0 }, 'false'],
  ] as const)('%s with %j is %s', (text, values, outcome) => {
    expect(evaluateCondition(compiled(text), measurements(values)).outcome).toBe(outcome);
  });

  it('are those of another window behind its name', () => {
    const others = new Map([['previous', measurements({ 'page_hinkley.detected': 1 })]]);
    const subject = measurements({ 'page_hinkley.detected': 0 }, {}, { others });
    const outcome = (text: string) => evaluateCondition(compiled(text), subject).outcome;
    expect(outcome('previous.page_hinkley.detected && !page_hinkley.detected')).toBe('true');
    expect(outcome('w24h.page_hinkley.detected')).toBe('no_data');
  });

  it('are no numbers, and have no baseline', () => {
    expect(faultsOf('page_hinkley.detected > 0')[0]).toContain('type error');
    expect(faultsOf('baseline.page_hinkley.detected')[0]).toBeDefined();
    expect(faultsOf('page_hinkley')[0]).toContain('such as page_hinkley.detected');
    expect(faultsOf('page_hinkley.detectd')[0]).toContain('did you mean "page_hinkley.detected"');
    expect(faultsOf('adwin.detected', 'feature')[0]).toContain('each: model');
  });

  it('need labels, and make a group of their own where nothing else is named', () => {
    const signals = ruleOf('ddm.detected && stream_observations > 500');
    const mixed = ruleOf('ddm.detected && f1 < 0.8');
    expect(needsLabels(signals)).toBe(true);
    expect(namesStreamsOnly([signals])).toBe(true);
    expect(namesStreamsOnly([signals, mixed])).toBe(false);
    expect(namesStreamsOnly([ruleOf('predictions == 0')])).toBe(false);
    expect(namesStreamsOnly([])).toBe(false);
  });

  it('raise no warning by themselves', () => {
    expect(lintCondition(compiled('page_hinkley.detected || adwin.increased'))).toEqual([]);
  });
});
