import {
  RAW_ESCAPED,
  RAW_FALSE,
  RAW_NULL,
  RAW_NUMBER,
  RAW_STRING,
  RAW_TRUE,
  type RawFeatures,
  rawKind,
} from '../event/raw-features.ts';
import { addCategory, type CategoricalProfile } from './categorical-profile.ts';
import type { ColumnTables } from './column-tables.ts';
import { type FeatureProfile, type FeatureSpec, PREDICTION_FEATURE } from './feature-spec.ts';
import type { NumberColumns } from './number-columns.ts';
import { RawPlan } from './raw-plan.ts';
import { TextPlan } from './text-plan.ts';

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
  /** Features that are numeric, in the order of their columns, and the others. */
  readonly #numeric: readonly number[];
  readonly #categorical: readonly Categories[];
  readonly #positions: Int32Array;
  #plan: RawPlan | undefined;
  #texts: TextPlan | undefined;
  #layout: object | undefined;
  #revision = -1;

  /** @param columns their first ones are those of the numeric features, in order. */
  constructor(
    features: ReadonlyArray<{ readonly name: string; readonly spec: FeatureSpec }>,
    columns: NumberColumns,
  ) {
    this.size = features.length;
    this.#names = features.map(({ name }) => name);
    this.#columns = columns;
    this.#numeric = features.flatMap(({ spec }, i) => (spec.kind === 'numeric' ? [i] : []));
    this.#categorical = features.flatMap(({ spec }, i) =>
      spec.kind === 'categorical' ? [categoriesOf(i, spec.categories, spec.acceptsNumbers)] : [],
    );
    this.#positions = new Int32Array(features.length);
  }

  record(raw: RawFeatures, profiles: readonly FeatureProfile[], admits: readonly Admit[]): void {
    const tables = this.#columns.tablesIn(raw.memory);
    if (this.#plan?.tables !== tables || this.#layout !== raw.layout || this.#revision !== raw.revision)
      this.#plan = this.#bind(raw, tables);
    const { room } = this.#plan;
    const without = tables.exports.take(this.#plan.address, raw.stamp);
    const { words } = raw.memory;
    for (let i = 0; i < without; i += 1) {
      const word = words[(room >> 2) + i] as number;
      const profile = profiles[this.#numeric[word >> 1] as number] as FeatureProfile;
      if ((word & 1) === 0) profile.missing += 1;
      else profile.invalid += 1;
    }
    const found = this.#texts?.find(raw.stamp) ?? 0;
    for (let i = 0; i < this.#categorical.length; i += 1) {
      const categories = this.#categorical[i] as Categories;
      const { feature } = categories;
      const profile = profiles[feature] as CategoricalProfile;
      const number = words[found + i] as number;
      if (number >= 0) {
        profile.n += 1;
        profile.cells[number]! += 1;
      } else {
        const position = this.#positions[feature] as number;
        recordCategory(raw, position, categories, profile, admits[feature] as Admit);
      }
    }
  }

  #bind(raw: RawFeatures, tables: ColumnTables): RawPlan {
    this.#layout = raw.layout;
    this.#revision = raw.revision;
    this.#names.forEach((name, i) => {
      this.#positions[i] = name === PREDICTION_FEATURE ? raw.predictionPosition : raw.position(name);
    });
    const plan = this.#plan?.tables === tables ? this.#plan : new RawPlan(raw, tables, this.#numeric.length);
    plan.fill(this.#numeric.map((i) => this.#positions[i] as number));
    if (this.#texts?.memory !== raw.memory)
      this.#texts = new TextPlan(
        raw,
        this.#categorical.map(({ positions }) => [...positions.keys()]),
      );
    this.#texts.fill(this.#categorical.map(({ feature }) => this.#positions[feature] as number));
    return plan;
  }
}

interface Categories {
  readonly feature: number;
  readonly positions: ReadonlyMap<string, number>;
  /** Whether numbers are categories too. */
  readonly acceptsNumbers: boolean;
}

function categoriesOf(feature: number, categories: readonly string[], acceptsNumbers: boolean): Categories {
  const positions = new Map(categories.map((category, i) => [category, i]));
  return { feature, positions, acceptsNumbers };
}

function recordCategory(
  raw: RawFeatures,
  position: number,
  { positions, acceptsNumbers }: Categories,
  profile: CategoricalProfile,
  admit: Admit,
): void {
  let category: string;
  const kind = rawKind(raw, position);
  switch (kind) {
    case RAW_STRING:
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
