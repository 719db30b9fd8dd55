import { type Computed, definedIfFinite, undefinedBecause } from '../computed.ts';

/**
 * Sums over labelled predictions of a regression model. Moments of parts add up to those of the whole. An
 * error is the prediction minus the label.
 */
export interface RegressionMoments {
  readonly n: number;
  readonly sumError: number;
  readonly sumAbsoluteError: number;
  readonly sumSquaredError: number;
  /** Sum of |error| / max(|label|, 2^-52), with labels as they are. */
  readonly sumRelativeError: number;
  /**
   * Sums of the labels and of their squares. They may be taken about any origin common to both, since only
   * the spread of the labels is read from them; an origin near the labels keeps more digits.
   */
  readonly sumLabel: number;
  readonly sumSquaredLabel: number;
}

/** A sum divided by the number of labelled predictions; undefined without any. */
export function meanOver(moments: RegressionMoments, sum: number): Computed {
  if (!(moments.n > 0)) return undefinedBecause('no prediction has a label');
  return definedIfFinite(sum / moments.n);
}
