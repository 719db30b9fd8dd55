import type { CellKind } from '../../ingest/files/column-batch.ts';
import type { FeatureSpec } from '../../profile/feature-spec.ts';
import { columnOf, type NamedColumns } from './named-columns.ts';

/** How to read the text of the columns whose kind was told. */
export function declaredTextKinds(named: NamedColumns): Map<string, CellKind> {
  return new Map<string, CellKind>([
    ...named.numeric.map((column) => [column, 'numeric'] as const),
    ...[...named.categorical, ...named.text].map((column) => [column, 'categorical'] as const),
  ]);
}

/**
 * How to read the text of the current table: as what the reference holds, whatever format that has. A text of the wrong
 * kind then shows as such, and does not change what the column is taken for.
 */
export function referenceTextKinds(
  named: NamedColumns,
  read: ReadonlyMap<string, CellKind>,
  specs: ReadonlyMap<string, FeatureSpec>,
): Map<string, CellKind> {
  const kinds = new Map(read);
  for (const [feature, spec] of specs) {
    const column = columnOf(feature, named);
    const kind = kindOf(spec);
    // A column without any value in the reference says nothing about the current one.
    if (kind === undefined) kinds.delete(column);
    else kinds.set(column, kind);
  }
  for (const [column, kind] of declaredTextKinds(named)) kinds.set(column, kind);
  return kinds;
}

function kindOf(spec: FeatureSpec): CellKind | undefined {
  if (spec.kind === 'numeric') return 'numeric';
  if (spec.categories.length === 0) return undefined;
  return spec.categories.every((category) => category === 'true' || category === 'false')
    ? 'boolean'
    : 'categorical';
}
