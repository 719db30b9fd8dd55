import { seededRandom } from '../../base/random.ts';
import { leadingComponents } from '../../stats/projection/leading-components.ts';
import { dot } from '../../stats/projection/principal-components.ts';
import { EMBEDDING_OUTPUTS, type EmbeddingDerivation } from './derivation.ts';
import type { Derive } from './derive.ts';

/** Dimensions that a vector may have. */
const MIN_DIMENSIONS = 2;
const MAX_DIMENSIONS = 4_096;
/** Components that are profiled. */
const COMPONENTS = 3;
/** Vectors that components are computed from; more make them hardly better and take longer. */
const FITTED_ROWS = 1_000;

type Vector = ArrayLike<number>;

/** True for an array of finite numbers of a length that an embedding may have. */
export function isVector(value: unknown): value is Vector {
  if (!isList(value) || value.length < MIN_DIMENSIONS || value.length > MAX_DIMENSIONS) return false;
  for (let i = 0; i < value.length; i += 1) if (!Number.isFinite(value[i])) return false;
  return true;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;
}

/**
 * Fits what vectors are seen by: their centroid and their first principal components. Vectors of another length than most
 * have are left out. Undefined when there is no vector.
 */
export function fitEmbedding(source: string, values: Iterable<unknown>): EmbeddingDerivation | undefined {
  const byLength = new Map<number, Vector[]>();
  for (const value of values) {
    if (!isVector(value)) continue;
    const list = byLength.get(value.length) ?? [];
    byLength.set(value.length, list);
    if (list.length < FITTED_ROWS) list.push(value);
  }
  const [vectors] = [...byLength.values()].sort(
    (a, b) => b.length - a.length || (a[0]?.length ?? 0) - (b[0]?.length ?? 0),
  );
  if (vectors === undefined) return undefined;
  const { mean, components } = leadingComponents(vectors, COMPONENTS, seededRandom(1));
  return {
    kind: 'embedding',
    source,
    outputs: EMBEDDING_OUTPUTS.slice(0, EMBEDDING_OUTPUTS.length - COMPONENTS + components.length),
    centroid: Array.from(mean),
    components: components.map(({ vector }) => Array.from(vector)),
  };
}

/**
 * Sees a vector by its length (Euclidean norm), by its cosine similarity to the baseline's centroid (-1 to 1; missing when
 * either is all zero), and by where it lies on the baseline's first principal components, the centroid being 0.
 *
 * A value that is no array of numbers of the baseline's length is invalid, and so is a vector too long for a double.
 */
export function deriveFromEmbedding({ outputs, centroid, components }: EmbeddingDerivation): Derive {
  const mean = Float64Array.from(centroid);
  const towards = directionOf(mean);
  const axes = components.map((component) => Float64Array.from(component));
  const moved = new Float64Array(mean.length);
  const picked = outputs.map((output) => EMBEDDING_OUTPUTS.indexOf(output));
  const seen: Array<number | null> = EMBEDDING_OUTPUTS.map(() => null);

  function look(value: unknown): boolean {
    if (!isList(value) || value.length !== mean.length) return false;
    let square = 0;
    let along = 0;
    for (let i = 0; i < mean.length; i += 1) {
      const entry = value[i];
      if (typeof entry !== 'number') return false;
      square += entry * entry;
      along += entry * (towards[i] as number);
      moved[i] = entry - (mean[i] as number);
    }
    const norm = Math.sqrt(square);
    if (!Number.isFinite(norm)) return false;
    seen[0] = norm;
    seen[1] = norm === 0 || towards.length === 0 ? null : Math.max(-1, Math.min(1, along / norm));
    axes.forEach((axis, k) => {
      seen[2 + k] = dot(axis, moved);
    });
    return true;
  }

  return (from, into) => {
    const value = from(0);
    const isMissing = value === null || value === undefined;
    const isSeen = !isMissing && look(value);
    for (let i = 0; i < picked.length; i += 1) {
      if (isSeen) into[i] = seen[picked[i] as number] as number | null;
      else into[i] = isMissing ? null : Number.NaN;
    }
  };
}

/** The unit vector of a direction; empty for the zero vector, which has none. */
function directionOf(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 && Number.isFinite(length) ? vector.map((entry) => entry / length) : new Float64Array(0);
}
