/**
 * Population stability index without the part that sampling noise alone accounts for.
 *
 * Two samples of sizes n and m from one distribution over B cells have an expected psi of about (B-1)(1/n +
 * 1/m): psi is nearly (nm / (n+m))^-1 times a chi-square variable with B-1 degrees of freedom. That much is
 * subtracted and the rest floored at 0, so that one threshold serves small windows as well as large ones.
 *
 * Range: 0 and up, never above psi. With a single cell nothing is subtracted (and psi is 0).
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
 * psiAdjusted(0.12, 10, 1000, 500); // 0.093
 */
export function psiAdjusted(psi: number, cells: number, n: number, m: number): number {
  if (!(Number.isFinite(psi) && cells >= 1 && n > 0 && m > 0)) {
    throw new RangeError(
      `psiAdjusted needs a psi, cells >= 1 and two sizes > 0, not (${psi}, ${cells}, ${n}, ${m})`,
    );
  }
  return Math.max(0, psi - (cells - 1) * (1 / n + 1 / m));
}
