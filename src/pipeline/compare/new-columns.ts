import type { ColumnVector } from '../../ingest/files/column-batch.ts';
import { emptyCategoricalProfile } from '../../profile/categorical-profile.ts';
import type { FeatureProfile } from '../../profile/feature-spec.ts';

/** Columns of the current table alone that are told of. */
const MAX_COLUMNS = 1_000;

interface Values {
  numbers: number;
  others: number;
}

/** The columns that the reference does not have: how often each has a value, and of which kind most are. */
export class NewColumns {
  readonly #columns = new Map<string, Values>();

  get names(): readonly string[] {
    return [...this.#columns.keys()];
  }

  add(name: string, vector: ColumnVector, rows: number): void {
    const known = this.#columns.get(name) ?? { numbers: 0, others: 0 };
    if (!this.#columns.has(name)) {
      if (this.#columns.size >= MAX_COLUMNS) return;
      this.#columns.set(name, known);
    }
    switch (vector.type) {
      case 'numbers':
        known.numbers += rows - vector.missing - vector.invalid;
        known.others += vector.invalid;
        return;
      case 'codes':
        for (let row = 0; row < rows; row += 1) if ((vector.codes[row] as number) >= 0) known.others += 1;
        return;
      case 'values':
        for (let row = 0; row < rows; row += 1) {
          const value = vector.values[row];
          if (typeof value === 'number') known.numbers += 1;
          else if (value !== null) known.others += 1;
        }
    }
  }

  kindOf(name: string): 'numeric' | 'categorical' {
    const { numbers, others } = this.#valuesOf(name);
    return numbers > others ? 'numeric' : 'categorical';
  }

  /** Under a spec without categories: all of its values are new. */
  profileOf(name: string, rows: number): FeatureProfile {
    const { numbers, others } = this.#valuesOf(name);
    const profile = emptyCategoricalProfile(new Float64Array(0));
    profile.n = numbers + others;
    profile.other = profile.n;
    profile.missing = rows - profile.n;
    return profile;
  }

  #valuesOf(name: string): Values {
    return this.#columns.get(name) ?? { numbers: 0, others: 0 };
  }
}
