import { sharedMemory } from '../../base/wasm-memory.ts';
import { type PrincipalComponent, principalComponents } from '../../stats/projection/principal-components.ts';
import type { ReconstructionDerivation } from './derivation.ts';
import type { Derive, FeatureSource } from './derive.ts';
import { Subspace } from './subspace.ts';

/** Features that are taken, the first ones by name: the time for an event grows with their square. */
const MAX_FEATURES = 200;
/** Rows below which nothing is known of how features go together. */
const MIN_ROWS = 20;
/** Share of the variance that the kept components hold, as in NannyML. */
const KEPT_VARIANCE = 0.65;
/** Standardized values are cut here, so that their squares stay within a double. */
const FARTHEST = 1e100;

/**
 * Fits the directions in which numeric features vary together: principal components of the standardized values, as many as
 * hold 65 % of the variance, but never all. Missing values stand for the mean. Constant features are left out.
 *
 * @param names in order; only the first 200 are taken, or the first `most`.
 * @param rows values by feature.
 * @returns undefined below two features that vary, or when too few rows have values.
 */
export function fitReconstruction(
  names: readonly string[],
  rows: ReadonlyArray<ReadonlyMap<string, unknown>>,
  most = MAX_FEATURES,
): ReconstructionDerivation | undefined {
  const taken = names.slice(0, Math.min(most, MAX_FEATURES));
  const columns = taken.flatMap((name) => standardized(name, rows) ?? []);
  const usable = rows
    .map((_, row) => columns.map(({ values }) => values[row] as number))
    .filter((row) => isEnough(row.filter(Number.isNaN).length, columns.length))
    .map((row) => row.map((value) => (Number.isNaN(value) ? 0 : value)));
  if (columns.length < 2 || usable.length < MIN_ROWS) return undefined;
  const { components } = principalComponents(usable);
  if (components.length === 0) return undefined;
  return {
    kind: 'reconstruction',
    features: columns.map(({ name }) => name),
    means: columns.map(({ mean }) => mean),
    deviations: columns.map(({ deviation }) => deviation),
    ...subspace(components, columns.length),
  };
}

function subspace(
  components: readonly PrincipalComponent[],
  dimensions: number,
): Pick<ReconstructionDerivation, 'vectors' | 'spans'> {
  let kept = 0;
  for (let held = 0; held < KEPT_VARIANCE && kept < components.length; kept += 1)
    held += (components[kept] as PrincipalComponent).share;
  kept = Math.min(kept, dimensions - 1);
  const all = components.map(({ vector }) => Array.from(vector));
  // The squares of all directions add up to the whole, so that either part tells the other.
  return components.length === dimensions && 2 * kept > dimensions
    ? { spans: 'lost', vectors: all.slice(kept) }
    : { spans: 'kept', vectors: all.slice(0, kept) };
}

interface Column {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
  /** One a row, NaN where there is none. */
  readonly values: Float64Array;
}

/** Undefined for a feature without values, with one value only, or with values too large for their spread to be known. */
function standardized(name: string, rows: ReadonlyArray<ReadonlyMap<string, unknown>>): Column | undefined {
  const raw = Float64Array.from(rows, (row) => {
    const value = row.get(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
  });
  const known = raw.filter((value) => !Number.isNaN(value));
  if (known.every((value) => value === known[0])) return undefined;
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (known.length - 1));
  // Of the least of doubles there is no inverse.
  if (!(Number.isFinite(deviation) && Number.isFinite(1 / deviation))) return undefined;
  return { name, mean, deviation, values: raw.map((value) => standardize(value, mean, deviation)) };
}

function standardize(value: number, mean: number, deviation: number): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, (value - mean) / deviation));
}

function isEnough(absent: number, features: number): boolean {
  return 2 * absent <= features;
}

/**
 * The distance, in standard deviations, between an event and what the kept components tell of it. It grows when features
 * stop going together as they did, even where each of them looks as before.
 *
 * Values that are missing or of the wrong type stand for the mean; missing when that is more than half of them.
 */
export function reconstructionError(derivation: ReconstructionDerivation): Derive {
  let row: ReconstructedRow | undefined;
  return (from, into) => {
    row ??= new ReconstructedRow(derivation);
    into[0] = row.error(from);
  };
}

/** A row that stands alone. */
class ReconstructedRow {
  readonly #width: number;
  readonly #memory = sharedMemory();
  /** A double for each feature, one more since rows are read in pairs, and two for the errors of the pair. */
  readonly #first: number;
  readonly #result: number;
  readonly #subspace: Subspace;

  constructor(derivation: ReconstructionDerivation) {
    this.#width = derivation.features.length;
    const address = this.#memory.allocate(this, 8 * (this.#width + 3));
    const columns = derivation.features.map((_, i) => address + 8 * i);
    const result = address + 8 * (this.#width + 1);
    this.#subspace = new Subspace(derivation, this.#memory, columns, result);
    this.#first = address >> 3;
    this.#result = result >> 3;
  }

  error(from: FeatureSource): number | null {
    for (let i = 0; i < this.#width; i += 1) {
      const value = from(i);
      this.#memory.doubles[this.#first + i] =
        typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
    }
    this.#subspace.look(0, 1);
    const error = this.#memory.doubles[this.#result] as number;
    return Number.isNaN(error) ? null : error;
  }
}
