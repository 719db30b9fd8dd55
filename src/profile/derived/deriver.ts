import { type Derivation, derivedNames } from './derivation.ts';
import type { Derive } from './derive.ts';
import { deriveFromEmbedding } from './embedding.ts';
import { reconstructionError } from './reconstruction.ts';
import { deriveFromText } from './text.ts';

/** Computes derived features of events. Made once per derivation: it holds the look-up tables. */
export interface Deriver {
  readonly names: readonly string[];
  /** The features that it reads. */
  readonly sources: readonly string[];
  readonly derive: Derive;
}

export function deriverFor(derivation: Derivation): Deriver {
  const names = derivedNames(derivation);
  switch (derivation.kind) {
    case 'embedding':
      return { names, sources: [derivation.source], derive: deriveFromEmbedding(derivation) };
    case 'text':
      return { names, sources: [derivation.source], derive: deriveFromText(derivation) };
    case 'reconstruction':
      return { names, sources: derivation.features, derive: reconstructionError(derivation) };
  }
}
