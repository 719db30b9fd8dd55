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
  readonly blur: number;
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
  // Halved, so that the width of all doubles is a double.
  const whole = (edges.at(-1) as number) / 2 - (edges[0] as number) / 2;
  if (!(whole > 0)) return [];
  const width = (left: number, right: number): number => (right / 2 - left / 2) / whole;
  const cell = (left: number, right: number, from: number, to: number, strays: number): Cell => {
    const isPoint = nextBelow(right) <= left;
    const isFine = from === to && strays <= STRAYS / GAP_PARTS;
    const blur = isPoint || isFine ? 0 : width(left, right) * (to - from + strays);
    return { left, right, from, to, strays, blur };
  };
  const cells: Cell[] = [];
  let from = 0;
  for (let i = 1; i < edges.length; i += 1) {
    let to = from;
    while (to < sorted.length && (sorted[to] as number) <= (edges[i] as number)) to += 1;
    cells.push(cell(edges[i - 1] as number, edges[i] as number, from, to, STRAYS));
    from = to;
  }
  const added: number[] = [];
  while (added.length < budget) {
    const worst = indexOfMost(cells);
    const { left, right, from, to, strays, blur } = cells[worst] as Cell;
    if (blur === 0) break;
    const cut = bestCut(sorted, cells[worst] as Cell, width);
    const share = width(left, cut.at) / width(left, right);
    cells[worst] = cell(left, cut.at, from, cut.below, strays * share);
    cells.push(cell(cut.at, right, cut.below, to, strays * (1 - share)));
    added.push(cut.at);
  }
  return added;
}

function indexOfMost(cells: readonly Cell[]): number {
  let most = 0;
  for (let i = 1; i < cells.length; i += 1) {
    if ((cells[i] as Cell).blur > (cells[most] as Cell).blur) most = i;
  }
  return most;
}

/** The cut that leaves the least blur, in a cell that has a double between its edges. */
function bestCut(
  sorted: Float64Array,
  { left, right, from, to, strays }: Cell,
  width: (left: number, right: number) => number,
): Cut {
  const whole = width(left, right);
  const cutAt = (at: number, below: number): Cut => {
    const [w, v] = [width(left, at), width(at, right)];
    return {
      at,
      below,
      blur: w * (below - from + (strays * w) / whole) + v * (to - below + (strays * v) / whole),
    };
  };
  const middle = left / 2 + right / 2;
  let upToMiddle = from;
  while (upToMiddle < to && (sorted[upToMiddle] as number) <= middle) upToMiddle += 1;
  let best = cutAt(middle, upToMiddle);
  for (let i = from; i <= to; i += 1) {
    const before = i === from ? left : (sorted[i - 1] as number);
    const behind = i === to ? right : (sorted[i] as number);
    if (before === behind) continue;
    for (const at of [before, nextBelow(behind)]) {
      if (!(at > left && at < right)) continue;
      const cut = cutAt(at, i);
      if (cut.blur < best.blur) best = cut;
    }
  }
  return best;
}
