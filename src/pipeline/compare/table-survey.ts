import type { ColumnBatch, ColumnVector } from '../../ingest/files/column-batch.ts';
import { DerivationSurvey, type DerivedFeatures } from '../../profile/derived/derivation-survey.ts';
import type { FeatureSpec } from '../../profile/feature-spec.ts';
import { isOutputFeature } from '../../profile/feature-spec.ts';
import { type DeclaredKinds, type FeatureKind, FeatureSurvey } from '../../profile/feature-survey.ts';
import { cellOf } from './cell-of.ts';
import { codeCounts } from './code-counts.ts';
import { heldOutRows } from './held-out-rows.ts';
import { featureOf, type NamedColumns } from './named-columns.ts';

/** Columns that are looked at; memory must not grow with what a file calls its columns. */
const MAX_COLUMNS = 20_000;
/** Numbers that are kept while grids are being made: in all columns together, and in one of them. */
const SAMPLED_NUMBERS = 20_000_000;
const SAMPLED_OF_ONE = 100_000;
/** Categories that are kept by name, the most frequent first. */
const CATEGORIES = 1_000;
/** Rows from which on numbers that always rise, under such a name, are taken for identifiers. */
const ENOUGH_ROWS = 100;
const IDENTIFIER =
  /(?:^|[^a-z0-9])(?:id|ids|idx|index|key|no|nr|num|number|row|seq|sequence|pk|offset)$|[a-z]Id$/;
/** Features that are derived from others. */
const DERIVED = 2_000;

/** Why a column of lists or objects is no feature. */
export const NESTED = 'holds lists or objects, which are not compared';

/** What the first reading of the reference tells. */
export interface Surveyed {
  readonly rows: number;
  /** All columns, in the order in which they came. */
  readonly columns: ReadonlySet<string>;
  /** Columns past the limit. */
  readonly leftOut: number;
  /** How to profile each feature. One without any value may hold anything. */
  readonly specs: ReadonlyMap<string, FeatureSpec>;
  /** Features that cannot be compared, and why. */
  readonly incomparable: ReadonlyMap<string, string>;
  /** What else is computed of them, and profiled. */
  readonly derived: DerivedFeatures;
}

interface Column {
  readonly feature: string;
  readonly survey: FeatureSurvey;
  valued: boolean;
  /** True when a value is a list or an object. */
  nested: boolean;
  /** The newest number, while all so far are whole and each is larger than the one before; undefined when not. */
  rising: number | undefined;
}

/** For columns of which the reference says nothing: every value is a new one, whatever its type. */
export const ANYTHING: FeatureSpec = {
  kind: 'categorical',
  categories: [],
  acceptsNumbers: true,
  complete: true,
};

/** First reading of the reference: finds the kinds of the columns, their grids and their categories. */
export class TableSurvey {
  readonly #named: NamedColumns;
  readonly #times: ReadonlySet<string>;
  readonly #declared: DeclaredKinds;
  readonly #columns = new Map<string, Column | undefined>();
  readonly #derivations = new DerivationSurvey();
  readonly #leftOut = new Set<string>();
  #rows = 0;

  /**
   * @param times columns that hold dates or times, which are no features.
   * @param columns of the table, as far as they are known beforehand.
   */
  constructor(named: NamedColumns, times: ReadonlySet<string>, columns: readonly string[] = []) {
    this.#named = named;
    this.#times = times;
    this.#declared = declaredKinds(named);
    for (const column of columns) this.#column(column, columns.length);
  }

