import { describe, expect, it } from 'vitest';
import { parseSamplePlan } from '../../../src/rules/unit-test/sample-plan.ts';

const HOUR = 3_600_000;

function planOf(text: string): string {
  const parsed = parseSamplePlan(text, HOUR);
  return 'plan' in parsed
    ? `${parsed.plan.count} for ${parsed.plan.intervals}`
    : `${parsed.fault.offset}: ${parsed.fault.message.split(',')[0]}`;
}

describe('parseSamplePlan', () => {
  it.each([
    ['normal(0, 1) x1000', '1000 for 1'],
    ['normal(0, 1) x 1000 for 4h', '1000 for 4'],
    ['missing(0.1, choice(a, b)) x50 for 1d', '50 for 24'],
    ['nothing', '0 for 1'],
    ['nothing for 2h', '0 for 2'],
    ['normal(0, 1)', '12: expected a distribution'],
    ['normal(0, 1) 1000', '13: expected a distribution'],
    ['normal(0, 1) x1000 for', '13: expected a distribution'],
    ['nothing x5', '8: expected a distribution'],
    ['normal(0, 1) x9000000', '13: at most 1000000 values can be drawn in one interval'],
    ['normal(0, 1) x10 for 90m', '13: "90m" is no whole number of intervals of 1h'],
    ['normal(0, 1) x10 for ever', '13: "ever" is no whole number of intervals of 1h'],
    ['normal(0, 1) x10 for 0s', '13: "0s" is no whole number of intervals of 1h'],
    ['norml(0, 1) x10', '0: expected normal(mean'],
  ])('reads %j', (text, expected) => {
    expect(planOf(text)).toBe(expected);
  });
});
