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
import type { CountedRow } from './counted-row.ts';
import { type FeatureProfile, type FeatureSpec, PREDICTION_FEATURE } from './feature-spec.ts';
import { INVALID, MISSING } from './no-value.ts';
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

  /** @param row is filled with what the event brings, where it is given. */
  record(
    raw: RawFeatures,
    profiles: readonly FeatureProfile[],
    admits: readonly Admit[],
    row?: CountedRow,
  ): void {
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
        if (row !== undefined) row.cells[feature] = number;
      } else {
        const position = this.#positions[feature] as number;
        const category = categoryAt(raw, position, categories.acceptsNumbers);
        const cell = recordCategory(category, categories, profile, admits[feature] as Admit);
        row?.take(feature, cell, category);
      }
    }
    if (row !== undefined) this.#takeNumbers(raw, row);
  }

  #takeNumbers(raw: RawFeatures, row: CountedRow): void {
    for (const feature of this.#numeric) {
      const position = this.#positions[feature] as number;
      const kind = rawKind(raw, position);
      if (kind === RAW_NUMBER) row.takeNumber(feature, raw.numbers[position]);
      else row.cells[feature] = kind === 0 || kind === RAW_NULL ? MISSING : INVALID;
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

/** The category that lies at a position: null when missing, undefined when the value is of the wrong type. */
function categoryAt(raw: RawFeatures, position: number, acceptsNumbers: boolean): string | null | undefined {
  const kind = rawKind(raw, position);
  switch (kind) {
    case RAW_STRING:
    case RAW_ESCAPED:
      return raw.valueAt(position) as string;
    case RAW_TRUE:
    case RAW_FALSE:
      return kind === RAW_TRUE ? 'true' : 'false';
    case RAW_NUMBER: {
      const value = raw.numbers[position] as number;
      return acceptsNumbers && Number.isFinite(value) ? String(value) : undefined;
    }
    case 0:
    case RAW_NULL:
      return null;
    default:
      return undefined;
  }
}

/** @returns what `addCategory` returns, or `MISSING` or `INVALID`. */
function recordCategory(
  category: string | null | undefined,
  { positions }: Categories,
  profile: CategoricalProfile,
  admit: Admit,
): number {
  if (typeof category === 'string') return addCategory(profile, positions, category, admit);
  if (category === null) {
    profile.missing += 1;
    return MISSING;
  }
  profile.invalid += 1;
  return INVALID;
}
