import type { CategoricalProfile } from '../profile/categorical-profile.ts';
import type { FeatureProfile, FeatureSpec } from '../profile/feature-spec.ts';
import { nextBelow } from '../profile/next-below.ts';
import type { NumericProfile } from '../profile/numeric-profile.ts';
import { quantileFromCells } from '../stats/quantile/quantile-from-cells.ts';

/** Shares of both samples over the same cells, to be drawn. */
export interface Picture {
  /** What each cell holds: `12.5 .. 15` or the name of a category. As many as shares. */
  readonly labels: readonly string[];
  /** Each sums to 1, or to 0 when its sample is empty. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** Tails beyond these are in the outermost cells, so that one stray value does not squeeze the rest into a single cell. */
const [LOW, HIGH] = [0.01, 0.99];
/** A range is skewed when its upper half is so many times as wide as its lower half. */
const SKEWED = 4;
/** Ratios beyond this would make most cells those of next to nothing. */
const WIDEST_RATIO = 1e5;

/** Both samples of a feature over the same few cells: at most so many, and one for the rest of the categories. Undefined when neither has a value. */
export function pictureOf(
  spec: FeatureSpec,
  reference: FeatureProfile,
  current: FeatureProfile,
  most = 24,
): Picture | undefined {
  if (reference.n === 0 && current.n === 0) return undefined;
  return spec.kind === 'numeric'
    ? numericPicture(spec.grid.edges, reference as NumericProfile, current as NumericProfile, most)
    : categoricalPicture(spec, reference as CategoricalProfile, current as CategoricalProfile, most);
}

/** The largest categories of either sample, in the order of the reference; the rest is one cell. */
function categoricalPicture(
  { categories }: Extract<FeatureSpec, { readonly kind: 'categorical' }>,
  reference: CategoricalProfile,
  current: CategoricalProfile,
  most: number,
): Picture {
  const share = (count: number, { n }: CategoricalProfile): number => (n === 0 ? 0 : count / n);
  const cells = [
    ...categories.map((label, i) => ({
      label,
      before: share(reference.cells[i] as number, reference),
      now: share(current.cells[i] as number, current),
    })),
    ...[...current.extra]
      .sort(([, m], [, n]) => n - m)
      .map(([label, count]) => ({ label, before: 0, now: share(count, current) })),
  ];
  const ranked = [...cells].sort((a, b) => Math.max(b.before, b.now) - Math.max(a.before, a.now));
  const shown = new Set(ranked.slice(0, cells.length <= most ? most : most - 1));
  const kept = cells.filter((cell) => shown.has(cell));
  const rest = (of: 'before' | 'now'): number =>
    Math.max(0, 1 - kept.reduce((sum, cell) => sum + cell[of], 0));
  const other = {
    before: reference.n === 0 ? 0 : rest('before'),
    now: current.n === 0 ? 0 : rest('now'),
  };
  // Less than half a value is what is left by rounding.
  const hasRest = other.before * reference.n > 0.5 || other.now * current.n > 0.5;
  return {
    labels: [...kept.map(({ label }) => label), ...(hasRest ? ['(other)'] : [])],
    reference: [...kept.map(({ before }) => before), ...(hasRest ? [other.before] : [])],
    current: [...kept.map(({ now }) => now), ...(hasRest ? [other.now] : [])],
  };
}

interface Span {
  readonly left: number;
  readonly right: number;
}

function numericPicture(
  edges: Float64Array,
  reference: NumericProfile,
  current: NumericProfile,
  most: number,
): Picture {
  const bounds = cellSpans(edges, [reference, current]);
  const used = bounds.filter((_, i) => (reference.cells[i] as number) + (current.cells[i] as number) > 0);
  if (used.length <= most && used.filter(isPoint).length * 2 >= used.length) {
    const shares = ({ cells, n }: NumericProfile): number[] =>
      bounds.flatMap((span, i) => (used.includes(span) ? [n === 0 ? 0 : (cells[i] as number) / n] : []));
    return {
      labels: used.map((span) =>
        isPoint(span) ? short(span.right) : `${short(span.left)} .. ${short(span.right)}`,
      ),
      reference: shares(reference),
      current: shares(current),
    };
  }
  const ends = cellEnds(bounds, edges, reference, current, most);
  return {
    labels: [...ends, Number.NaN].map((end, i) => {
      if (i === 0) return `up to ${short(end)}`;
      const start = short(ends[i - 1] as number);
      return i === ends.length ? `above ${start}` : `${start} .. ${short(end)}`;
    }),
    reference: spread(edges, reference, ends),
    current: spread(edges, current, ends),
  };
}

function isPoint({ left, right }: Span): boolean {
  return nextBelow(right) <= left;
}

/** The upper ends of all cells but the last: at equal distances, or at equal ratios where most of the range is a tail. */
function cellEnds(
  bounds: readonly Span[],
  edges: Float64Array,
  reference: NumericProfile,
  current: NumericProfile,
  most: number,
): number[] {
  const both = [reference, current];
  const low = Math.min(...quantiles(edges, both, LOW));
  const high = Math.max(...quantiles(edges, both, HIGH));
  if (isWhole(bounds, both)) {
    // As many whole numbers in each: else the picture has teeth that the numbers do not have.
    const first = Math.floor(low);
    const step = Math.max(1, Math.ceil((high - first + 1) / most));
    const cells = Math.ceil((high - first + 1) / step);
    if (cells >= 2) return Array.from({ length: cells - 1 }, (_, i) => first - 1 + step * (i + 1));
  }
  const middle = Math.max(...quantiles(edges, both, 0.5));
  const isSkewed = low > 0 && high - middle > SKEWED * (middle - low) && high / low < WIDEST_RATIO;
  return Array.from({ length: most - 1 }, (_, i) => {
    const part = (i + 1) / most;
    return isSkewed ? low ** (1 - part) * high ** part : low * (1 - part) + high * part;
  });
}

/** True when nearly all that is known to the digit is a whole number, and most values are. */
function isWhole(bounds: readonly Span[], profiles: readonly NumericProfile[]): boolean {
  let whole = 0;
  let all = 0;
  for (const { cells, n } of profiles) {
    all += n;
    for (const [i, span] of bounds.entries()) {
      if (isPoint(span) && Number.isSafeInteger(span.right)) whole += cells[i] as number;
    }
  }
  return whole > 0.8 * all;
}

/** What each cell of the grid spans; the outer ones no more than the values that lie in them can. */
function cellSpans(edges: Float64Array, profiles: readonly NumericProfile[]): Span[] {
  const [first, last] = [edges[0] as number, edges.at(-1) as number];
  const below = profiles.filter(({ cells }) => (cells[0] as number) > 0);
  const above = profiles.filter(({ cells }) => (cells.at(-1) as number) > 0);
  return [
    {
      left: Math.min(first, ...below.map(({ min }) => min)),
      right: Math.min(first, Math.max(...below.map(({ max }) => max))),
    },
    ...Array.from(edges.subarray(1), (right, i) => ({ left: edges[i] as number, right })),
    {
      left: Math.max(last, Math.min(...above.map(({ min }) => min))),
      right: Math.max(last, ...above.map(({ max }) => max)),
    },
  ];
}

function quantiles(edges: Float64Array, profiles: readonly NumericProfile[], q: number): number[] {
  return profiles.flatMap(({ n, cells, min, max }) => {
    const found = n === 0 ? undefined : quantileFromCells(edges, cells, min, max, q);
    return found?.defined === true ? [found.value] : [];
  });
}

/** Lays the counts of a grid over other cells: what lies in a cell of the grid is taken to lie evenly in it. */
function spread(edges: Float64Array, profile: NumericProfile, ends: readonly number[]): number[] {
  const { cells, n } = profile;
  const shares = new Array<number>(ends.length + 1).fill(0);
  if (n === 0) return shares;
  for (const [i, { left, right }] of cellSpans(edges, [profile]).entries()) {
    const count = cells[i] as number;
    if (count === 0) continue;
    let at = left;
    for (let cell = firstCell(ends, left, right); at < right; cell += 1) {
      const end = Math.min(right, ends[cell] ?? right);
      shares[cell]! += (count * share(at, end, left, right)) / n;
      at = end;
    }
    // A cell without width, such as the outermost when nothing lies in it but its edge.
    if (left >= right) shares[firstCell(ends, left, right)]! += count / n;
  }
  return shares;
}

function share(from: number, to: number, left: number, right: number): number {
  const width = right - left;
  // Halved, the smallest doubles would be 0; not halved, the width of all doubles is no double.
  return Number.isFinite(width) ? (to - from) / width : (to / 2 - from / 2) / (right / 2 - left / 2);
}

/** Cells are closed on the right, as those of the grid are. */
function firstCell(ends: readonly number[], left: number, right: number): number {
  const start = left < right && nextBelow(right) <= left ? right : left;
  const found = ends.findIndex((end) => (start === right ? start <= end : start < end));
  return found === -1 ? ends.length : found;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
