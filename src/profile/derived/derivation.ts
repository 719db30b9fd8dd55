import { MULTIVARIATE_FEATURE } from '../feature-spec.ts';

export const EMBEDDING_OUTPUTS = ['norm', 'cosine', 'pc1', 'pc2', 'pc3'] as const;
export const TEXT_OUTPUTS = ['length', 'words', 'symbol_share', 'unseen_word_share'] as const;

/** Numbers that a vector is seen by. */
export interface EmbeddingDerivation {
  readonly kind: 'embedding';
  /** The feature that holds the vectors. */
  readonly source: string;
  /** What is profiled; features are called `<source>.<output>`. */
  readonly outputs: ReadonlyArray<(typeof EMBEDDING_OUTPUTS)[number]>;
  /** Mean of the baseline's vectors; its length is the number of dimensions. */
  readonly centroid: readonly number[];
  /** Unit vectors of the first principal components, for pc1 and so on. */
  readonly components: ReadonlyArray<readonly number[]>;
}

/** Numbers that a text is seen by. */
export interface TextDerivation {
  readonly kind: 'text';
  readonly source: string;
  readonly outputs: ReadonlyArray<(typeof TEXT_OUTPUTS)[number]>;
  /** Words of the baseline, in lower case, ascending. */
  readonly vocabulary: readonly string[];
}

/** How far the numeric features of an event lie from the directions in which the baseline varies most. */
export interface ReconstructionDerivation {
  readonly kind: 'reconstruction';
  /** Numeric features; the three lists are of one length. */
  readonly features: readonly string[];
  readonly means: readonly number[];
  /** Above 0. */
  readonly deviations: readonly number[];
  /** Unit vectors in the space of standardized features. */
  readonly vectors: ReadonlyArray<readonly number[]>;
  /** Whether the vectors span what reconstruction keeps or, where that is less work, what it loses. */
  readonly spans: 'kept' | 'lost';
}

/** Features that a baseline computes from those of the event. Plain data, a part of the baseline. */
export type Derivation = EmbeddingDerivation | TextDerivation | ReconstructionDerivation;

/** The names of the features that a derivation gives, in the order in which it gives them. */
export function derivedNames(derivation: Derivation): readonly string[] {
  if (derivation.kind === 'reconstruction') return [MULTIVARIATE_FEATURE];
  return derivation.outputs.map((output) => `${derivation.source}.${output}`);
}
