import { KnownTexts } from '../event/known-texts.ts';
import {
  RAW_ESCAPED,
  RAW_FALSE,
  RAW_NULL,
  RAW_NUMBER,
  RAW_STRING,
  RAW_TRUE,
  type RawFeatures,
} from '../event/raw-features.ts';
import { addCategory, type CategoricalProfile } from './categorical-profile.ts';
import { type FeatureProfile, type FeatureSpec, PREDICTION_FEATURE } from './feature-spec.ts';
import { COLUMN_ROOM, type NumberColumns } from './number-columns.ts';

export type Admit = (category: string) => boolean;

/**
 * Counts features where they lie in a message. It gives the profiles that `recorderFor` gives for the values that
 * JSON.parse makes of them; a test holds the two together.
 */
export class RawRecorder {
  /** Number of its features; they are the first ones of the lists that `record` takes. */
  readonly size: number;
  readonly #names: readonly string[];
  readonly #columns: NumberColumns;
  readonly #columnOf: Int32Array;
  readonly #categories: ReadonlyArray<Categories | undefined>;
  readonly #positions: Int32Array;
  #layout: object | undefined;
  #revision = -1;

  /** @param columnOf the column of each feature that is numeric, -1 for the others. */
  constructor(
    features: ReadonlyArray<{ readonly name: string; readonly spec: FeatureSpec }>,
    columns: NumberColumns,
    columnOf: Int32Array,
  ) {
    this.size = features.length;
    this.#names = features.map(({ name }) => name);
    this.#columns = columns;
    this.#columnOf = columnOf;
    this.#categories = features.map(({ spec }) =>
      spec.kind === 'categorical' ? categoriesOf(spec.categories, spec.acceptsNumbers) : undefined,
    );
    this.#positions = new Int32Array(features.length);
  }

  record(raw: RawFeatures, profiles: readonly FeatureProfile[], admits: readonly Admit[]): void {
    if (this.#layout !== raw.layout || this.#revision !== raw.revision) this.#bind(raw);
    const { numbers, stamps, stamp, kinds } = raw;
    const positions = this.#positions;
    const columnOf = this.#columnOf;
    const { values, waiting } = this.#columns;
    for (let i = 0; i < positions.length; i += 1) {
      const position = positions[i] as number;
      const kind = position >= 0 && stamps[position] === stamp ? (kinds[position] as number) : 0;
      const column = columnOf[i] as number;
      if (column < 0) {
        const profile = profiles[i] as CategoricalProfile;
        recordCategory(raw, position, kind, this.#categories[i] as Categories, profile, admits[i] as Admit);
      } else if (kind === RAW_NUMBER) {
        const value = numbers[position] as number;
        if (Number.isFinite(value)) {
          const count = waiting[column] as number;
          values[column * COLUMN_ROOM + count] = value;
          waiting[column] = count + 1;
        } else (profiles[i] as FeatureProfile).invalid += 1;
      } else if (kind === 0 || kind === RAW_NULL) {
        (profiles[i] as FeatureProfile).missing += 1;
      } else {
        (profiles[i] as FeatureProfile).invalid += 1;
      }
    }
  }

  #bind(raw: RawFeatures): void {
    this.#layout = raw.layout;
    this.#revision = raw.revision;
    this.#names.forEach((name, i) => {
      this.#positions[i] = name === PREDICTION_FEATURE ? raw.predictionPosition : raw.position(name);
    });
  }
}

interface Categories {
  readonly known: KnownTexts;
  readonly positions: ReadonlyMap<string, number>;
  /** Whether numbers are categories too. */
  readonly acceptsNumbers: boolean;
}

function categoriesOf(categories: readonly string[], acceptsNumbers: boolean): Categories {
  const known = new KnownTexts();
  const positions = new Map(categories.map((category) => [category, known.add(category)]));
  return { known, positions, acceptsNumbers };
}

function recordCategory(
  raw: RawFeatures,
  position: number,
  kind: number,
  { known, positions, acceptsNumbers }: Categories,
  profile: CategoricalProfile,
  admit: Admit,
): void {
  let category: string;
  switch (kind) {
    case RAW_STRING: {
      const found = known.find(raw, position);
      if (found >= 0) {
        profile.n += 1;
        profile.cells[found]! += 1;
        return;
      }
      category = raw.valueAt(position) as string;
      break;
    }
    case RAW_ESCAPED:
      category = raw.valueAt(position) as string;
      break;
    case RAW_TRUE:
    case RAW_FALSE:
      category = kind === RAW_TRUE ? 'true' : 'false';
      break;
    case RAW_NUMBER: {
      const value = raw.numbers[position] as number;
      if (!acceptsNumbers || !Number.isFinite(value)) {
        profile.invalid += 1;
        return;
      }
      category = String(value);
      break;
    }
    case 0:
    case RAW_NULL:
      profile.missing += 1;
      return;
    default:
      profile.invalid += 1;
      return;
  }
  addCategory(profile, positions, category, admit);
}
