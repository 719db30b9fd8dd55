import type { Millis } from '../base/clock.ts';
import type { Steps } from '../base/steps.ts';
import { type Baseline, type BaselineFeature, sealSteps } from './baseline.ts';
import type { CategoricalProfile } from './categorical-profile.ts';
import { emptyProfile, eventCount, type FeatureProfile } from './feature-spec.ts';
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
 */
export function* rebaseSteps(
  source: Baseline,
  version: string,
  period: { readonly from: Millis; readonly to: Millis },
  profiles: ReadonlyMap<string, FeatureProfile>,
  performance: ReadonlyMap<string, ReferenceValue>,
): Steps<Baseline> {
  const [any] = profiles.values();
  return yield* sealSteps({
    model: source.model,
    version,
    pane: source.pane,
    rows: any === undefined ? 0 : eventCount(any),
    ...period,
    features: new Map(
      Array.from(source.features, ([name, feature]) => [name, rebaseFeature(feature, profiles.get(name))]),
    ),
    derivations: source.derivations,
    performance: performance.size === 0 ? source.performance : performance,
  });
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
