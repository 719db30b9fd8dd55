import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import { type ConfidenceInterval, Z_95 } from '../../../src/stats/interval/confidence-interval.ts';
import { f1Interval } from '../../../src/stats/interval/f1-interval.ts';
import { meanInterval } from '../../../src/stats/interval/mean-interval.ts';
import { shareInterval } from '../../../src/stats/interval/share-interval.ts';
import { simultaneousZ } from '../../../src/stats/interval/simultaneous-z.ts';

it('is that of one interval for one, and grows slowly with their number', () => {
  expect(simultaneousZ(1)).toBe(Z_95);
  // The normal quantile of 1 - 0.025 / m.
  expect(simultaneousZ(2)).toBeCloseTo(2.241402727604947, 12);
  expect(simultaneousZ(50)).toBeCloseTo(3.290526731491931, 10);
  expect(simultaneousZ(1_000)).toBeCloseTo(4.055626981, 8);
});

/** In what share of families all of fifty intervals hold the truth. */
function heldTogether(
  draw: (random: () => number, z: number) => ConfidenceInterval | undefined,
  truth: number,
  z: number,
): number {
  const random = seededRandom(5);
  let held = 0;
  for (let family = 0; family < 200; family += 1) {
    const missed = Array.from({ length: 50 }, () => draw(random, z)).filter(
      (interval) => interval !== undefined && (interval.lower > truth || interval.upper < truth),
    );
    if (missed.length === 0) held += 1;
  }
  return held / 200;
}

describe('fifty intervals, all of them together, hold the truth as often as one is said to', () => {
  const right = (random: () => number, n: number, p: number): number => {
    let count = 0;
    for (let i = 0; i < n; i += 1) if (random() < p) count += 1;
    return count;
  };

  it.each([
    [
      'a share near 1 of few',
      (random: () => number, z: number) => shareInterval(right(random, 60, 0.95), 60, z),
      0.95,
    ],
    [
      'a share of many',
      (random: () => number, z: number) => shareInterval(right(random, 200, 0.7), 200, z),
      0.7,
    ],
    [
      'f1',
      (random: () => number, z: number) => {
        // 120 that are not true negatives, each of them right, wrong or missed.
        const correct = right(random, 120, 0.5);
        const wrong = Math.floor((120 - correct) / 2);
        return f1Interval({ labelled: 120 - wrong, predicted: correct + wrong, correct }, z);
      },
      2 / 3,
    ],
    [
      'a mean',
      (random: () => number, z: number) => {
        const values = Array.from({ length: 60 }, () => gaussian(random));
        const sum = values.reduce((a, b) => a + b, 0);
        return meanInterval({ n: 60, sum, sumOfSquares: values.reduce((a, b) => a + b * b, 0) }, z);
      },
      0,
    ],
  ])('%s', (_name, draw, truth) => {
    expect(heldTogether(draw, truth, simultaneousZ(50))).toBeGreaterThan(0.91);
    // One by one, hardly ever.
    expect(heldTogether(draw, truth, Z_95)).toBeLessThan(0.3);
  });
});
