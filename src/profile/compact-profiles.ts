import { addToRegisters, emptyRegisters } from '../stats/distinct/hyper-log-log.ts';
import { type CategoricalProfile, categoryOf } from './categorical-profile.ts';
import { emptyProfile, type FeatureProfile, type FeatureSpec } from './feature-spec.ts';
import type { Grid } from './grid.ts';
import { MISSING } from './no-value.ts';
import type { NumericProfile } from './numeric-profile.ts';

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

/** Where the counts of each feature lie; made once for all profiles under one baseline. */
export class CompactLayout {
  readonly names: readonly string[];
  readonly specs: readonly FeatureSpec[];
  /** By feature, and the number of all cells at the end. */
  readonly offsets: Int32Array;

  constructor(features: Iterable<readonly [name: string, spec: FeatureSpec]>) {
    const all = [...features];
    this.names = all.map(([name]) => name);
    this.specs = all.map(([, spec]) => spec);
    this.offsets = new Int32Array(all.length + 1);
    this.specs.forEach((spec, i) => {
      this.offsets[i + 1] = (this.offsets[i] as number) + cellsOf(spec);
    });
  }

  /** Cells of all features together. */
  get width(): number {
    return this.offsets[this.specs.length] as number;
  }
}

/** Number of cells that a profile under a spec has. */
export function cellsOf(spec: FeatureSpec): number {
  return spec.kind === 'numeric' ? spec.grid.edges.length + 1 : spec.categories.length;
}

type WithCells<Profile> = Omit<Profile, 'cells'> & { readonly cells: ArrayLike<number> };

/** A profile whose counts need not be doubles. */
export type NarrowProfile = WithCells<NumericProfile> | WithCells<CategoricalProfile>;

/**
 * The profiles of all features of some events in a quarter of the memory that they take one by one, or half of it where some
 * count is above 65 535: there are many where a model is looked at by segments.
 */
export class CompactProfiles {
  readonly layout: CompactLayout;
  readonly #tallies: Float64Array;
  #cells: Uint16Array | Uint32Array;
  /** New categories and sketches of the others, of the few features that have any. */
  readonly #extra = new Map<number, Map<string, number>>();
  readonly #registers = new Map<number, Uint8Array>();

  constructor(layout: CompactLayout) {
    this.layout = layout;
    this.#cells = new Uint16Array(layout.width);
    this.#tallies = new Float64Array(TALLY * layout.specs.length);
    for (let at = 0; at < this.#tallies.length; at += TALLY) {
      this.#tallies[at + MIN] = Number.POSITIVE_INFINITY;
      this.#tallies[at + MAX] = Number.NEGATIVE_INFINITY;
    }
  }

  /**
   * Counts one value, as the recorder of its feature would.
   *
   * @param cell what that recorder returns for it.
   * @param admits whether a category that the baseline does not have is counted by name.
   */
  add(feature: number, cell: number, value: unknown, admits: (category: string) => boolean): void {
    const tallies = this.#tallies;
    const at = TALLY * feature;
    if (cell < 0) {
      tallies[at + (cell === MISSING ? WITHOUT : INVALID)]! += 1;
      return;
    }
    tallies[at + N]! += 1;
    const { offsets, specs } = this.layout;
    const place = (offsets[feature] as number) + cell;
    const spec = specs[feature] as FeatureSpec;
    if (spec.kind === 'numeric') this.#addNumber(at, cell, value as number, spec.grid);
    else if (place === offsets[feature + 1]) {
      this.#addNew(feature, categoryOf(value, spec.acceptsNumbers) as string, admits);
      return;
    }
    if (this.#cells[place] === NARROW) this.#widen();
    this.#cells[place]! += 1;
  }

  #addNumber(at: number, cell: number, value: number, { center, edges }: Grid): void {
    const tallies = this.#tallies;
    const centred = value - center;
    tallies[at + SUM]! += centred;
    tallies[at + SUM_SQUARES]! += centred * centred;
    if (value < (tallies[at + MIN] as number)) tallies[at + MIN] = value;
    if (value > (tallies[at + MAX] as number)) tallies[at + MAX] = value;
    if (cell === 0) tallies[at + LOW]! += (edges[0] as number) - value;
    else if (cell === edges.length) tallies[at + HIGH]! += value - (edges[cell - 1] as number);
  }

  #addNew(feature: number, category: string, admits: (category: string) => boolean): void {
    if (admits(category)) {
      const extra = this.#extra.get(feature) ?? new Map<string, number>();
      this.#extra.set(feature, extra);
      extra.set(category, (extra.get(category) ?? 0) + 1);
      return;
    }
    this.#tallies[TALLY * feature + OTHER]! += 1;
    const registers = this.#registers.get(feature) ?? emptyRegisters();
    this.#registers.set(feature, registers);
    // Under the name that the store would write.
    addToRegisters(registers, category.toWellFormed());
  }

  #widen(): void {
    if (this.#cells instanceof Uint16Array) this.#cells = new Uint32Array(this.#cells);
  }

  /** The profile of one feature. Its cells are those that are being counted in, and no copy. */
  profile(feature: number): NarrowProfile {
    const { offsets, specs } = this.layout;
    const tallies = this.#tallies.subarray(TALLY * feature, TALLY * feature + TALLY);
    const cells = this.#cells.subarray(offsets[feature], offsets[feature + 1]);
    const counts = {
      n: tallies[N] as number,
      missing: tallies[WITHOUT] as number,
      invalid: tallies[INVALID] as number,
      cells,
    };
    if (specs[feature]?.kind === 'categorical') {
      const extra = this.#extra.get(feature) ?? new Map<string, number>();
      const registers = this.#registers.get(feature) ?? new Uint8Array(0);
      return { kind: 'categorical', ...counts, extra, other: tallies[OTHER] as number, registers };
    }
    return {
      kind: 'numeric',
      ...counts,
      sum: tallies[SUM] as number,
      sumSquares: tallies[SUM_SQUARES] as number,
      min: tallies[MIN] as number,
      max: tallies[MAX] as number,
      lowExcess: tallies[LOW] as number,
      highExcess: tallies[HIGH] as number,
    };
  }

  /** Puts a profile in the place of what was counted of its feature. */
  put(feature: number, profile: NarrowProfile): void {
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
