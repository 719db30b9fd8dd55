import type { Millis } from '../../base/clock.ts';
import type { ColumnBatch, ColumnVector } from '../../ingest/files/column-batch.ts';
import type { Derivation } from '../../profile/derived/derivation.ts';
import { emptyProfile, type FeatureProfile, type FeatureSpec } from '../../profile/feature-spec.ts';
import { type FeatureBlocks, TimeBlocks } from '../../profile/time-blocks.ts';
import type { ColumnRecorder } from './column-recorder.ts';
import { DerivedColumns } from './derived-columns.ts';
import { heldOutRows } from './held-out-rows.ts';
import { NewColumns } from './new-columns.ts';

/** How a feature is counted, in both tables alike. */
export interface CountedFeature {
  readonly spec: FeatureSpec;
  readonly record: ColumnRecorder;
  /** The column that it is; undefined for what is derived from others. */
  readonly column: string | undefined;
}

/** What the survey of the reference decided. */
export interface CountingPlan {
  readonly features: ReadonlyMap<string, CountedFeature>;
  readonly derivations: readonly Derivation[];
  /** The column with the event time, in milliseconds since 1970, if there is one. */
  readonly time: string | undefined;
  /** True for columns of the reference and for those that nobody wants to see. */
  readonly isKnown: (column: string) => boolean;
}

/** One reading of a table: the profiles of its features, and what else there is to know. */
const NO_ROWS = new Int32Array(0);

export class TableCounts {
  readonly profiles = new Map<string, FeatureProfile>();
  /** The first value of the wrong type, by feature. */
  readonly examples = new Map<string, string>();
  readonly newColumns = new NewColumns();
  /** Known columns that were there, be it without a value. */
  readonly columns = new Set<string>();
  rows = 0;
  /** The first and the last event time; infinite while there is none. */
  from: Millis = Number.POSITIVE_INFINITY;
  to: Millis = Number.NEGATIVE_INFINITY;
  readonly #plan: CountingPlan;
  readonly #derived: DerivedColumns;
  readonly #blocks: TimeBlocks | undefined;
  /** Of features among the blocks. */
  readonly #positions: ReadonlyMap<string, number>;

  /** @param isReference counts by time. Derived features are counted only on rows that they are not fitted on, in both tables. */
  constructor(plan: CountingPlan, isReference: boolean) {
    this.#plan = plan;
    for (const [feature, { spec }] of plan.features) this.profiles.set(feature, emptyProfile(spec));
    this.#derived = new DerivedColumns(plan.derivations);
    this.#positions = new Map([...plan.features.keys()].map((feature, position) => [feature, position]));
    if (!isReference) return;
    if (plan.time !== undefined)
      this.#blocks = new TimeBlocks([...plan.features.values()].map(({ spec }) => spec));
  }

  add(batch: ColumnBatch): void {
    const { rows, columns } = batch;
    this.rows += rows;
    const slots = this.#addTimes(batch);
    const cells = slots === undefined ? undefined : new Int32Array(rows);
    const chosen = this.#plan.derivations.length === 0 ? NO_ROWS : heldOutRows(batch, this.#plan.isKnown);
    const chosenSlots =
      slots === undefined ? undefined : Int32Array.from(chosen, (row) => slots[row] as number);
    const derived = this.#derived.columns(batch, chosen);
    let position = 0;
    for (const [feature, { column, record }] of this.#plan.features) {
      const profile = this.profiles.get(feature) as FeatureProfile;
      const [vector, count, when] =
        column === undefined
          ? ([derived.get(feature), chosen.length, chosenSlots] as const)
          : ([columns.get(column), rows, slots] as const);
      const example = record(profile, vector, count, cells);
      if (example !== undefined && !this.examples.has(feature)) this.examples.set(feature, example);
      if (when !== undefined && cells !== undefined) this.#blocks?.addColumn(position, when, cells, count);
      position += 1;
    }
    for (const [column, vector] of columns) {
      if (this.#plan.isKnown(column)) this.columns.add(column);
      else this.newColumns.add(column, vector, rows);
    }
  }

  /** What was counted of a feature by time; undefined when no time is known. */
  blocksOf(feature: string): FeatureBlocks | undefined {
    const position = this.#positions.get(feature);
    return position === undefined ? undefined : this.#blocks?.blocksOf(position);
  }

  #addTimes({ rows, columns }: ColumnBatch): Int32Array | undefined {
    const vector: ColumnVector | undefined =
      this.#plan.time === undefined ? undefined : columns.get(this.#plan.time);
    if (vector?.type !== 'numbers') return undefined;
    for (let row = 0; row < rows; row += 1) {
      const time = vector.values[row] as number;
      if (time < this.from) this.from = time;
      if (time > this.to) this.to = time;
    }
    return this.#blocks?.slotsOf(vector.values, rows);
  }
}
