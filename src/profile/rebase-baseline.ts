import type { Millis } from '../base/clock.ts';
import type { Steps } from '../base/steps.ts';
import { type Baseline, type BaselineFeature, sealSteps } from './baseline.ts';
import { type BaselineSegment, type BaselineSegments, baselineSegment } from './baseline-segment.ts';
import type { CategoricalProfile } from './categorical-profile.ts';
import { CompactLayout, CompactProfiles } from './compact-profiles.ts';
import { emptyProfile, eventCount, type FeatureProfile, type FeatureSpec } from './feature-spec.ts';
import type { Grid } from './grid.ts';
import type { NumericProfile } from './numeric-profile.ts';
import type { ReferenceValue } from './reference-value.ts';

/** New categories that are taken over by name; the rest stays in `other`. */
const MOST_CATEGORIES = 1_000;

/**
 * The baseline of a version whose events were profiled under the baseline of another one: what was counted becomes the
 * reference, in the same cells. It has the features of that baseline, and their natural variability, which is that of the
 * data and not of the model.
 *
 * @param profiles what was counted in the period, by feature; features without a profile count as empty.
 * @param performance of that version; that of the other one stands in where nothing is known.
 * @param slices what was counted in the segments of that baseline, by their names.
 */
export function* rebaseSteps(
  source: Baseline,
  version: string,
  period: { readonly from: Millis; readonly to: Millis },
  profiles: ReadonlyMap<string, FeatureProfile>,
  performance: ReadonlyMap<string, ReferenceValue>,
  slices: ReadonlyMap<string, ReadonlyMap<string, FeatureProfile>> = new Map(),
): Steps<Baseline> {
  const [any] = profiles.values();
  const features = new Map(
    Array.from(source.features, ([name, feature]) => [name, rebaseFeature(feature, profiles.get(name))]),
  );
  return yield* sealSteps({
    model: source.model,
    version,
    pane: source.pane,
    rows: any === undefined ? 0 : eventCount(any),
    ...period,
    features,
    derivations: source.derivations,
    performance: performance.size === 0 ? source.performance : performance,
    ...(source.segments !== undefined && { segments: rebaseSegments(source.segments, features, slices) }),
  });
}

/** The same slices with what was counted in them; how well the version does there is not known. */
function rebaseSegments(
  { features: declared, known }: BaselineSegments,
  features: ReadonlyMap<string, BaselineFeature>,
  slices: ReadonlyMap<string, ReadonlyMap<string, FeatureProfile>>,
): BaselineSegments {
  const layout = new CompactLayout(Array.from(features, ([name, { spec }]) => [name, spec]));
  const rebased = Array.from(known.keys(), (name): [string, BaselineSegment] => {
    const packed = new CompactProfiles(layout);
    const profiles = slices.get(name);
    layout.specs.forEach((spec, i) => {
      const profile = profiles?.get(layout.names[i] as string);
      if (profile !== undefined) packed.put(i, underCategories(spec, profile));
    });
    const [any] = profiles?.values() ?? [];
    return [name, baselineSegment(any === undefined ? 0 : eventCount(any), packed)];
  });
  return { features: declared, known: new Map(rebased) };
}

/** A profile under the categories of its spec, some of which it knows as new ones. */
function underCategories(spec: FeatureSpec, profile: FeatureProfile): FeatureProfile {
  if (spec.kind === 'numeric' || profile.kind === 'numeric') return profile;
  const added = spec.categories
    .slice(profile.cells.length)
    .map((category) => profile.extra.get(category) ?? 0);
  const cells = Float64Array.from([...profile.cells, ...added]);
  const named = cells.reduce((sum, count) => sum + count, 0);
  return { ...profile, cells, extra: new Map(), other: profile.n - named };
}

function rebaseFeature(
  { spec, natural }: BaselineFeature,
  profile: FeatureProfile | undefined,
): BaselineFeature {
  if (spec.kind === 'numeric') {
    const reference = profile?.kind === 'numeric' ? profile : (emptyProfile(spec) as NumericProfile);
    return { spec: { kind: 'numeric', grid: withDeciles(spec.grid, reference) }, reference, natural };
  }
  const counted = profile?.kind === 'categorical' ? profile : (emptyProfile(spec) as CategoricalProfile);
  // By count and then by name, so that the same counts make the same baseline.
  const added = [...counted.extra]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, Math.max(0, MOST_CATEGORIES - spec.categories.length));
  const named = added.reduce((sum, [, count]) => sum + count, 0);
  const extra = [...counted.extra.values()].reduce((sum, count) => sum + count, 0);
  const other = counted.other + extra - named;
  return {
    spec: {
      ...spec,
      categories: [...spec.categories, ...added.map(([category]) => category)],
      complete: spec.complete && other === 0,
    },
    reference: {
      ...counted,
      cells: Float64Array.from([...counted.cells, ...added.map(([, count]) => count)]),
      extra: new Map(),
      other,
    },
    natural,
  };
}

/** The same edges, with the deciles of what was counted between them. */
function withDeciles(grid: Grid, { cells, n }: NumericProfile): Grid {
  if (n === 0) return grid;
  const positions: number[] = [];
  let below = 0;
  let decile = 1;
  for (let edge = 0; edge < grid.edges.length && decile <= 9; edge += 1) {
    below += cells[edge] as number;
    if (below * 10 < decile * n) continue;
    positions.push(edge);
    while (decile <= 9 && below * 10 >= decile * n) decile += 1;
  }
  return { ...grid, decilePositions: positions };
}
