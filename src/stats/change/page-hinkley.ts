import { assertObservation, type ChangeStep } from './change-step.ts';

export interface PageHinkleyOptions {
  /** Values before a change can be told. */
  readonly minInstances: number;
  /** Deviations from the mean that are below this, in the unit of the values, are none. */
  readonly delta: number;
  /** The summed deviation beyond which the mean has changed (lambda), in the same unit. */
  readonly threshold: number;
  /** What is left of the sum with each value; 1 forgets nothing. */
  readonly alpha: number;
}

/** The defaults of river, of scikit-multiflow and of MOA. */
export const PAGE_HINKLEY_DEFAULTS: PageHinkleyOptions = {
  minInstances: 30,
  delta: 0.005,
  threshold: 50,
  alpha: 0.9999,
};

export interface PageHinkleyState {
  readonly n: number;
  readonly mean: number;
  /** How far values were above the mean, summed; 0 where they were not. */
  readonly sum: number;
}

export const PAGE_HINKLEY_START: PageHinkleyState = { n: 0, mean: 0, sum: 0 };

/**
 * The test of Page and Hinkley for a rise of the mean, one value at a time. Deviations from the running mean, less `delta`,
 * are summed from the last point on at which the sum was not positive; the mean has risen once the sum exceeds `threshold`.
 * Then the test starts anew.
 *
 * One-sided: where values are errors, a fall is good news. (Later versions of river look both ways unless told otherwise.)
 *
 * Reference: Page, Continuous inspection schemes, Biometrika 41 (1954); Mouss et al., Test of Page-Hinckley, an approach for
 * fault detection in an agro-alimentary production system (2004); river's `PageHinkley`.
 *
 * @throws RangeError when x is no finite number.
 *
 * @example
 * let { state, signal } = pageHinkley(PAGE_HINKLEY_START, 0.2);
 * ({ state, signal } = pageHinkley(state, 0.3)); // signal: 'none'
 */
export function pageHinkley(
  state: PageHinkleyState,
  x: number,
  options: PageHinkleyOptions = PAGE_HINKLEY_DEFAULTS,
): ChangeStep<PageHinkleyState> {
  assertObservation(x);
  const { minInstances, delta, threshold, alpha } = options;
  const n = state.n + 1;
  const mean = state.mean + (x - state.mean) / n;
  const sum = Math.max(0, alpha * state.sum + (x - mean - delta));
  if (n >= minInstances && sum > threshold) return { state: PAGE_HINKLEY_START, signal: 'increase' };
  return { state: { n, mean, sum }, signal: 'none' };
}
