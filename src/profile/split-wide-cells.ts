import { BlurQueue } from './blur-queue.ts';
import { nextBelow } from './next-below.ts';

/** A cell (left, right] with the sample values from..to that lie in it. */
interface Cell {
  readonly left: number;
  readonly right: number;
  readonly from: number;
  readonly to: number;
  /** Values of another sample that may lie in it, beyond those that this sample's values stand for. */
  readonly strays: number;
  /** How much of the distance between two samples may hide in the cell: its width times the values in it. */
  readonly blur: number;
}

interface Cut {
  readonly at: number;
  /** Values of the cell that lie up to the cut. */
  readonly below: number;
}

/** Before anything else is known, two values may have strayed into any cell of the sample's grid. */
const STRAYS = 2;
/** A gap between two values is fine enough in this many parts. */
const GAP_PARTS = 128;

/**
 * Edges to be added so that the area between two distribution functions (the Wasserstein distance) can be read off the
 * grid. Cells of equal mass are wide where values are rare, and there the distance lives: a cell that spans a heavy tail
 * or the gap between two clusters says little about where in it the values are.
 *
 * The cell with the most blur is cut, over and over, where that leaves the least: beside a value, so that gaps become
 * cells, or in the middle, so that gaps become finer. Widths count relative to the whole.
 *
 * @param sorted the sample, ascending; at least one value.
 * @param edges ascending and distinct, from below the smallest value to the largest.
 * @param budget edges to add at most.
 */
export function splitWideCells(sorted: Float64Array, edges: readonly number[], budget: number): number[] {
  const range = half(edges[0] as number, edges.at(-1) as number);
  if (!(range > 0)) return [];
  const cells: Cell[] = [];
  let from = 0;
  for (let i = 1; i < edges.length; i += 1) {
    let to = from;
    while (to < sorted.length && (sorted[to] as number) <= (edges[i] as number)) to += 1;
    cells.push(cellOf(range, edges[i - 1] as number, edges[i] as number, from, to, STRAYS));
    from = to;
  }
  const queue = new BlurQueue(cells);
  const added: number[] = [];
  while (added.length < budget) {
    const worst = queue.first;
    if (worst.blur === 0) break;
    const { left, right, to, strays } = worst;
    const { at, below } = bestCut(sorted, worst, range);
    const share = half(left, at) / range / (half(left, right) / range);
    queue.replaceFirst(cellOf(range, left, at, worst.from, below, strays * share));
    queue.add(cellOf(range, at, right, below, to, strays * (1 - share)));
    added.push(at);
  }
  return added;
}

/** Half of the distance, so that the width of all doubles is a double. */
function half(left: number, right: number): number {
  return right / 2 - left / 2;
}

function cellOf(range: number, left: number, right: number, from: number, to: number, strays: number): Cell {
  const isPoint = nextBelow(right) <= left;
  const isFine = from === to && strays <= STRAYS / GAP_PARTS;
  const blur = isPoint || isFine ? 0 : (half(left, right) / range) * (to - from + strays);
  return { left, right, from, to, strays, blur };
}

/** The cut that leaves the least blur, in a cell that has a double between its edges. */
function bestCut(sorted: Float64Array, cell: Cell, range: number): Cut {
  const { left, right, from, to } = cell;
  let at = left / 2 + right / 2;
  let below = from;
  while (below < to && (sorted[below] as number) <= at) below += 1;
  let least = blurOfCut(cell, range, at, below);
  for (let i = from; i <= to; i += 1) {
    const before = i === from ? left : (sorted[i - 1] as number);
    const behind = i === to ? right : (sorted[i] as number);
    if (before === behind) continue;
    for (let side = 0; side < 2; side += 1) {
      const beside = side === 0 ? before : nextBelow(behind);
      if (!(beside > left && beside < right)) continue;
      const blur = blurOfCut(cell, range, beside, i);
      if (!(blur < least)) continue;
      least = blur;
      at = beside;
      below = i;
    }
  }
  return { at, below };
}

/** What is left in both parts, when the values up to `below` lie in the first one. */
function blurOfCut(
  { left, right, from, to, strays }: Cell,
  range: number,
  at: number,
  below: number,
): number {
  const whole = half(left, right) / range;
  const before = half(left, at) / range;
  const behind = half(at, right) / range;
  return (
    before * (below - from + (strays * before) / whole) + behind * (to - below + (strays * behind) / whole)
  );
}
