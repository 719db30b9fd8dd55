import type { ClassCounts } from '../score/confusion.ts';
import { type ConfidenceInterval, Z_95 } from './confidence-interval.ts';
import { shareInterval } from './share-interval.ts';

/**
 * Confidence interval of F1, by way of F*, the share of true positives among all items that are predicted or labelled as
 * positive: F* = TP / (TP + FP + FN), and F1 = 2 F* / (1 + F*).
 *
 * Of the items that are not true negatives, how many are true positives is binomial. So Wilson's interval holds for F*, and,
 * F1 rising with F*, its ends carried over hold for F1. It has a width where F1 is 0 or 1, unlike the delta method.
 *
 * Undefined, like F1, when nothing is predicted or labelled as positive.
 *
 * Reference: Hand, Christen and Kirielle, F*: an interpretable transformation of the F-measure, Machine Learning 110 (2021).
 *
 * @example
 * f1Interval({ labelled: 100, predicted: 100, correct: 80 }); // about F1 = 0.8: { lower: 0.7328, upper: 0.8537 }
 */
export function f1Interval(
  { labelled, predicted, correct }: ClassCounts,
  z: number = Z_95,
): ConfidenceInterval | undefined {
  const items = labelled + predicted - correct;
  if (items === 0) return undefined;
  const { lower, upper } = shareInterval(correct, items, z);
  return { lower: f1Of(lower), upper: f1Of(upper) };
}

function f1Of(share: number): number {
  return (2 * share) / (1 + share);
}
