import { relativeError } from '../../src/stats/score/mape.ts';
import type { RegressionMoments } from '../../src/stats/score/regression-moments.ts';
import { performanceCases } from './conformance-cases.ts';

/** Sums over predictions and labels; labels are taken about `origin`. */
export function momentsOf(
  predictions: readonly number[],
  labels: readonly number[],
  origin = 0,
): RegressionMoments {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const errors = labels.map((label, i) => (predictions[i] as number) - label);
  const centred = labels.map((label) => label - origin);
  return {
    n: labels.length,
    sumError: sum(errors),
    sumAbsoluteError: sum(errors.map(Math.abs)),
    sumSquaredError: sum(errors.map((error) => error * error)),
    sumRelativeError: sum(errors.map((_, i) => relativeError(predictions[i] as number, labels[i] as number))),
    sumLabel: sum(centred),
    sumSquaredLabel: sum(centred.map((label) => label * label)),
  };
}

export function regressionCases(): ReadonlyArray<
  readonly [name: string, moments: RegressionMoments, expected: Readonly<Record<string, number>>]
> {
  return performanceCases().regression.map(
    ({ name, predictions, labels, expected }) => [name, momentsOf(predictions, labels), expected] as const,
  );
}
