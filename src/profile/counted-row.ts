import { categoryOf } from './categorical-profile.ts';
import { CellLookup } from './cell-lookup.ts';
import type { FeatureSpec } from './feature-spec.ts';
import { INVALID, MISSING } from './no-value.ts';

/** What an event brings of each feature, as its recorder sees it. */
export class CountedRow {
  /** By feature, what its recorder returns: a cell, the number of categories for a new one, `MISSING` or `INVALID`. */
  readonly cells: Int32Array;
  /** The values of numeric features. */
  readonly numbers: Float64Array;
  /** New categories. */
  readonly texts: string[];
  readonly #specs: readonly FeatureSpec[];
  readonly #lookups: Array<CellLookup | undefined>;

  constructor(specs: readonly FeatureSpec[]) {
    this.cells = new Int32Array(specs.length);
    this.numbers = new Float64Array(specs.length);
    this.texts = new Array<string>(specs.length).fill('');
    this.#specs = specs;
    this.#lookups = new Array<CellLookup | undefined>(specs.length).fill(undefined);
  }

  /** Takes a value of which the recorder has returned the cell. */
  take(feature: number, cell: number, value: unknown): void {
    this.cells[feature] = cell;
    if (cell < 0) return;
    const spec = this.#specs[feature] as FeatureSpec;
    if (spec.kind === 'numeric') this.numbers[feature] = value as number;
    else if (cell === spec.categories.length)
      this.texts[feature] = categoryOf(value, spec.acceptsNumbers) as string;
  }

  /** Takes a value of a numeric feature. */
  takeNumber(feature: number, value: unknown): void {
    if (typeof value === 'number' && Number.isFinite(value)) {
      this.cells[feature] = (this.#lookups[feature] ?? this.#lookup(feature)).find(value);
      this.numbers[feature] = value;
    } else this.cells[feature] = value === null || value === undefined ? MISSING : INVALID;
  }

  #lookup(feature: number): CellLookup {
    const spec = this.#specs[feature];
    if (spec?.kind !== 'numeric') throw new TypeError('a category has no place on a grid');
    const lookup = new CellLookup(spec.grid.edges);
    this.#lookups[feature] = lookup;
    return lookup;
  }
}
