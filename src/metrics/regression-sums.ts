import { relativeError } from '../stats/score/mape.ts';
import type { RegressionMoments } from '../stats/score/regression-moments.ts';

/** Adds up the errors of a regression, one prediction at a time. */
export class RegressionSums {
  #n = 0;
  #sumError = 0;
  #sumAbsoluteError = 0;
  #sumSquaredError = 0;
  #sumRelativeError = 0;
  // Labels may be large beside their spread, such as instants. Their distances from one of them are exact, and
  // Welford's recurrence on these bears with one that is an outlier.
  #origin: number | undefined;
  #meanDistance = 0;
  #spread = 0;

  add(prediction: number, label: number): void {
    const error = prediction - label;
    this.#n += 1;
    this.#sumError += error;
    this.#sumAbsoluteError += Math.abs(error);
    this.#sumSquaredError += error * error;
    this.#sumRelativeError += relativeError(prediction, label);
    this.#origin ??= label;
    const distance = label - this.#origin;
    const before = distance - this.#meanDistance;
    this.#meanDistance += before / this.#n;
    this.#spread += before * (distance - this.#meanDistance);
  }

  /** The sums so far; those of the labels are about their mean. */
  moments(): RegressionMoments {
    return {
      n: this.#n,
      sumError: this.#sumError,
      sumAbsoluteError: this.#sumAbsoluteError,
      sumSquaredError: this.#sumSquaredError,
      sumRelativeError: this.#sumRelativeError,
      sumLabel: 0,
      sumSquaredLabel: this.#spread,
    };
  }
}
