import { describe, expect, it } from 'vitest';
import { explainWindow } from '../../src/metrics/explain-window.ts';
import type { SegmentEvidence } from '../../src/metrics/segment-findings.ts';
import type { LossChange, LossSums } from '../../src/metrics/segment-loss.ts';
import { HOUR, MORNING } from '../support/events.ts';

const sums = (n: number, loss: number): LossSums => ({ n, loss, lossSquares: loss });
const change = (before: [number, number], now: [number, number]): LossChange => ({
  before: sums(...before),
  now: sums(...now),
});
const about = {
  period: { from: MORNING, to: MORNING + HOUR },
  reference: { from: MORNING - 24 * HOUR, to: MORNING },
};
const evidence: SegmentEvidence = {
  explained: 'wrong',
  features: ['country'],
  whole: change([50_000, 2_500], [10_000, 2_000]),
  segments: new Map([
    ['country=BR', change([10_000, 500], [2_000, 1_600])],
    ['country=DE', change([5_000, 1_000], [1_000, 200])],
    ['country=FR', change([35_000, 1_000], [7_000, 200])],
  ]),
  sampled: { now: 1, before: 3 },
};

describe('explainWindow', () => {
  it('says where it happened, what part a changed mix has, what has always been weak, and what it was compared with', () => {
    const { lines } = explainWindow(about, [], evidence);
    expect(lines).toEqual([
      'Segments that got worse: country=BR 5 -> 80 % wrong (n 2000; all others 5 -> 5 % wrong).',
      'Change +15.0 points: a changed mix of country +0.0, change within its values +15.0, of which country=BR +15.0.',
      'No feature moved beyond noise.',
      'Looked at 2026-11-22 08:00 to 2026-11-22 09:00 UTC (10000 labelled predictions), compared with 2026-11-21 08:00 to 2026-11-22 08:00 UTC (50000 labelled predictions, one in 3).',
    ]);
  });

  it('names features by what they do to the score, and says that they overlap', () => {
    const moved = [
      { feature: 'amount', psiAdjusted: 0.4, qValue: 0, scoreShift: 0.31 },
      { feature: 'age', psiAdjusted: 0.2, qValue: 0, scoreShift: -0.02 },
      { feature: 'channel', psiAdjusted: 0.1234, qValue: 0 },
      { feature: 'items', psiAdjusted: 0.1, qValue: 0 },
    ];
    const { lines, segments } = explainWindow(about, moved, undefined);
    expect(segments).toBeUndefined();
    expect(lines[0]).toBe(
      'Features that moved: amount (psi 0.4, score +0.31 sd), age (psi 0.2, score -0.02 sd), channel (psi 0.123) and 1 more; each by itself, they overlap.',
    );
  });

  it('looks for segments whose scores fell where the scores fell', () => {
    const fell: SegmentEvidence = {
      ...evidence,
      explained: 'score',
      whole: {
        before: { n: 10_000, loss: 5_000, lossSquares: 3_300 },
        now: { n: 10_000, loss: 4_000, lossSquares: 2_300 },
      },
      segments: new Map([
        [
          'country=BR',
          {
            before: { n: 2_000, loss: 1_000, lossSquares: 660 },
            now: { n: 2_000, loss: 100, lossSquares: 60 },
          },
        ],
      ]),
    };
    const { segments, lines } = explainWindow(about, [], fell);
    expect(segments?.worsened).toMatchObject([{ segment: 'country=BR', before: 0.5, now: 0.05 }]);
    expect(segments?.weakest).toEqual([]);
    expect(lines[0]).toMatch(/^Segments that moved: country=BR 0.5 -> 0.05 /);
  });

  it('is short whatever names come from producers', () => {
    const long = (name: string): string => `${name}=${'x'.repeat(250)}\n<b>`;
    const { lines } = explainWindow(about, [{ feature: 'f'.repeat(256), psiAdjusted: 1, qValue: 0 }], {
      ...evidence,
      features: ['a'.repeat(256)],
      segments: new Map([...evidence.segments].map(([name, both]) => [long(name), both])),
    });
    for (const line of lines) {
      expect(line.length).toBeLessThan(700);
      expect(line).not.toContain('\n');
    }
  });

  it('says so when nothing came before, and then what is weak by itself', () => {
    const { lines } = explainWindow({ period: about.period }, [], {
      ...evidence,
      whole: change([0, 0], [10_000, 2_000]),
      segments: new Map([['country=BR', change([0, 0], [2_000, 1_600])]]),
    });
    expect(lines[0]).toBe('Weak: country=BR 80 % wrong (n 2000; all others 5 % wrong).');
    expect(lines.at(-1)).toMatch(/there are none before to compare with\.$/);
  });
});
