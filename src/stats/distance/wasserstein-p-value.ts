import { cellTotals } from '../cell-totals.ts';
import { type Computed, defined } from '../computed.ts';
import { binomialDraw } from '../sampling/binomial-draw.ts';
import { mergeCells } from './merge-cells.ts';
import { type CellSamples, type TailSums, wassersteinFromCells } from './wasserstein.ts';

const GROUPS = 64;
/** Sequential stopping: this many draws as large as the observed distance settle that it is nothing special. */
const ENOUGH_EXCEEDANCES = 10;

/**
 * Bootstrap p-value of the Wasserstein distance: how often two samples of these sizes from one distribution,
 * the two samples put together, lie at least this far apart.
 *
 * Both samples are drawn anew, cell counts by conditional binomials, and the distance is taken again; on
 * about 64 cells merged for it, and so is the observed one. Beyond the outer edges only sums are known: each
 * value drawn there lies as far out as the values of both samples do on average. The spread of those
 * distances is thereby left out. That matters only where a large part of the distance comes from several values
 * out there: with heavy tails and a reference of 200 beside a sample of 5 000, about twice as many p-values
 * are below 0.05 as should be; with a reference no smaller than the sample the level holds.
 *
 * The draws stop as soon as ten of them reach the observed distance: the p-value is then 10 / draws made.
 * Otherwise it is (reached + 1) / (draws + 1).
 *
 * Range: 1 / (draws + 1) to 1; the same seed gives the same value. Undefined where the distance is.
 *
 * Reference: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 16; Besag and Clifford,
 * Sequential Monte Carlo p-values, Biometrika 78 (1991).
 *
 * @param random draws from [0, 1)
 * @param draws at most this many, at least 1
 */
export function wassersteinPValue(samples: CellSamples, random: () => number, draws = 199): Computed {
  const merged = mergeCells(samples, GROUPS);
  const observed = wassersteinFromCells(merged);
  if (!observed.defined) return observed;
  const totals = cellTotals(merged.reference, merged.current);
  if (!totals.defined) return totals;
  // Equal distances differ by rounding.
  const limit = observed.value * (1 - 1e-9);
  const draw = pooledSampler(merged, random);
  let reached = 0;
  for (let made = 1; made <= draws; made += 1) {
    const reference = draw(totals.value.reference);
    const current = draw(totals.value.current);
    const distance = wassersteinFromCells({
      edges: merged.edges,
      reference: reference.counts,
      current: current.counts,
      referenceTails: reference.tails,
      currentTails: current.tails,
    });
    if (!distance.defined) return distance;
    if (distance.value >= limit) reached += 1;
    if (reached === ENOUGH_EXCEEDANCES) return defined(reached / made);
  }
  return defined((reached + 1) / (draws + 1));
}

interface Drawn {
  readonly counts: Float64Array;
  readonly tails: TailSums;
}

/** Draws samples of a given size from both samples put together. */
function pooledSampler(samples: CellSamples, random: () => number): (size: number) => Drawn {
  const { reference, current, referenceTails, currentTails } = samples;
  const pooled = Float64Array.from(reference, (count, i) => count + (current[i] as number));
  const last = pooled.length - 1;
  const meanLow = perValue(referenceTails.low + currentTails.low, pooled[0] as number);
  const meanHigh = perValue(referenceTails.high + currentTails.high, pooled[last] as number);
  // Chance of each cell, given that none of the earlier ones was hit.
  const chances = new Float64Array(pooled.length);
  let rest = 0;
  for (let i = last; i >= 0; i -= 1) {
    rest += pooled[i] as number;
    chances[i] = rest > 0 ? (pooled[i] as number) / rest : 0;
  }
  return (size) => {
    const counts = new Float64Array(pooled.length);
    let left = size;
    for (let i = 0; i <= last && left > 0; i += 1) {
      const count = binomialDraw(left, chances[i] as number, random);
      counts[i] = count;
      left -= count;
    }
    const tails = { low: (counts[0] as number) * meanLow, high: (counts[last] as number) * meanHigh };
    return { counts, tails };
  };
}

function perValue(sum: number, count: number): number {
  return count > 0 ? sum / count : 0;
}
