import type { ColumnShape } from './column-tables.ts';
import type { ReconstructionDerivation } from './derived/derivation.ts';
import type { FeatureSpec } from './feature-spec.ts';
import type { Grid } from './grid.ts';
import type { CategoricalFeature, ColumnFeature, RawShape } from './raw-recorder.ts';

export interface RecordedFeature {
  readonly name: string;
  readonly spec: FeatureSpec;
}

/** Which feature goes to which column. */
export interface ColumnLayout {
  readonly shape: ColumnShape;
  /** What of them lies in messages. */
  readonly raw: RawShape;
  /** By feature: its column of numbers, or -1. */
  readonly columnOf: Int32Array;
  /** The features that are derived from columns. */
  readonly derived: readonly ColumnFeature[];
  /** Names of features that are not profiled, and only read by derived ones; theirs are the last columns, in this order. */
  readonly uncounted: readonly string[];
}

/**
 * @param lying how many of the features lie in messages as they are: the first ones.
 * @param derivations those of the last features, one each.
 */
export function columnLayout(
  features: readonly RecordedFeature[],
  lying: number,
  derivations: readonly ReconstructionDerivation[],
): ColumnLayout {
  const grids: Grid[] = [];
  const columnOf = Int32Array.from(features, ({ spec }) =>
    spec.kind === 'numeric' ? grids.push(spec.grid) - 1 : -1,
  );
  const numeric = features.flatMap(({ name }, feature) => {
    const column = columnOf[feature] as number;
    return column < 0 ? [] : [{ name: feature < lying ? name : undefined, feature, column }];
  });
  const columns = new Map(numeric.map(({ name, column }) => [name, column]));
  const sources = new Set(derivations.flatMap((derivation) => derivation.features));
  const uncounted = [...sources].filter((name) => !columns.has(name));
  for (const [i, name] of uncounted.entries()) columns.set(name, grids.length + i);
  const categorical = features.slice(0, lying).flatMap(categoricalFeature);
  const firstDerived = features.length - derivations.length;
  const derived = derivations.map((_, i): ColumnFeature => {
    const feature = firstDerived + i;
    return { feature, column: columnOf[feature] as number };
  });
  return {
    shape: {
      grids,
      uncounted: uncounted.length,
      derived: derivations.map((derivation, i) => ({
        column: (derived[i] as ColumnFeature).column,
        sources: derivation.features.map((name) => columns.get(name) as number),
        derivation,
      })),
      texts: categorical.map(({ positions }) => [...positions.keys()]),
    },
    raw: {
      names: [...numeric.map(({ name }) => name), ...uncounted],
      numeric: numeric.filter(({ name }) => name !== undefined),
      categorical,
    },
    columnOf,
    derived,
    uncounted,
  };
}

function categoricalFeature({ name, spec }: RecordedFeature, feature: number): CategoricalFeature[] {
  if (spec.kind !== 'categorical') return [];
  const positions = new Map(spec.categories.map((category, i) => [category, i]));
  return [{ name, feature, positions, acceptsNumbers: spec.acceptsNumbers }];
}
