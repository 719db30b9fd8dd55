import { normalQuantile } from '../quantile/normal-quantile.ts';

export interface PowerWanted {
  /** Two-sided level of the test, between 0 and 1: how often it may find an effect that is not there. */
  readonly level: number;
  /** How often the test is to find an effect that is there, above level / 2 and below 1. */
  readonly power: number;
}

/**
 * The smallest effect that a two-sample test of means finds with the power wanted, in standard deviations of
 * the feature; for a share it is Cohen's h, the difference of 2 arcsin(sqrt(share)).
 *
 * (z_level/2 + z_power) / sqrt(n m / (n + m)), z being normal quantiles. A Mann-Whitney test needs 2 % more
 * than this under normality, and less for heavy tails.
 *
 * Range: above 0; Infinity when a sample is empty.
 *
 * Reference: Cohen, Statistical Power Analysis for the Behavioral Sciences (1988), sections 2.4 and 6.4.
 *
 * @throws RangeError when a size is negative, or level and power are out of range.
 *
 * @example
 * detectableEffect(1000, 5000, { level: 0.05, power: 0.8 }); // 0.097 standard deviations
 */
export function detectableEffect(n: number, m: number, wanted: PowerWanted): number {
  if (!(n >= 0 && m >= 0)) throw new RangeError(`${n} and ${m} are not two sample sizes`);
  const quantiles = sumOfQuantiles(wanted);
  if (n === 0 || m === 0) return Number.POSITIVE_INFINITY;
  return quantiles * Math.sqrt(1 / n + 1 / m);
}

/**
 * How many values a sample needs beside a reference of m so that `detectableEffect` is at most `effect`.
 * Undefined when no number is enough, as the reference itself is too small for that.
 *
 * @param effect in standard deviations (or Cohen's h), above 0
 * @throws RangeError when the effect is not above 0, m is negative, or level and power are out of range.
 *
 * @example
 * requiredSize(0.1, 5000, { level: 0.05, power: 0.8 }); // 932
 */
export function requiredSize(effect: number, m: number, wanted: PowerWanted): number | undefined {
  if (!(effect > 0 && m >= 0)) throw new RangeError(`no size finds ${effect} beside a reference of ${m}`);
  const effective = (sumOfQuantiles(wanted) / effect) ** 2;
  if (effective >= m) return undefined;
  return Math.ceil(effective / (1 - effective / m));
}

function sumOfQuantiles({ level, power }: PowerWanted): number {
  if (!(level > 0 && level < 1 && power < 1 && power > level / 2)) {
    throw new RangeError(`no test has level ${level} and power ${power}`);
  }
  return normalQuantile(power) - normalQuantile(level / 2);
}
