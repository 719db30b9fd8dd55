import { addToRegisters, emptyRegisters } from '../stats/distinct/hyper-log-log.ts';
import type { CategoricalProfile } from './categorical-profile.ts';
import type { CountedRow } from './counted-row.ts';
import { cellsOf, emptyProfile, type FeatureProfile, type FeatureSpec } from './feature-spec.ts';
import type { Grid } from './grid.ts';
import { MISSING } from './no-value.ts';
import type { NumericProfile } from './numeric-profile.ts';
import type { WithCells } from './with-cells.ts';

/** Numbers that are kept of each feature beside its cells. */
const N = 0;
const WITHOUT = 1;
const INVALID = 2;
/** Of a categorical feature. */
const OTHER = 3;
/** Of a numeric one. */
const SUM = 3;
const SUM_SQUARES = 4;
const MIN = 5;
const MAX = 6;
const LOW = 7;
const HIGH = 8;
const TALLY = 9;

const NARROW = 65_535;

/** Stands for no cell; grids have far fewer, and so do lists of categories. */
const NO_CELL = 65_535;

const NO_ROWS = new Uint16Array(0);
const FIRST_ROWS = 4;

/** New categories of one feature that are counted by name. */
const NAMED = 100;

/** Where the counts of each feature lie, and how they are counted; made once for all profiles under one baseline. */
export class CompactLayout {
  readonly names: readonly string[];
  readonly specs: readonly FeatureSpec[];
  /** By feature, and the number of all cells at the end. */
  readonly offsets: Int32Array;
  /** By feature; undefined for categorical ones. */
  readonly grids: ReadonlyArray<Grid | undefined>;
  /** Rows that are kept as they are before their cells are counted: they take less memory then. */
  readonly fewRows: number;

  constructor(features: Iterable<readonly [name: string, spec: FeatureSpec]>) {
    const all = [...features];
    this.names = all.map(([name]) => name);
    this.specs = all.map(([, spec]) => spec);
    this.offsets = new Int32Array(all.length + 1);
    this.specs.forEach((spec, i) => {
      this.offsets[i + 1] = (this.offsets[i] as number) + cellsOf(spec);
    });
    this.grids = this.specs.map((spec) => (spec.kind === 'numeric' ? spec.grid : undefined));
    this.fewRows = Math.floor(this.width / Math.max(1, all.length));
  }

  /** Cells of all features together. */
  get width(): number {
    return this.offsets[this.specs.length] as number;
  }
}

/** A profile whose counts need not be doubles. */
export type NarrowProfile =
  | WithCells<NumericProfile, ArrayLike<number>>
  | WithCells<CategoricalProfile, ArrayLike<number>>;

/** The profile as it is now, in as little memory as it takes. */
export function copyOf(profile: NarrowProfile): NarrowProfile {
  const { cells, ...others } = profile;
  return { ...others, cells: others.n <= NARROW ? new Uint16Array(cells) : new Uint32Array(cells) };
}

/** Whether a category that the baseline does not have is counted by name. */
export type AdmitsCategory = (feature: number, category: string) => boolean;

/**
 * The profiles of all features of some events in little memory, since there are many where a model is looked at by segments:
 * two bytes for each value of few events, two bytes for each cell of many, and four where a count is above 65 535.
 */
export class CompactProfiles {
  readonly layout: CompactLayout;
  readonly #tallies: Float64Array;
  /** The cells of few events, row by row. */
  #rows: Uint16Array | undefined = NO_ROWS;
  #count = 0;
  /** The counts by cell of many. */
  #cells: Uint16Array | Uint32Array = NO_ROWS;
  /** New categories and sketches of the others, of the few features that have any. */
  readonly #extra = new Map<number, Map<string, number>>();
  readonly #registers = new Map<number, Uint8Array>();

  constructor(layout: CompactLayout) {
    this.layout = layout;
    this.#tallies = new Float64Array(TALLY * layout.specs.length);
    for (let at = 0; at < this.#tallies.length; at += TALLY) {
      this.#tallies[at + MIN] = Number.POSITIVE_INFINITY;
      this.#tallies[at + MAX] = Number.NEGATIVE_INFINITY;
    }
  }

  /** Counts the first `size` values of an event, as the recorders of their features would. */
  add({ cells, numbers, texts }: CountedRow, size: number, admits: AdmitsCategory): void {
    const tallies = this.#tallies;
    const { offsets, grids } = this.layout;
    for (let i = 0, at = 0; i < size; i += 1, at += TALLY) {
      const cell = cells[i] as number;
      if (cell < 0) {
        tallies[at + (cell === MISSING ? WITHOUT : INVALID)]! += 1;
        continue;
      }
      tallies[at + N]! += 1;
      const grid = grids[i];
      if (grid === undefined) {
        if ((offsets[i] as number) + cell === offsets[i + 1]) this.#addNew(i, texts[i] as string, admits);
        continue;
      }
      const value = numbers[i] as number;
      const centred = value - grid.center;
      tallies[at + SUM]! += centred;
      tallies[at + SUM_SQUARES]! += centred * centred;
      if (value < (tallies[at + MIN] as number)) tallies[at + MIN] = value;
      if (value > (tallies[at + MAX] as number)) tallies[at + MAX] = value;
      const { edges } = grid;
      if (cell === 0) tallies[at + LOW]! += (edges[0] as number) - value;
      else if (cell === edges.length) tallies[at + HIGH]! += value - (edges[cell - 1] as number);
    }
    if (this.#rows === undefined) this.#countCells(cells, size);
    else this.#keep(this.#rows, cells, size);
  }

  #addNew(feature: number, category: string, admits: AdmitsCategory): void {
    if (admits(feature, category)) {
      const extra = this.#extra.get(feature) ?? new Map<string, number>();
      if (extra.size < NAMED || extra.has(category)) {
        this.#extra.set(feature, extra);
        extra.set(category, (extra.get(category) ?? 0) + 1);
        return;
      }
    }
    this.#tallies[TALLY * feature + OTHER]! += 1;
    const registers = this.#registers.get(feature) ?? emptyRegisters();
    this.#registers.set(feature, registers);
    // Under the name that the store would write.
    addToRegisters(registers, category.toWellFormed());
  }

