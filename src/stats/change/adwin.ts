import { assertObservation, type ChangeSignal, type ChangeStep } from './change-step.ts';

export interface AdwinOptions {
  /** The confidence: about how often a cut of a window without change is taken for one. */
  readonly delta: number;
  /** A change is looked for at every so many values. */
  readonly clock: number;
  /** Buckets of one size, beyond which two become one of twice the size. */
  readonly maxBuckets: number;
  /** Values that either part of a cut has at least. */
  readonly minWindowLength: number;
  /** Values before a change is looked for. */
  readonly gracePeriod: number;
}

/** Those of river; delta as Bifet and Gavaldà have it in MOA. */
export const ADWIN_DEFAULTS: AdwinOptions = {
  delta: 0.002,
  clock: 32,
  maxBuckets: 5,
  minWindowLength: 5,
  gracePeriod: 10,
};

/** Buckets of 2^i values each, the oldest first: sums of values, and of squared distances from the mean of the bucket. */
interface Row {
  readonly totals: readonly number[];
  readonly variances: readonly number[];
}

/** A window over the newest values, as a histogram of exponentially growing buckets: a few hundred numbers at most. */
export interface AdwinState {
  /** Values since the beginning. */
  readonly ticks: number;
  readonly width: number;
  readonly total: number;
  readonly variance: number;
  /** `rows[i]` has buckets of 2^i values. */
  readonly rows: readonly Row[];
}

const NO_BUCKETS: Row = { totals: [], variances: [] };

export const ADWIN_START: AdwinState = { ticks: 0, width: 0, total: 0, variance: 0, rows: [NO_BUCKETS] };

/**
 * Adaptive windowing: keeps a window as long as the mean within it does not change, and tells when it does. At every `clock`
 * values all cuts between two buckets are tried; where the means on both sides differ by more than chance allows (a bound
 * of Bernstein's kind), the oldest buckets are dropped until none do. Starts anew after a change, as river does.
 *
 * The bound is for values between 0 and 1; for others it is a rougher one, which is why errors of a regression are divided by
 * their usual size first.
 *
 * Reference: Bifet and Gavaldà, Learning from time-changing data with adaptive windowing, SDM (2007); Babcock et al.,
 * Maintaining variance and k-medians over data stream windows, PODS (2003); river's `ADWIN`, with the last bucket of each row
 * looked at as well (river issues 1539 and 1614).
 *
 * @throws RangeError when x is no finite number.
 *
 * @example
 * adwin(ADWIN_START, 0.5); // { state: { width: 1, total: 0.5, ... }, signal: 'none' }
 */
export function adwin(
  state: AdwinState,
  x: number,
  options: AdwinOptions = ADWIN_DEFAULTS,
): ChangeStep<AdwinState> {
  assertObservation(x);
  const grown = insert(state, x, options.maxBuckets);
  if (grown.ticks % options.clock !== 0 || grown.width <= options.gracePeriod) {
    return { state: grown, signal: 'none' };
  }
  let shrunk = grown;
  while (hasCut(shrunk, options)) shrunk = withoutOldest(shrunk);
  if (shrunk === grown) return { state: grown, signal: 'none' };
  return { state: ADWIN_START, signal: directionOf(grown, shrunk) };
}

function directionOf(before: AdwinState, after: AdwinState): ChangeSignal {
  return after.total / after.width < before.total / before.width ? 'decrease' : 'increase';
}

function insert(state: AdwinState, x: number, maxBuckets: number): AdwinState {
  const { ticks, width, total, variance, rows } = state;
  const spread = width === 0 ? 0 : (width * (x - total / width) ** 2) / (width + 1);
  const [smallest = NO_BUCKETS, ...others] = rows;
  return {
    ticks: ticks + 1,
    width: width + 1,
    total: total + x,
    variance: variance + spread,
    rows: compressed([append(smallest, x, 0), ...others], maxBuckets),
  };
}

/** Makes one bucket of the two oldest of a size that has too many, from the smallest size on. */
function compressed(rows: Row[], maxBuckets: number): readonly Row[] {
  for (let i = 0; ; i += 1) {
    const { totals, variances } = rows[i] ?? NO_BUCKETS;
    if (totals.length <= maxBuckets) return rows;
    const [a = 0, b = 0] = totals;
    const [spreadA = 0, spreadB = 0] = variances;
    const size = 2 ** i;
    const between = (size * (a / size - b / size) ** 2) / 2;
    rows[i] = { totals: totals.slice(2), variances: variances.slice(2) };
    rows[i + 1] = append(rows[i + 1] ?? NO_BUCKETS, a + b, spreadA + spreadB + between);
  }
}

function append({ totals, variances }: Row, total: number, variance: number): Row {
  return { totals: [...totals, total], variances: [...variances, variance] };
}

/** Whether the window falls into an older and a newer part whose means differ. */
function hasCut(state: AdwinState, { delta, minWindowLength }: AdwinOptions): boolean {
  const { width, total, rows } = state;
  const confidence = Math.log((2 * Math.log(width)) / delta);
  const variance = Math.max(0, state.variance / width);
  let older = 0;
  let olderTotal = 0;
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    for (const bucket of rows[i]?.totals ?? []) {
      older += 2 ** i;
      olderTotal += bucket;
      const newer = width - older;
      if (older < minWindowLength || newer < minWindowLength) continue;
      const difference = Math.abs(olderTotal / older - (total - olderTotal) / newer);
      const reciprocal = 1 / (older - minWindowLength + 1) + 1 / (newer - minWindowLength + 1);
      const bound = Math.sqrt(2 * reciprocal * variance * confidence) + (2 / 3) * confidence * reciprocal;
      if (difference > bound) return true;
    }
  }
  return false;
}

function withoutOldest(state: AdwinState): AdwinState {
  const rows = [...state.rows];
  const { totals, variances } = rows.pop() ?? NO_BUCKETS;
  const size = 2 ** rows.length;
  const [total = 0, ...otherTotals] = totals;
  const [spread = 0, ...otherSpreads] = variances;
  const width = state.width - size;
  const rest = state.total - total;
  const between = (size * width * (total / size - rest / width) ** 2) / (size + width);
  rows.push({ totals: otherTotals, variances: otherSpreads });
  while (rows.length > 1 && rows.at(-1)?.totals.length === 0) rows.pop();
  return { ...state, width, total: rest, variance: state.variance - spread - between, rows };
}
