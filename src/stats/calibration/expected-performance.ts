import { type Computed, defined, undefinedBecause } from '../computed.ts';

/** Items of one score whose labels are not known. */
export interface UnlabelledCell {
  /** In ascending order from cell to cell. */
  readonly score: number;
  readonly count: number;
  /** The probability that such an item is of the positive class. */
  readonly probability: number;
  /** Whether such items are predicted as positive. */
  readonly predicted: boolean;
  /** The place in `blocks` of what is known of the probability; undefined when it is taken as exact. */
  readonly block?: number;
}

/** What is to be expected, and the standard error of what will be counted once the labels have come. */
export interface Expectation {
  readonly value: number;
  readonly standardError: number;
}

export interface ExpectedPerformance {
  readonly truePositives: Expectation;
  readonly falsePositives: Expectation;
  readonly falseNegatives: Expectation;
  readonly trueNegatives: Expectation;
  readonly accuracy: Expectation;
  readonly precision: Computed<Expectation>;
  readonly recall: Computed<Expectation>;
  readonly f1: Computed<Expectation>;
  readonly rocAuc: Computed<Expectation>;
}

/** A metric as a function of the probabilities: its value, and its derivative by the probability of one item of a cell. */
interface Differentiable {
  readonly value: number;
  readonly slope: (cell: UnlabelledCell, place: number) => number;
}

/**
 * The confusion matrix that scores lead one to expect while labels are not there, and the metrics that follow from it.
 *
 * Each item counts as positive with its probability: among those that are predicted as positive the probabilities add up to the
 * expected true positives. Metrics are those of the expected counts; for the area under the ROC curve each score has its
 * probability of positives and the rest of negatives.
 *
 * The standard error holds what chance does to the labels themselves (each is a coin of its probability), and how well the
 * probabilities are known: each block of the calibration is a share of so many labels. Both by the delta method.
 *
 * Reference: NannyML, confidence-based performance estimation (CBPE), for the expectation; DeLong et al., Biometrics 44 (1988), for
 * the derivative of the area under the curve.
 *
 * @param variances of the probability in each block of the calibration.
 * @returns undefined without items.
 *
 * @example
 * const cells = [
 *   { score: 0.2, count: 50, probability: 0.2, predicted: false },
 *   { score: 0.9, count: 50, probability: 0.9, predicted: true },
 * ];
 * expectedPerformance(cells, [])?.accuracy; // { value: 0.85, standardError: 0.0353 }
 */
export function expectedPerformance(
  cells: readonly UnlabelledCell[],
  variances: readonly number[],
): ExpectedPerformance | undefined {
  const n = sum(cells, ({ count }) => count);
  if (n === 0) return undefined;
  const predicted = sum(cells, (cell) => (cell.predicted ? cell.count : 0));
  const positives = sum(cells, ({ count, probability }) => count * probability);
  const correct = sum(cells, (cell) => (cell.predicted ? cell.count * cell.probability : 0));
  const expect = ({ value, slope }: Differentiable): Expectation => ({
    value,
    standardError: Math.sqrt(varianceOf(cells, slope, variances)),
  });
  /** Counts of one row and column of the matrix; each changes by one with each item. */
  const countOf = (value: number, ofPredicted: number, ofOthers: number): Expectation =>
    expect({ value, slope: (cell) => (cell.predicted ? ofPredicted : ofOthers) });
  const f1 = (2 * correct) / (predicted + positives);
  return {
    truePositives: countOf(correct, 1, 0),
    falsePositives: countOf(predicted - correct, -1, 0),
    falseNegatives: countOf(positives - correct, 0, 1),
    trueNegatives: countOf(n - predicted - positives + correct, 0, -1),
    accuracy: expect({
      value: (n - predicted - positives + 2 * correct) / n,
      slope: (cell) => (cell.predicted ? 1 : -1) / n,
    }),
    precision:
      predicted === 0
        ? undefinedBecause('no score reaches the threshold')
        : defined(
            expect({ value: correct / predicted, slope: (cell) => (cell.predicted ? 1 / predicted : 0) }),
          ),
    recall:
      positives === 0
        ? undefinedBecause('no positive is to be expected')
        : defined(
            expect({
              value: correct / positives,
              slope: (cell) => ((cell.predicted ? 1 : 0) - correct / positives) / positives,
            }),
          ),
    f1:
      predicted + positives === 0
        ? undefinedBecause('nothing is predicted or to be expected as positive')
        : defined(
            expect({
              value: f1,
              slope: (cell) => ((cell.predicted ? 2 : 0) - f1) / (predicted + positives),
            }),
          ),
    rocAuc: expectedRocAuc(cells, positives, n - positives, expect),
  };
}

function expectedRocAuc(
  cells: readonly UnlabelledCell[],
  positives: number,
  negatives: number,
  expect: (metric: Differentiable) => Expectation,
): Computed<Expectation> {
  if (positives === 0) return undefinedBecause('no positive is to be expected');
  if (negatives <= 0) return undefinedBecause('nothing but positives is to be expected');
  const below: number[] = [];
  const above: number[] = [];
  let [negativesBelow, positivesBelow, pairs] = [0, 0, 0];
  for (const { count, probability } of cells) {
    const ofPositives = count * probability;
    const ofNegatives = count - ofPositives;
    below.push(negativesBelow + ofNegatives / 2);
    above.push(positives - positivesBelow - ofPositives / 2);
    pairs += ofPositives * (negativesBelow + ofNegatives / 2);
    negativesBelow += ofNegatives;
    positivesBelow += ofPositives;
  }
  const area = pairs / positives / negatives;
  return defined(
    expect({
      value: Math.min(1, area),
      slope: (_, i) =>
        ((below[i] as number) - (above[i] as number)) / positives / negatives -
        area / positives +
        area / negatives,
    }),
  );
}

function varianceOf(
  cells: readonly UnlabelledCell[],
  slope: Differentiable['slope'],
  variances: readonly number[],
): number {
  let ofLabels = 0;
  const byBlock = new Map<number, number>();
  for (const [i, cell] of cells.entries()) {
    const { count, probability, block } = cell;
    const change = slope(cell, i);
    ofLabels += count * probability * (1 - probability) * change ** 2;
    if (block !== undefined) byBlock.set(block, (byBlock.get(block) ?? 0) + count * change);
  }
  let ofCalibration = 0;
  for (const [block, change] of byBlock) ofCalibration += change ** 2 * (variances[block] ?? 0);
  return ofLabels + ofCalibration;
}

function sum(cells: readonly UnlabelledCell[], of: (cell: UnlabelledCell) => number): number {
  return cells.reduce((total, cell) => total + of(cell), 0);
}