  #keep(rows: Uint16Array, cells: Int32Array, size: number): void {
    const { specs, fewRows } = this.layout;
    const width = specs.length;
    if (this.#count === fewRows) {
      this.#countRows(rows);
      this.#countCells(cells, size);
      return;
    }
    const at = this.#count * width;
    if (at === rows.length) {
      const most = Math.min(fewRows, Math.max(FIRST_ROWS, 2 * this.#count));
      this.#rows = new Uint16Array(most * width).fill(NO_CELL);
      this.#rows.set(rows);
    }
    // What is below 0 becomes more than any cell; there the counting ends.
    this.#rows?.set(size === width ? cells : cells.subarray(0, size), at);
    this.#count += 1;
  }

  #countRows(rows: Uint16Array): void {
    this.#rows = undefined;
    this.#cells = new Uint16Array(this.layout.width);
    const { length } = this.layout.specs;
    for (let row = 0; row < this.#count; row += 1)
      this.#countCells(rows.subarray(row * length, (row + 1) * length), length);
  }

  #countCells(row: Int32Array | Uint16Array, size: number): void {
    const { offsets } = this.layout;
    for (let i = 0; i < size; i += 1) {
      const place = (offsets[i] as number) + (row[i] as number);
      if ((row[i] as number) < 0 || place >= (offsets[i + 1] as number)) continue;
      if (this.#cells[place] === NARROW) this.#widen();
      this.#cells[place]! += 1;
    }
  }

  #widen(): void {
    if (this.#cells instanceof Uint16Array) this.#cells = new Uint32Array(this.#cells);
  }

  /** The counts by cell of one feature. */
  #cellsOf(feature: number): Uint16Array | Uint32Array {
    const { offsets, specs } = this.layout;
    const [from, to] = [offsets[feature] as number, offsets[feature + 1] as number];
    const rows = this.#rows;
    if (rows === undefined) return this.#cells.subarray(from, to);
    const cells = new Uint16Array(to - from);
    for (let row = 0; row < this.#count; row += 1) {
      const cell = rows[row * specs.length + feature] as number;
      if (cell < cells.length) cells[cell]! += 1;
    }
    return cells;
  }

  /** The profile of one feature. Its cells are looked up when they are asked for. */
  profile(feature: number): NarrowProfile {
    const tallies = this.#tallies.subarray(TALLY * feature, TALLY * feature + TALLY);
    const cellsOf = (): ArrayLike<number> => this.#cellsOf(feature);
    const counts = {
      n: tallies[N] as number,
      missing: tallies[WITHOUT] as number,
      invalid: tallies[INVALID] as number,
      get cells() {
        return cellsOf();
      },
    };
    if (this.layout.grids[feature] === undefined)
      return Object.assign(counts, {
        kind: 'categorical' as const,
        extra: this.#extra.get(feature) ?? new Map<string, number>(),
        other: tallies[OTHER] as number,
        registers: this.#registers.get(feature) ?? new Uint8Array(0),
      });
    return Object.assign(counts, {
      kind: 'numeric' as const,
      sum: tallies[SUM] as number,
      sumSquares: tallies[SUM_SQUARES] as number,
      min: tallies[MIN] as number,
      max: tallies[MAX] as number,
      lowExcess: tallies[LOW] as number,
      highExcess: tallies[HIGH] as number,
    });
  }

  /** Puts a profile in the place of what was counted of its feature. */
  put(feature: number, profile: NarrowProfile): void {
    if (this.#rows !== undefined) this.#countRows(this.#rows);
    const at = TALLY * feature;
    const tallies = this.#tallies;
    tallies.set([profile.n, profile.missing, profile.invalid], at);
    const cells = Array.from(profile.cells);
    if (cells.some((count) => count > NARROW)) this.#widen();
    this.#cells.set(cells, this.layout.offsets[feature]);
    if (profile.kind === 'categorical') {
      tallies[at + OTHER] = profile.other;
      if (profile.extra.size > 0) this.#extra.set(feature, profile.extra);
      if (profile.registers.length > 0) this.#registers.set(feature, profile.registers);
      return;
    }
    const { sum, sumSquares, min, max, lowExcess, highExcess } = profile;
    tallies.set([sum, sumSquares, min, max, lowExcess, highExcess], at + SUM);
  }

  /** All profiles by the name of the feature, as copies. */
  expand(): Map<string, FeatureProfile> {
    const { names, specs } = this.layout;
    return new Map(specs.map((spec, i) => [names[i] as string, this.#expanded(spec, i)]));
  }

  #expanded(spec: FeatureSpec, feature: number): FeatureProfile {
    const into = emptyProfile(spec);
    const { cells, ...others } = this.profile(feature);
    into.cells.set(cells);
    const profile = { ...others, cells: into.cells } as FeatureProfile;
    if (profile.kind === 'numeric') return profile;
    return { ...profile, extra: new Map(profile.extra), registers: profile.registers.slice() };
  }
}
