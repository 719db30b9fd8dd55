import { totalVariation } from '../stats/divergence/total-variation.ts';
import { categoricalShift } from '../stats/hypothesis/categorical-shift.ts';
import { kolmogorovPValue } from '../stats/hypothesis/kolmogorov-p-value.ts';
import type { MetricResult } from './result.ts';

/** What is known of the predictions of a window with a label and of those without one. */
export type LabelBiasEvidence =
  | {
      readonly kind: 'numbers';
      /** What was compared. */
      readonly of: 'score' | 'prediction';
      readonly labelled: number;
      readonly unlabelled: number;
      /** The largest distance of the two distribution functions. */
      readonly distance: number;
    }
  /** Counts by predicted class. */
  | {
      readonly kind: 'classes';
      readonly labelled: readonly number[];
      readonly unlabelled: readonly number[];
    };

/** Fewer than these on either side say nothing about the others. */
const LEAST = 20;

/**
 * `label_bias`: do the predictions whose label has come look like those whose label has not? Where they do not, the
 * performance of the labelled ones is not that of all.
 *
 * @param together how many segments are looked at besides one another: the p-value is adjusted for that
 */
export function labelBias(evidence: LabelBiasEvidence | undefined, together = 1): MetricResult {
  const about = { metric: 'label_bias', baselineN: 0 } as const;
  const [labelled, unlabelled] = sizesOf(evidence);
  const method = `${methodOf(evidence)}${together > 1 ? `, times ${together} segments` : ''}`;
  const n = labelled + unlabelled;
  if (n === 0)
    return { ...about, n, method, status: 'no_data', reason: 'no prediction of the window is kept' };
  if (Math.min(labelled, unlabelled) < LEAST) {
    const reason = `${labelled} predictions with a label and ${unlabelled} without one; ${LEAST} of each are needed`;
    return { ...about, n, method, status: 'not_enough_data', reason };
  }
  if (evidence?.kind === 'numbers') {
    const pValue = Math.min(1, together * kolmogorovPValue(evidence.distance, labelled, unlabelled));
    return { ...about, n, method, status: 'ok', value: evidence.distance, pValue };
  }
  const value = totalVariation(evidence?.unlabelled ?? [], evidence?.labelled ?? []);
  const test = categoricalShift(evidence?.unlabelled ?? [], evidence?.labelled ?? []);
  if (!value.defined) return { ...about, n, method, status: 'undefined', reason: value.reason };
  // All of one class: no difference, and nothing to test.
  const pValue = test.defined ? Math.min(1, together * test.value.pValue) : 1;
  return { ...about, n, method, status: 'ok', value: value.value, pValue };
}

function sizesOf(evidence: LabelBiasEvidence | undefined): readonly [labelled: number, unlabelled: number] {
  if (evidence === undefined) return [0, 0];
  if (evidence.kind === 'numbers') return [evidence.labelled, evidence.unlabelled];
  const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
  return [sum(evidence.labelled), sum(evidence.unlabelled)];
}

function methodOf(evidence: LabelBiasEvidence | undefined): string {
  if (evidence?.kind === 'classes')
    return 'half the L1 distance of predicted classes; chi-square and exact tests';
  const what = evidence?.of === 'prediction' ? 'predictions' : 'scores';
  return `two-sample Kolmogorov-Smirnov of ${what}, labelled against unlabelled; asymptotic p-value`;
}
