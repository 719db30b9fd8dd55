import { describe, expect, it } from 'vitest';
import { ageLimits } from '../../src/rules/age-limits.ts';
import { compileCondition } from '../../src/rules/condition.ts';
import { readDurations } from '../../src/rules/condition-durations.ts';
import { judge } from '../../src/rules/evaluate-condition.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { measurements } from './measurements.ts';

const DAY = 24 * 3_600_000;

function loaded(rule: string) {
  const text = `groups:\n  - name: g\n    schedule: "0 * * * *"\n    window: 1h\n    rules:\n      - { alert: A, ${rule} }\n`;
  return loadRules([{ file: 'rules.yaml', text }], { retrainTargets: [] });
}

function ruleOf(rule: string): Rule {
  const { groups, faults } = loaded(rule);
  expect(faults).toEqual([]);
  return groups[0]?.rules[0] as Rule;
}

function faultsOf(rule: string): string[] {
  return loaded(rule).faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a duration in a condition', () => {
  it('is a number of seconds, and moves nothing that stands behind it', () => {
    expect(readDurations('age > 7d && n > 3')).toEqual({
      text: 'age > Hd && n > 3',
      durations: new Map([['Hd', 604_800]]),
    });
    expect(readDurations('age > 1h30m').durations).toEqual(new Map([['Bh30m', 5_400]]));
  });

  it('is none in a text, in a number, in the name of a window or of a metric', () => {
    for (const text of [
      'version == "7d"',
      "version == '7d\\' 7d'",
      'w24h.n > 1e5',
      'p95 > 0.5',
      'psi > 7.5',
    ]) {
      expect(readDurations(text)).toEqual({ text, durations: new Map() });
    }
  });

  it('is compared as any number is, whether by a closure or by CEL', () => {
    const { feature: _, ...subject } = measurements({ age: 8 * 86_400, predictions: 5 });
    for (const text of ['age > 7d', '7d < age', 'age > 7d && size(version) > 0', 'age <= 1w1d']) {
      const { condition } = compileCondition(text, 'model');
      expect(condition?.holds(subject), text).toBe(true);
      expect(condition?.text).toBe(text);
    }
    const { feature: __, ...younger } = measurements({ age: 7 * 86_400 });
    expect(compileCondition('age > 7d', 'model').condition?.holds(younger)).toBe(false);
  });
});

describe('what a rule requires of a window', () => {
  const RULE = 'when: accuracy < 0.8, require: coverage > 0.6 || age > 7d, summary: x';

  it('makes it wait, and counts neither for nor against the alert', () => {
    const verdict = (coverage: number, days: number, accuracy: number) => {
      const { feature: _, ...subject } = measurements({ coverage, age: days * 86_400, accuracy });
      return judge(ruleOf(RULE), subject).outcome;
    };
    expect(verdict(0.5, 1, 0.1)).toBe('waiting');
    expect(verdict(0.7, 1, 0.1)).toBe('true');
    expect(verdict(0.7, 1, 0.9)).toBe('false');
    expect(verdict(0.1, 8, 0.1)).toBe('true');
  });

  it('tells at which ages to look again', () => {
    const { require, condition } = ruleOf(RULE);
    expect(require && ageLimits(require)).toEqual({ limits: [7 * DAY], faults: [] });
    expect(ageLimits(condition).limits).toEqual([]);
  });

  it.each([
    [
      'when: accuracy < 0.8, require: coverge > 0.6',
      '6:52 unknown metric "coverge"; did you mean "coverage"?',
    ],
    [
      'each: feature, when: psi > 1, require: coverage > 0.6',
      /"require" is about labels, which only rules with "each: model" or "each: segment" need/,
    ],
    [
      'when: accuracy < 0.8 && age * 2 > 7d',
      /compare the age of the window with a duration and with nothing else/,
    ],
    ['when: previous.age > 7d', /compare the age of the window/],
    ['when: f1.upper < 0.5', /write upper\.f1, not f1\.upper/],
    [
      'when: upper.mcc < 0.5',
      /"upper.mcc" does not exist: a confidence interval is known of accuracy, precision/,
    ],
  ])('is checked: %s', (rule, fault) => {
    const faults = faultsOf(`${rule}, summary: x`);
    expect(faults).toHaveLength(1);
    if (typeof fault === 'string') expect(faults[0]).toBe(fault);
    else expect(faults[0]).toMatch(fault);
  });

  it('may be that the confidence interval agrees', () => {
    const rule = ruleOf(
      'when: upper.f1 < baseline.f1 - 0.05, summary: "{{f1}} ({{lower.f1}} to {{upper.f1}})"',
    );
    const { feature: _, ...subject } = measurements({ f1: 0.7 }, { f1: 0.9 });
    const known = subject.metrics.get('f1');
    const withInterval = (upper: number) => ({
      ...subject,
      metrics: new Map([['f1', { ...known, interval: { lower: 0.6, upper } }]]) as typeof subject.metrics,
    });
    expect(judge(rule, withInterval(0.84)).outcome).toBe('true');
    expect(judge(rule, withInterval(0.86)).outcome).toBe('false');
    expect(judge(rule, subject).outcome).toBe('undefined');
  });
});
