import { seededRandom } from '../../base/random.ts';
import { atOnce, type Steps } from '../../base/steps.ts';
import { isFeatureName } from '../feature-name.ts';
import { type FeatureSpec, MULTIVARIATE_FEATURE } from '../feature-spec.ts';
import type { FeatureKind } from '../feature-survey.ts';
import { buildGrid } from '../grid.ts';
import { type Derivation, derivedNames } from './derivation.ts';
import { deriverFor } from './deriver.ts';
import { fitEmbedding, isVector } from './embedding.ts';
import { HeldOutCoin } from './held-out-coin.ts';
import { fitReconstruction } from './reconstruction.ts';
import { RowSample } from './row-sample.ts';
import { fitText } from './text.ts';

/** Rows that are kept of either half, and what they may weigh: a number is 1, and so are 8 characters. */
const ROWS = 2_000;
const WEIGHT = 4_000_000;

/**
 * Rows for each feature that is taken together with others: with fewer the components fit their own rows too well, and
 * whoever sees those again (a table compared with itself) would find them improved.
 */
const ROWS_PER_FEATURE = 50;

/** What is kept of a row: numbers, texts and vectors, by the name of the feature. */
type Row = ReadonlyMap<string, unknown>;

export interface DerivedFeatures {
  readonly derivations: readonly Derivation[];
  /** How the derived features are profiled: they are numeric. */
  readonly specs: ReadonlyMap<string, FeatureSpec>;
  /** Derived features that are not profiled, and sources of which nothing could be derived. */
  readonly leftOut: readonly string[];
}

export const NOTHING_DERIVED: DerivedFeatures = { derivations: [], specs: new Map(), leftOut: [] };

/**
 * First pass over the reference, beside the survey of its features: finds by what numbers embeddings, texts and all numeric
 * features together are seen. In the second pass a `HeldOutCoin` says on which rows those numbers are counted.
 */
export class DerivationSurvey {
  readonly #coin = new HeldOutCoin();
  readonly #fitted = new RowSample<Row>(ROWS, WEIGHT, seededRandom(3));
  readonly #heldOut = new RowSample<Row>(ROWS, WEIGHT, seededRandom(4));
  #half = this.#fitted;

  /**
   * Asked once for every row of the reference, in order: whether it has to be given to `take`.
   *
   * @param isHeldOut which half the row is in, where that is known otherwise than by the coin.
   */
  wantsNext(isHeldOut = this.#coin.isHeldOut()): boolean {
    this.#half = isHeldOut ? this.#heldOut : this.#fitted;
    return this.#half.wantsNext();
  }

  /** Keeps the row that was wanted, by the names of its features. Vectors must not change afterwards. */
  take(features: Readonly<Record<string, unknown>>): void {
    const row = new Map<string, unknown>();
    let weight = 0;
    for (const name of Object.keys(features)) {
      const value = features[name];
      const weighs = weightOf(value);
      if (weighs === undefined) continue;
      row.set(name, value);
      weight += weighs;
    }
    this.#half.put(row, weight);
  }

  /**
   * Fits derived features on one half of the rows, and their grids on the other.
   *
   * @param kinds of all features of the reference. The names of numeric and categorical ones are taken.
   * @param limit derived features at most.
   */
  fit(
    kinds: ReadonlyMap<string, FeatureKind>,
    options: { readonly multivariate: boolean; readonly limit: number },
  ): DerivedFeatures {
    return atOnce(this.fitSteps(kinds, options));
  }

  /** Does what `fit` does: a step for each source, which may take a second, and for each row that is held out. */
  *fitSteps(
    kinds: ReadonlyMap<string, FeatureKind>,
    { multivariate, limit }: { readonly multivariate: boolean; readonly limit: number },
  ): Steps<DerivedFeatures> {
    const derivations: Derivation[] = [];
    const specs = new Map<string, FeatureSpec>();
    const leftOut = new Set<string>();
    for (const [source, fitted] of this.#fits(kinds, multivariate)) {
      yield;
      const grids = fitted === undefined ? new Map<string, FeatureSpec>() : yield* this.#specsOf(fitted);
      const kept = new Set<string>();
      for (const [name, spec] of grids) {
        const kind = kinds.get(name);
        const isTaken = kind === 'numeric' || kind === 'categorical';
        if (isTaken || !isFeatureName(name) || specs.size >= limit) leftOut.add(name);
        else {
          specs.set(name, spec);
          kept.add(name);
        }
      }
      if (grids.size === 0) leftOut.add(source);
      if (fitted !== undefined && kept.size > 0) derivations.push(withNames(fitted, kept));
    }
    return { derivations, specs, leftOut: [...leftOut] };
  }

  /** In an order that does not depend on that of the features. */
  *#fits(
    kinds: ReadonlyMap<string, FeatureKind>,
    multivariate: boolean,
  ): Generator<readonly [source: string, fitted: Derivation | undefined], void, undefined> {
    const named = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
    const { rows } = this.#fitted;
    if (multivariate) {
      const numeric = named.filter(([, kind]) => kind === 'numeric').map(([name]) => name);
      const fitted = fitReconstruction(numeric, rows, Math.floor(rows.length / ROWS_PER_FEATURE));
      // That there are too few features, or that they do not vary, is nothing to tell of.
      if (fitted !== undefined) yield [MULTIVARIATE_FEATURE, fitted];
    }
    for (const [name, kind] of named) {
      const values = (): unknown[] => rows.map((row) => row.get(name));
      if (kind === 'embedding') yield [name, fitEmbedding(name, values())];
      if (kind === 'text') yield [name, fitText(name, values())];
    }
  }

  /** The grids of what a derivation gives on the held-out rows; a name without any value there has none. */
  *#specsOf(derivation: Derivation): Steps<Map<string, FeatureSpec>> {
    const { names, sources, derive } = deriverFor(derivation);
    const samples = names.map((): number[] => []);
    const into: Array<number | null> = [];
    for (const row of this.#heldOut.rows) {
      derive((place) => row.get(sources[place] as string), into);
      into.forEach((value, i) => {
        if (value !== null && Number.isFinite(value)) samples[i]?.push(value);
      });
      yield;
    }
    const specs = new Map<string, FeatureSpec>();
    names.forEach((name, i) => {
      const sample = samples[i] as number[];
      if (sample.length > 0) specs.set(name, { kind: 'numeric', grid: buildGrid(sample) });
    });
    return specs;
  }
}

/** What a value weighs in memory; undefined for one that nothing is derived from. */
function weightOf(value: unknown): number | undefined {
  if (typeof value === 'number') return 1;
  if (typeof value === 'string') return 1 + value.length / 8;
  return isVector(value) ? 1 + value.length : undefined;
}

/** The same derivation with these of its names. */
function withNames(derivation: Derivation, kept: ReadonlySet<string>): Derivation {
  const names = derivedNames(derivation);
  const isKept = (_: string, i: number): boolean => kept.has(names[i] as string);
  switch (derivation.kind) {
    case 'embedding':
      return { ...derivation, outputs: derivation.outputs.filter(isKept) };
    case 'text':
      return { ...derivation, outputs: derivation.outputs.filter(isKept) };
    case 'reconstruction':
      return derivation;
  }
}
