import type { CategoricalProfile } from './categorical-profile.ts';
import type { FeatureProfile, FeatureSpec } from './feature-spec.ts';

/**
 * A profile as it would be had it been counted under another baseline: numbers where the edges are the same ones, as those
 * of a baseline that was learned from profiles are; categories by name.
 *
 * @returns undefined where the cells differ.
 */
export function inCellsOf(
  spec: FeatureSpec,
  profile: FeatureProfile,
  counted: FeatureSpec,
): FeatureProfile | undefined {
  if (spec.kind === 'numeric')
    return counted.kind === 'numeric' && isSameGrid(spec.grid, counted.grid) ? profile : undefined;
  if (counted.kind === 'numeric' || profile.kind === 'numeric') return undefined;
  if (spec.acceptsNumbers !== counted.acceptsNumbers) return undefined;
  const known = new Set(counted.categories);
  // What was not counted by name may be one of those that are.
  if (profile.other > 0 && !spec.categories.every((category) => known.has(category))) return undefined;
  return byNames(spec.categories, profile, counted.categories);
}

function isSameGrid(
  { edges, center }: { readonly edges: Float64Array; readonly center: number },
  other: { readonly edges: Float64Array; readonly center: number },
): boolean {
  return (
    center === other.center &&
    edges.length === other.edges.length &&
    edges.every((edge, i) => edge === other.edges[i])
  );
}

function byNames(
  categories: readonly string[],
  profile: CategoricalProfile,
  counted: readonly string[],
): CategoricalProfile {
  const extra = new Map(profile.extra);
  for (const [i, category] of counted.entries()) {
    const count = profile.cells[i] ?? 0;
    if (count > 0) extra.set(category, count);
  }
  const cells = Float64Array.from(categories, (category) => extra.get(category) ?? 0);
  for (const category of categories) extra.delete(category);
  return { ...profile, cells, extra };
}
