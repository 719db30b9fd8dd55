import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { RegressionSums } from '../../src/metrics/regression-sums.ts';
import { mape } from '../../src/stats/score/mape.ts';
import { r2 } from '../../src/stats/score/r2.ts';
import { definedValue, expectClose, expectUndefined } from '../stats/expect-computed.ts';
import { momentsOf } from '../stats/regression-cases.ts';

function sumsOf(predictions: readonly number[], labels: readonly number[]): RegressionSums {
  const sums = new RegressionSums();
  predictions.forEach((prediction, i) => {
    sums.add(prediction, labels[i] as number);
  });
  return sums;
}

const random = seededRandom(3);
const LABELS = Array.from({ length: 500 }, () => random() * 16);
const PREDICTIONS = LABELS.map((label) => label + random() - 0.4);

describe('RegressionSums', () => {
  it('adds up errors as they are, and labels about their mean', () => {
    const { sumSquaredLabel, sumLabel, ...errors } = sumsOf(PREDICTIONS, LABELS).moments();
    const mean = LABELS.reduce((a, b) => a + b) / LABELS.length;
    expect(momentsOf(PREDICTIONS, LABELS)).toMatchObject(errors);
    expect(sumLabel).toBe(0);
    expectClose(sumSquaredLabel, momentsOf(PREDICTIONS, LABELS, mean).sumSquaredLabel, 1e-12);
  });

  it('knows the spread of labels that are large beside it, even when the first is an outlier', () => {
    // Whole steps of 2^-8, which doubles of this size still hold.
    const far = (value: number): number => 1.7e12 + Math.round(value * 256) / 256;
    const near = (value: number): number => Math.round(value * 256) / 256;
    const expected = definedValue(r2(momentsOf(PREDICTIONS.map(near), LABELS.map(near), 8)));
    expectClose(definedValue(r2(sumsOf(PREDICTIONS.map(far), LABELS.map(far)).moments())), expected, 1e-12);
    const outlier = [0, ...LABELS.map((label) => label + 1e6)];
    expectClose(
      definedValue(
        r2(
          sumsOf(
            outlier,
            outlier.map((label) => label + 1),
          ).moments(),
        ),
      ),
      1 - 501 / sumsOf(outlier.toReversed(), outlier.toReversed()).moments().sumSquaredLabel,
      1e-12,
    );
  });

  it('sees that labels are constant', () => {
    const labels = new Array<number>(1000).fill(0.1);
    expectUndefined(
      r2(
        sumsOf(
          labels.map((label, i) => label + (i % 3)),
          labels,
        ).moments(),
      ),
      /constant/,
    );
  });

  it('says nothing of no labels', () => {
    expectUndefined(mape(new RegressionSums().moments()), /no prediction has a label/);
  });
});
