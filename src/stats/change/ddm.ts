import type { ChangeStep } from './change-step.ts';

export interface DdmOptions {
  /** Values that are only learned from. */
  readonly warmStart: number;
  /** Standard deviations above the least error rate at which the detector warns. */
  readonly warningThreshold: number;
  /** Standard deviations above it at which the error rate has changed. */
  readonly driftThreshold: number;
}

/** As Gama et al. propose, and river has them. */
export const DDM_DEFAULTS: DdmOptions = { warmStart: 30, warningThreshold: 2, driftThreshold: 3 };

export interface DdmState {
  readonly n: number;
  /** The error rate. */
  readonly rate: number;
  /** Rate and standard deviation where their sum was least; 0 of both before anything was learned. */
  readonly least: { readonly rate: number; readonly deviation: number } | null;
}

export const DDM_START: DdmState = { n: 0, rate: 0, least: null };

/**
 * The drift detection method: the error rate of a model in a world that stays as it is falls or stays, so that a rate that is
 * significantly above the least one so far means that the world has changed. Starts anew after a change.
 *
 * It wants errors as 0 and 1, and sees a rise only. Of a rate that has been 0 so far it has no spread, and the first error
 * after `warmStart` is a change.
 *
 * Reference: Gama, Medas, Castillo and Rodrigues, Learning with drift detection, SBIA (2004); river's `binary.DDM`.
 *
 * @param x 1 for an error, 0 for none.
 * @throws RangeError when x is neither.
 *
 * @example
 * ddm(DDM_START, 1); // { state: { n: 1, rate: 1, least: null }, signal: 'none' }
 */
export function ddm(state: DdmState, x: number, options: DdmOptions = DDM_DEFAULTS): ChangeStep<DdmState> {
  if (x !== 0 && x !== 1) throw new RangeError(`${x} is neither an error (1) nor none (0)`);
  const n = state.n + 1;
  const rate = state.rate + (x - state.rate) / n;
  if (n <= options.warmStart) return { state: { n, rate, least: null }, signal: 'none' };
  // Rounding may carry a rate of nothing but errors past 1.
  const deviation = Math.sqrt(Math.max(0, rate * (1 - rate)) / n);
  const level = rate + deviation;
  const before = state.least;
  const least = before === null || level <= before.rate + before.deviation ? { rate, deviation } : before;
  if (level > least.rate + options.driftThreshold * least.deviation) {
    return { state: DDM_START, signal: 'increase' };
  }
  const warns = level > least.rate + options.warningThreshold * least.deviation;
  return { state: { n, rate, least }, signal: warns ? 'warning' : 'none' };
}
