import { centredRows } from './centred-rows.ts';
import {
  addScaled,
  dot,
  oriented,
  type PrincipalComponents,
  principalComponents,
  symmetricEigenvectors,
} from './principal-components.ts';

/** Up to this size of the smaller side all components are computed, which takes about 0.1 s. */
const WHOLE = 200;
/** Directions that are followed beside those wanted: they make the wanted ones settle sooner. */
const SPARE = 6;
const ROUNDS = 15;
/** Done when a round adds less than this share to the variance that the wanted components hold. */
const SETTLED = 1e-3;

/**
 * The first principal components of a sample of many rows and columns, such as 1 536-dimensional embeddings, by block
 * power iteration with a Rayleigh-Ritz step (Halko, Martinsson and Tropp 2011). Each round takes time in proportion to the
 * sample: 1 000 rows of 1 536 columns need well under a second.
 *
 * Where components hold almost equal variance, any mixture of them may come instead: it tells as much.
 *
 * @param rows finite numbers, all of one length.
 * @param count components that are wanted; fewer come where the sample varies in fewer directions.
 * @param random draws from [0, 1), for the first directions.
 */
export function leadingComponents(
  rows: ReadonlyArray<ArrayLike<number>>,
  count: number,
  random: () => number,
): PrincipalComponents {
  const columns = rows[0]?.length ?? 0;
  if (Math.min(rows.length, columns) <= Math.max(WHOLE, count + SPARE)) {
    const { mean, components } = principalComponents(rows);
    return { mean, components: components.slice(0, count) };
  }
  const { mean, rows: centred, total } = centredRows(rows);
  if (total === 0) return { mean, components: [] };
  let block: Float64Array[] = Array.from({ length: count + SPARE }, () =>
    Float64Array.from({ length: columns }, () => random() - 0.5),
  );
  orthonormalize(block);
  let held = 0;
  for (let round = 0; ; round += 1) {
    const image = timesCovariance(centred, block);
    const { values, vectors } = symmetricEigenvectors(block.map((a) => image.map((b) => dot(a, b))));
    const before = held;
    held = values.slice(0, count).reduce((sum, value) => sum + value, 0);
    if (round >= ROUNDS || held - before < SETTLED * held) {
      const components = vectors
        .slice(0, count)
        .map((weights, i) => ({
          vector: oriented(mixed(block, weights)),
          share: Math.min(1, (values[i] as number) / total),
        }))
        .filter(({ share }) => share > 1e-12);
      return { mean, components };
    }
    block = vectors.map((weights) => mixed(image, weights));
    orthonormalize(block);
  }
}

/** X' X b for each b of the block, row by row, so that no large matrix is made. */
function timesCovariance(rows: readonly Float64Array[], block: readonly Float64Array[]): Float64Array[] {
  const image = block.map((vector) => new Float64Array(vector.length));
  for (const row of rows) {
    block.forEach((vector, k) => {
      addScaled(image[k] as Float64Array, row, dot(row, vector));
    });
  }
  return image;
}

function mixed(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  vectors.forEach((vector, k) => {
    addScaled(sum, vector, weights[k] as number);
  });
  return sum;
}

/** Gram and Schmidt, twice, which is enough (Giraud et al. 2005). A vector that depends on those before becomes zero. */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, k) => {
    const before = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass += 1) {
      for (const earlier of vectors.slice(0, k)) addScaled(vector, earlier, -dot(vector, earlier));
    }
    const length = Math.sqrt(dot(vector, vector));
    const factor = length > 1e-10 * before ? 1 / length : 0;
    for (let i = 0; i < vector.length; i += 1) vector[i]! *= factor;
  });
}
