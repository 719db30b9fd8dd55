import type { ErrorCounts } from '../stats/score/median-absolute-error.ts';
import { SortedCounts } from './sorted-counts.ts';

/** Up to this many distinct errors every one is kept as it is; past that, so many cut ones. */
const DISTINCT_ERRORS = 262_144;

/** Bits of a double's fraction. */
const FRACTION_BITS = 52;
/** Of these, the bits that share their word with sign and exponent. */
const HIGH_BITS = 20;

/**
 * Counts absolute errors in memory that does not grow with their number: exactly up to 262 144 distinct ones. Past that
 * each is cut to as many significant binary digits as keep the distinct ones within that bound, 13 or more in
 * practice: then a quantile is too small by less than 2^-12 of itself.
 *
 * Cutting twice gives what cutting further once gives, so the result does not depend on the order of the errors.
 */
export class ErrorTally {
  readonly #limit: number;
  readonly #word = new DataView(new ArrayBuffer(8));
  readonly #errors = new SortedCounts();
  #bits = FRACTION_BITS;

  /** @param limit at least the number of exponents of a double, 2 048 */
  constructor(limit: number = DISTINCT_ERRORS) {
    this.#limit = limit;
  }

  /** @param error 0 or more, infinity included */
  add(error: number): void {
    if (this.#errors.add(this.#cut(error))) this.#coarsen();
  }

  /** Significant binary digits that are kept of each error; undefined when all are. */
  get digits(): number | undefined {
    this.#coarsen();
    return this.#bits === FRACTION_BITS ? undefined : this.#bits + 1;
  }

  counts(): ErrorCounts {
    this.#coarsen();
    return { errors: this.#errors.values, counts: this.#errors.counts };
  }

  #coarsen(): void {
    while (this.#errors.values.length > this.#limit) {
      this.#bits = Math.min(HIGH_BITS, this.#bits - 1);
      this.#errors.replace((error) => this.#cut(error));
    }
  }

  #cut(error: number): number {
    if (this.#bits === FRACTION_BITS) return error;
    const word = this.#word;
    word.setFloat64(0, error);
    word.setUint32(0, (word.getUint32(0) >>> (HIGH_BITS - this.#bits)) << (HIGH_BITS - this.#bits));
    word.setUint32(4, 0);
    return word.getFloat64(0);
  }
}
