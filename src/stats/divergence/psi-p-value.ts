import { chiSquareSurvival } from '../hypothesis/chi-square-survival.ts';

/**
 * Asymptotic p-value of a population stability index: how often two samples of these sizes from one
 * distribution have a psi at least this large.
 *
 * Divided by 1/n + 1/m, psi is nearly a chi-square variable with B-1 degrees of freedom, for cells that each
 * hold at least some five values of either sample. With sparser cells it is not to be relied upon.
 *
 * Range: 0 to 1; 1 for a single cell.
 *
 * Reference: Yurdakul and Naranjo, Statistical properties of the population stability index, Journal of Risk
 * Model Validation 14 (2020).
 *
 * @param psi a value that `psi` gave
 * @param cells number of cells B behind it, at least 1
 * @param n size of one sample, above 0
 * @param m size of the other, above 0
 * @throws RangeError for arguments outside these ranges: a psi that exists has none of them.
 *
 * @example
 * psiPValue(0.05, 10, 1000, 500); // 0.0541...
 */
export function psiPValue(psi: number, cells: number, n: number, m: number): number {
  if (!(Number.isFinite(psi) && cells >= 1 && n > 0 && m > 0)) {
    throw new RangeError(
      `psiPValue needs a psi, cells >= 1 and two sizes > 0, not (${psi}, ${cells}, ${n}, ${m})`,
    );
  }
  if (cells === 1) return 1;
  // Rounding may leave psi a hair below zero.
  return chiSquareSurvival(Math.max(0, psi) / (1 / n + 1 / m), cells - 1);
}