  add(batch: ColumnBatch): void {
    this.#rows += batch.rows;
    const features: Array<readonly [string, ColumnVector]> = [];
    for (const [name, vector] of batch.columns) {
      const column = this.#column(name, batch.columns.size);
      if (column === undefined) continue;
      look(column, vector, batch.rows);
      if (!isOutputFeature(column.feature)) features.push([column.feature, vector]);
    }
    const heldOut = heldOutRows(batch);
    let next = 0;
    for (let row = 0; row < batch.rows; row += 1) {
      const isHeldOut = heldOut[next] === row;
      if (isHeldOut) next += 1;
      if (this.#derivations.wantsNext(isHeldOut)) this.#derivations.take(rowOf(features, row));
    }
  }

  #column(name: string, beside: number): Column | undefined {
    if (this.#columns.has(name)) return this.#columns.get(name);
    if (this.#columns.size >= MAX_COLUMNS) {
      if (this.#leftOut.size < MAX_COLUMNS) this.#leftOut.add(name);
      return undefined;
    }
    const feature = this.#times.has(name) ? undefined : featureOf(name, this.#named);
    const shared = Math.floor(SAMPLED_NUMBERS / Math.max(beside, this.#columns.size));
    const capacity = Math.min(SAMPLED_OF_ONE, shared);
    const created =
      feature === undefined
        ? undefined
        : {
            feature,
            survey: new FeatureSurvey(feature, this.#declared, capacity),
            valued: false,
            nested: false,
            rising: mayBeIdentifier(name, this.#named) ? Number.NEGATIVE_INFINITY : undefined,
          };
    this.#columns.set(name, created);
    return created;
  }

  #whyNot({ feature, valued, nested, rising }: Column, spec: FeatureSpec | undefined): string | undefined {
    if (isOutputFeature(feature) || !valued) return undefined;
    if (rising !== undefined && Number.isFinite(rising) && this.#rows >= ENOUGH_ROWS) {
      return 'its numbers rise from row to row, as those of an identifier do';
    }
    if (spec?.kind === 'categorical' && spec.categories.length === 0) {
      if (nested) return NESTED;
      return 'all of its values are rare, as those of an identifier are';
    }
    return undefined;
  }

  finish(): Surveyed {
    const specs = new Map<string, FeatureSpec>();
    const kinds = new Map<string, FeatureKind>();
    const incomparable = new Map<string, string>();
    for (const column of this.#columns.values()) {
      if (column === undefined) continue;
      const { feature, survey, valued } = column;
      const kind = valued ? survey.kind : 'categorical';
      const spec = valued ? survey.spec(CATEGORIES) : ANYTHING;
      const reason = this.#whyNot(column, spec);
      if (reason !== undefined) incomparable.set(feature, reason);
      else if (!isOutputFeature(feature)) kinds.set(feature, kind);
      // What is derived from these is profiled instead of them.
      if (kind === 'text' || kind === 'embedding') continue;
      specs.set(feature, spec ?? ANYTHING);
    }
    return {
      rows: this.#rows,
      columns: new Set(this.#columns.keys()),
      leftOut: this.#leftOut.size,
      specs,
      incomparable,
      derived: this.#derivations.fit(kinds, { multivariate: true, limit: DERIVED }),
    };
  }
}

function look(column: Column, vector: ColumnVector, rows: number): void {
  const { survey } = column;
  switch (vector.type) {
    case 'numbers':
      survey.addNumbers(vector.values, rows);
      column.valued ||= rows > vector.missing + vector.invalid;
      column.rising = risingTo(column.rising, vector.values, rows);
      return;
    case 'codes':
      column.rising = undefined;
      for (const [code, count] of codeCounts(vector, rows).entries()) {
        if (count === 0) continue;
        survey.addCategory(vector.dictionary[code] as string, count);
        column.valued = true;
      }
      return;
    case 'values':
      column.rising = undefined;
      for (let row = 0; row < rows; row += 1) {
        const value = vector.values[row];
        survey.add(value);
        column.valued ||= value !== null;
        column.nested ||= typeof value === 'object' && value !== null;
      }
  }
}

function mayBeIdentifier(name: string, { numeric }: NamedColumns): boolean {
  return !numeric.includes(name) && (IDENTIFIER.test(name) || IDENTIFIER.test(name.toLowerCase()));
}

/** The last number, when all are whole and each is larger than `before` and those in front of it; else undefined. */
function risingTo(before: number | undefined, values: Float64Array, rows: number): number | undefined {
  let last = before;
  for (let row = 0; row < rows && last !== undefined; row += 1) {
    const value = values[row] as number;
    last = Number.isInteger(value) && value > last ? value : undefined;
  }
  return last;
}

/** Without a prototype: a column may be called `__proto__`. */
function rowOf(
  features: ReadonlyArray<readonly [string, ColumnVector]>,
  row: number,
): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [feature, vector] of features) values[feature] = cellOf(vector, row);
  return values;
}

function declaredKinds(named: NamedColumns): DeclaredKinds {
  const features = (columns: readonly string[]): Set<string> =>
    new Set(columns.flatMap((column) => featureOf(column, named) ?? []));
  return {
    numeric: features(named.numeric),
    categorical: features(named.categorical),
    text: features(named.text),
    embedding: features(named.embedding),
  };
}
