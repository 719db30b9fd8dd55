import { describe, expect, it } from 'vitest';
import { matcherText, parseMatcher } from '../../src/notify/matcher.ts';

function matches(text: string, labels: Record<string, string>): boolean | undefined {
  return parseMatcher(text)?.matches(labels);
}

describe('parseMatcher', () => {
  it.each([
    ['severity="critical"', { severity: 'critical' }, true],
    ['severity = critical', { severity: 'critical' }, true],
    ['severity="critical"', { severity: 'warning' }, false],
    ['severity!="critical"', { severity: 'warning' }, true],
    ['model=~"fraud|churn"', { model: 'churn' }, true],
    ['model=~fraud.*', { model: 'fraud-eu' }, true],
    ['model!~"fraud.*"', { model: 'churn' }, true],
    ['model!~"fraud.*"', { model: 'fraud-eu' }, false],
    ['summary="a \\"b\\" \\\\ \\n"', { summary: 'a "b" \\ \n' }, true],
  ])('%s on %o is %s', (text, labels, expected) => {
    expect(matches(text, labels)).toBe(expected);
  });

  it('anchors regular expressions at both ends', () => {
    expect(matches('model=~"fraud"', { model: 'fraud-eu' })).toBe(false);
    expect(matches('model=~"a|fraud"', { model: 'fraud-eu' })).toBe(false);
  });

  it('takes an absent label for an empty one', () => {
    expect(matches('feature=""', {})).toBe(true);
    expect(matches('feature!=""', {})).toBe(false);
    expect(matches('feature!="x"', {})).toBe(true);
  });

  it.each(['', 'severity', '="x"', 'a-b="x"', 'severity="x', 'severity=x"y', 'severity="x"y', 'model=~"("'])(
    'refuses %j',
    (text) => {
      expect(parseMatcher(text)).toBeUndefined();
    },
  );
});

describe('matcherText', () => {
  it('is read back as what it was', () => {
    for (const value of ['', 'plain', 'with "quotes"', 'a\\b', 'two\nlines', '.*']) {
      for (const operator of ['=', '!=', '=~', '!~'] as const) {
        const text = matcherText({
          label: 'model',
          operator,
          value: operator.includes('~') ? 'fraud.*' : value,
        });
        expect(parseMatcher(text)).toMatchObject({ label: 'model', operator });
        if (!operator.includes('~')) expect(parseMatcher(text)?.value).toBe(value);
      }
    }
  });
});
