import { describe, expect, it } from 'vitest';
import { transitionJson, transitionLines } from '../../src/cli/transition-text.ts';
import { alertOf, fires, resolves, WINDOW } from '../notify/examples.ts';

const explained = alertOf({
  labels: { alertname: 'AccuracyDrop', severity: 'critical' },
  explanation: {
    lines: ['Segments that got worse: country=BR.', 'No feature moved.'],
    period: WINDOW,
    features: [],
  },
});

describe('a transition', () => {
  it('has below its line why an alert begins to fire', () => {
    const [first, ...others] = transitionLines(fires(explained));
    expect(first).toContain('AccuracyDrop');
    expect(others.map((line) => line.trim())).toEqual(explained.explanation?.lines);
    expect(transitionLines(resolves(explained))).toHaveLength(1);
    expect(transitionLines(fires(alertOf()))).toHaveLength(1);
  });

  it('has it as an object for programs, or null', () => {
    expect(JSON.parse(transitionJson(fires(explained)))).toMatchObject({
      to: 'firing',
      explanation: { lines: explained.explanation?.lines, segments: null },
    });
    expect(JSON.parse(transitionJson(fires(alertOf())))).toMatchObject({ explanation: null });
  });
});
