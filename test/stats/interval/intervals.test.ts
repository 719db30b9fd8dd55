import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import { delongInterval } from '../../../src/stats/interval/delong-interval.ts';
import { f1Interval } from '../../../src/stats/interval/f1-interval.ts';
import { meanInterval } from '../../../src/stats/interval/mean-interval.ts';
import { wilsonInterval } from '../../../src/stats/interval/wilson-interval.ts';
import { rocAuc } from '../../../src/stats/score/roc-auc.ts';
import { scoreCounts } from '../../../src/stats/score/score-counts.ts';
import { definedValue } from '../expect-computed.ts';

describe("Wilson's interval", () => {
  it.each([
    // Computed apart, from the formula.
    [80, 100, 0.7111708344068411, 0.8666330666689676],
    [0, 20, 0, 0.16113],
    [20, 20, 0.83887, 1],
    [1, 1, 0.20655, 1],
  ])('of %d of %d', (successes, n, lower, upper) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.lower).toBeCloseTo(lower, 5);
    expect(interval.upper).toBeCloseTo(upper, 5);
  });

  it('holds the share that was counted, and says no to what is none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const successes = Math.round(share * n);
          const { lower, upper } = wilsonInterval(successes, n);
          expect(lower).toBeLessThanOrEqual(successes / n);
          expect(upper).toBeGreaterThanOrEqual(successes / n);
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(upper).toBeLessThanOrEqual(1);
        },
      ),
    );
    expect(() => wilsonInterval(2, 1)).toThrow(RangeError);
    expect(() => wilsonInterval(0, 0)).toThrow(RangeError);
  });
});

/** The share of samples whose interval holds the truth; 0.95 is promised. */
function confidence(
  samples: number,
  draw: (random: () => number) => { lower: number; upper: number } | undefined,
  truth: number,
): number {
  const random = seededRandom(3);
  let held = 0;
  for (let i = 0; i < samples; i += 1) {
    const interval = draw(random);
    if (interval !== undefined && interval.lower <= truth && truth <= interval.upper) held += 1;
  }
  return held / samples;
}

describe('the interval of f1', () => {
  it('holds the truth as often as it promises, also where positives are rare', () => {
    // Of all items 4 % are true positives, 1 % missed and 2 % false alarms.
    const truth = (2 * 0.04) / (2 * 0.04 + 0.03);
    const share = confidence(
      2_000,
      (random) => {
        let [correct, missed, wrong] = [0, 0, 0];
        for (let i = 0; i < 1_000; i += 1) {
          const x = random();
          if (x < 0.04) correct += 1;
          else if (x < 0.05) missed += 1;
          else if (x < 0.07) wrong += 1;
        }
        return f1Interval({ labelled: correct + missed, predicted: correct + wrong, correct });
      },
      truth,
    );
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.975);
  });

  it('has a width where f1 is 0 or 1, and is none where nothing is positive', () => {
    expect(f1Interval({ labelled: 30, predicted: 30, correct: 30 })).toMatchObject({ upper: 1 });
    expect(f1Interval({ labelled: 30, predicted: 30, correct: 30 })?.lower).toBeLessThan(0.95);
    expect(f1Interval({ labelled: 5, predicted: 5, correct: 0 })?.lower).toBe(0);
    expect(f1Interval({ labelled: 0, predicted: 0, correct: 0 })).toBeUndefined();
  });
});

describe("DeLong's interval", () => {
  it('is what the definition gives, ties included', () => {
    // Placements by hand: positives 0.8, 0.5, 0.5; negatives 0.5, 0.2, 0.1, 0.6.
    const counts = scoreCounts([
      { score: 0.1, positives: 0, negatives: 1 },
      { score: 0.2, positives: 0, negatives: 1 },
      { score: 0.5, positives: 2, negatives: 1 },
      { score: 0.6, positives: 0, negatives: 1 },
      { score: 0.8, positives: 1, negatives: 0 },
    ]);
    const ofPositives = [1, 0.625, 0.625];
    const ofNegatives = [(1 + 0.5 + 0.5) / 3, 1, 1, 1 / 3];
    const variance = (values: number[]): number => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    };
    const area = definedValue(rocAuc(counts));
    expect(area).toBeCloseTo(0.75, 12);
    const error = Math.sqrt(variance(ofPositives) / 3 + variance(ofNegatives) / 4);
    const reach = (1.959963984540054 * error) / (area * (1 - area));
    const logit = Math.log(area / (1 - area));
    const { lower, upper } = delongInterval(counts) ?? { lower: Number.NaN, upper: Number.NaN };
    expect(lower).toBeCloseTo(1 / (1 + Math.exp(reach - logit)), 12);
    expect(upper).toBeCloseTo(1 / (1 + Math.exp(-reach - logit)), 12);
  });

  it('holds the truth as often as it promises', () => {
    // Two normal distributions that lie one standard deviation apart: the area is Phi(1 / sqrt 2).
    const share = confidence(
      600,
      (random) =>
        delongInterval(
          scoreCounts(
            Array.from({ length: 120 }, (_, i) =>
              i % 3 === 0
                ? { score: 1 + gaussian(random), positives: 1, negatives: 0 }
                : { score: gaussian(random), positives: 0, negatives: 1 },
            ),
          ),
        ),
      0.7602499389065233,
    );
    expect(share).toBeGreaterThan(0.925);
    expect(share).toBeLessThan(0.98);
  });

  it('has a width where the ranking is perfect, and is none of a single positive', () => {
    const perfect = scoreCounts([
      { score: 0.1, positives: 0, negatives: 50 },
      { score: 0.9, positives: 20, negatives: 0 },
    ]);
    expect(delongInterval(perfect)).toEqual(wilsonInterval(20, 20));
    expect(delongInterval(scoreCounts([{ score: 1, positives: 1, negatives: 5 }]))).toBeUndefined();
  });
});

it('the interval of a mean is none of one value, and none of what leaves the range of a double', () => {
  expect(meanInterval({ n: 100, sum: 200, sumOfSquares: 500 })?.lower).toBeCloseTo(1.803, 3);
  // Thirty values with a standard deviation of 1; Student's quantile for 29 degrees of freedom is 3.659 at 0.0005.
  const thirty = meanInterval({ n: 30, sum: 0, sumOfSquares: 29 }, 3.290526731491931);
  expect((thirty?.upper ?? 0) * Math.sqrt(30)).toBeCloseTo(3.659, 2);
  expect(meanInterval({ n: 1, sum: 2, sumOfSquares: 4 })).toBeUndefined();
  expect(meanInterval({ n: 9, sum: 1e300, sumOfSquares: Number.POSITIVE_INFINITY })).toBeUndefined();
});
