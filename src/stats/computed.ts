/**
 * A computed quantity, or the reason why the data does not define one. Statistics are total functions:
 * samples that are empty, constant or too large for a double give a reason, and NaN or Infinity never leaves
 * this folder.
 */
export type Computed<T = number> =
  | { readonly defined: true; readonly value: T }
  | { readonly defined: false; readonly reason: string };

export function defined<T>(value: T): Computed<T> {
  return { defined: true, value };
}

/** The reason is a clause without a full stop, such as "the reference has no values". */
export function undefinedBecause(reason: string): Computed<never> {
  return { defined: false, reason };
}

/** For sums and products that may leave the range of a double although their inputs did not. */
export function definedIfFinite(value: number): Computed {
  return Number.isFinite(value) ? defined(value) : undefinedBecause('the result is too large for a double');
}
