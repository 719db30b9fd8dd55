import gammainc from '@stdlib/math-base-special-gammainc';
import { chiSquareSurvival } from './chi-square-survival.ts';
import { normalSurvival } from './normal-survival.ts';

/** Shapes from here on go by the normal approximation, which is then right to six digits. */
const LARGE_SHAPE = 10_000;

/**
 * Survival function of the Pearson type III distribution with mean 0 and standard deviation 1: the
 * probability of a value above z for a gamma variable that is shifted and scaled to these moments, and
 * mirrored where the skewness is negative.
 *
 * It is the usual approximation of a permutation distribution of which three moments are known. With
 * skewness s the shape is 4 / s^2, and the support ends at -2 / s; at skewness 0 this is the normal
 * distribution. For a skewness below 0.02 the incomplete gamma function is replaced by Barndorff-Nielsen's
 * r*: a normal tail at the signed root of the log-likelihood ratio, corrected to third order.
 *
 * Range: 0 to 1. Exactly 1 or 0 beyond the end of the support.
 *
 * Reference: Mielke and Berry, Permutation Methods (2007), section 2.3; NIST Digital Library of Mathematical
 * Functions, section 8.2; Barndorff-Nielsen, Biometrika 73 (1986).
 *
 * @throws RangeError when z is not a number or the skewness is not finite.
 *
 * @example
 * pearsonThreeSurvival(3, 0); // 0.00135
 * pearsonThreeSurvival(3, 1); // 0.01034
 */
export function pearsonThreeSurvival(z: number, skewness: number): number {
  if (Number.isNaN(z) || !Number.isFinite(skewness)) {
    throw new RangeError(`no Pearson type III distribution has skewness ${skewness} and a value at ${z}`);
  }
  if (z === Number.POSITIVE_INFINITY) return 0;
  if (z === Number.NEGATIVE_INFINITY) return 1;
  // Distance from the end of the support, in units of the shape: 1 at the mean.
  const excess = (z * skewness) / 2;
  if (excess <= -1) return skewness > 0 ? 1 : 0;
  const shape = 4 / (skewness * skewness);
  if (shape > LARGE_SHAPE) return normalSurvival(modifiedRoot(z, skewness));
  const x = shape * (1 + excess);
  return skewness > 0 ? upperGamma(x, shape) : lowerGamma(x, shape);
}

/** Barndorff-Nielsen's r* of a standardised gamma variable. For this family the two terms are closed forms. */
function modifiedRoot(z: number, skewness: number): number {
  const excess = (z * skewness) / 2;
  if (Math.abs(excess) < 1e-4) {
    // The Taylor series of the expression below, which is 0 / 0 here.
    return z * (1 - excess / 3 + (7 * excess * excess) / 36) + (skewness / 2) * (1 / 3 - excess / 36);
  }
  const root = (Math.sign(z) * Math.sqrt(8 * (excess - Math.log1p(excess)))) / Math.abs(skewness);
  return root + Math.log(z / root) / root;
}

function upperGamma(x: number, shape: number): number {
  return chiSquareSurvival(2 * x, 2 * shape);
}

function lowerGamma(x: number, shape: number): number {
  // Where gammainc is off (see chiSquareSurvival) the probability is large enough for the complement.
  if (x > 1000 && shape < x + 50) return 1 - upperGamma(x, shape);
  return gammainc(x, shape, true, false);
}
