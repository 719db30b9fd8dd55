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
import { addCategory, type CountedCategorical } from './categorical-profile.ts';
import type { ColumnCounts } from './column-tables.ts';
import type { CountedRow } from './counted-row.ts';
import type { EventColumns } from './event-columns.ts';
import { PREDICTION_FEATURE } from './feature-spec.ts';
import { INVALID, MISSING } from './no-value.ts';
import { NOT_IN_MESSAGE, RawPlan } from './raw-plan.ts';
import type { TextColumns } from './text-columns.ts';

export type Admit = (category: string) => boolean;

/** What `take` of `wasm/columns.ts` leaves to be done is a word each: what is left in its lowest two bits, the column above. */
const MISSING_NUMBER = 0;
const INVALID_NUMBER = 1;
const WHAT_IS_LEFT = 3;
const COLUMN_SHIFT = 2;

/**
 * Counts features where they lie in a message. It gives the profiles that `recorderFor` gives for the values that
 * JSON.parse makes of them; a test holds the two together.
 */
export class RawRecorder {
  readonly #columns: EventColumns;
  /** By column of numbers: the feature that it takes from messages; undefined for those that it does not. */
  readonly #names: ReadonlyArray<string | undefined>;
  /** The same numeric features as far as they are profiled, and the categorical ones in the order of their columns. */
  readonly #numeric: readonly ColumnFeature[];
  readonly #categorical: readonly CategoricalFeature[];
  readonly #numberPositions: Int32Array;
  readonly #textPositions: Int32Array;
  #plan: RawPlan | undefined;
  #layout: object | undefined;
  #revision = -1;

  constructor(columns: EventColumns, { names, numeric, categorical }: RawShape) {
    this.#columns = columns;
    this.#names = names;
    this.#numeric = numeric;
    this.#categorical = categorical;
    this.#numberPositions = new Int32Array(names.length);
    this.#textPositions = new Int32Array(categorical.length);
  }

  /** Prepares for an event. To be called before its row is begun. */
  bind(raw: RawFeatures): void {
    const tables = this.#columns.tablesIn(raw.memory);
    if (this.#plan?.tables !== tables) this.#plan = new RawPlan(raw, tables);
    else if (this.#layout === raw.layout && this.#revision === raw.revision) return;
    const positionOf = (name: string): number =>
      name === PREDICTION_FEATURE ? raw.predictionPosition : raw.position(name);
    this.#numberPositions.set(
      this.#names.map((name) => (name === undefined ? NOT_IN_MESSAGE : positionOf(name))),
    );
    this.#textPositions.set(this.#categorical.map(({ name }) => positionOf(name)));
    this.#plan.fill(this.#numberPositions, this.#textPositions);
    this.#layout = raw.layout;
    this.#revision = raw.revision;
  }

  /**
   * Counts the event that it was bound to, in the row at hand.
   *
   * @param row is filled with what the event brings, where it is given.
   */
  record(raw: RawFeatures, counts: ColumnCounts, admits: readonly Admit[], row?: CountedRow): void {
    const plan = this.#plan as RawPlan;
    const { exports, texts } = plan.tables;
    const left = exports.take(plan.address, this.#columns.row, raw.stamp);
    if (row !== undefined) this.#fill(row, raw, texts);
    for (let i = 0; i < left; i += 1) {
      const word = raw.memory.words[(plan.room >> 2) + i] as number;
      const column = word >> COLUMN_SHIFT;
      const what = word & WHAT_IS_LEFT;
      // Columns that are not counted have no profile.
      const profile = counts.numeric[column];
      if (what === MISSING_NUMBER) {
        if (profile !== undefined) profile.missing += 1;
      } else if (what === INVALID_NUMBER) {
        if (profile !== undefined) profile.invalid += 1;
      } else this.#recordText(column, raw, counts, admits, row);
    }
  }

  #recordText(
    column: number,
    raw: RawFeatures,
    { categorical }: ColumnCounts,
    admits: readonly Admit[],
    row: CountedRow | undefined,
  ): void {
    const known = this.#categorical[column] as CategoricalFeature;
    const category = categoryAt(raw, this.#textPositions[column] as number, known.acceptsNumbers);
    const { feature, positions } = known;
    const profile = categorical[column] as CountedCategorical;
    const cell = recordCategory(category, positions, profile, admits[feature] as Admit);
    row?.take(feature, cell, category);
  }

  #fill(row: CountedRow, raw: RawFeatures, texts: TextColumns): void {
    for (const { feature, column } of this.#numeric) {
      const position = this.#numberPositions[column] as number;
      const kind = rawKind(raw, position);
      if (kind === RAW_NUMBER) row.takeNumber(feature, raw.numbers[position]);
      else row.cells[feature] = kind === 0 || kind === RAW_NULL ? MISSING : INVALID;
    }
    // Texts that are not known are taken when they are recorded.
    const found = texts.found >> 2;
    for (let i = 0; i < this.#categorical.length; i += 1)
      row.cells[(this.#categorical[i] as CategoricalFeature).feature] = raw.memory.words[found + i] as number;
  }
}

export interface ColumnFeature {
  /** Its position among all features. */
  readonly feature: number;
  readonly column: number;
}

export interface CategoricalFeature {
  readonly name: string;
  readonly feature: number;
  readonly positions: ReadonlyMap<string, number>;
  /** Whether numbers are categories too. */
  readonly acceptsNumbers: boolean;
}

/** What messages have for which columns. */
export interface RawShape {
  /** By column of numbers: the name of the feature; undefined where the number does not lie in the message. */
  readonly names: ReadonlyArray<string | undefined>;
  /** Those that are profiled. */
  readonly numeric: readonly ColumnFeature[];
  /** In the order of the columns of texts. */
  readonly categorical: readonly CategoricalFeature[];
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
  positions: ReadonlyMap<string, number>,
  profile: CountedCategorical,
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
