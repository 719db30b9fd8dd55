import { type Random, seededRandom } from '../../base/random.ts';

/**
 * Parts the rows of a reference in two halves: what derived features are computed by is fitted on one of them, and their
 * distribution is counted on the other, since a fit looks better on its own rows than on any others.
 *
 * A coin that is tossed for the same rows in the same order always falls alike.
 */
export class HeldOutCoin {
  readonly #random: Random = seededRandom(2);

  /** Asked once for every row of the reference, in order: whether derived features are counted on it. */
  isHeldOut(): boolean {
    return this.#random() < 0.5;
  }
}
