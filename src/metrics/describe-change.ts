import type { CategoricalProfile } from '../profile/categorical-profile.ts';
import type { FeatureProfile, FeatureSpec } from '../profile/feature-spec.ts';
import type { Grid } from '../profile/grid.ts';
import { type NumericProfile, profileMean } from '../profile/numeric-profile.ts';
import type { Computed } from '../stats/computed.ts';
import { quantileFromCells } from '../stats/quantile/quantile-from-cells.ts';

/** Categories that are named in one line. */
const NAMED = 3;

/**
 * One line that says how a feature changed, for people: `median 41.2 -> 74, 95th percentile 130 -> 241` or
 * `crypto 0% -> 6.1%, grocery 21% -> 19.4%`. Undefined when one of the two samples is empty.
 */
export function describeChange(
  spec: FeatureSpec,
  reference: FeatureProfile,
  current: FeatureProfile,
): string | undefined {
  if (reference.n === 0 || current.n === 0) return undefined;
  const change =
    spec.kind === 'numeric'
      ? numericChange(spec.grid, reference as NumericProfile, current as NumericProfile)
      : categoricalChange(spec, reference as CategoricalProfile, current as CategoricalProfile);
  return change === '' ? undefined : change;
}

/** Of a flag or a rare count, neither the median nor the 95th percentile moves; its mean does. */
function numericChange(grid: Grid, reference: NumericProfile, current: NumericProfile): string {
  const at = (profile: NumericProfile, q: number): Computed =>
    quantileFromCells(grid.edges, profile.cells, profile.min, profile.max, q);
  const change = (name: string, from: Computed, to: Computed): { text: string; moved: boolean } => {
    const [before, now] = [from, to].map((value) => (value.defined ? short(value.value) : 'n/a'));
    return { text: `${name} ${before} -> ${now}`, moved: before !== now };
  };
  const quantiles = [
    change('median', at(reference, 0.5), at(current, 0.5)),
    change('95th percentile', at(reference, 0.95), at(current, 0.95)),
  ];
  if (quantiles.some(({ moved }) => moved)) return quantiles.map(({ text }) => text).join(', ');
  const mean = change('mean', profileMean(reference, grid), profileMean(current, grid));
  return mean.moved ? mean.text : '';
}

function categoricalChange(
  { categories, complete }: Extract<FeatureSpec, { kind: 'categorical' }>,
  reference: CategoricalProfile,
  current: CategoricalProfile,
): string {
  const shares = (profile: CategoricalProfile): Map<string, number> =>
    new Map([
      ...categories.map((category, i) => [category, (profile.cells[i] as number) / profile.n] as const),
      // Where the baseline does not name all its categories, a name that only the window has need not be new.
      ...[...(complete ? profile.extra : [])].map(
        ([category, count]) => [category, count / profile.n] as const,
      ),
    ]);
  const before = shares(reference);
  const now = shares(current);
  return [...new Set([...before.keys(), ...now.keys()])]
    .map((category) => ({ category, from: before.get(category) ?? 0, to: now.get(category) ?? 0 }))
    .sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from))
    .slice(0, NAMED)
    .filter(({ from, to }) => from !== to)
    .map(({ category, from, to }) => `${clip(category)} ${percent(from)} -> ${percent(to)}`)
    .join(', ');
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

function clip(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
