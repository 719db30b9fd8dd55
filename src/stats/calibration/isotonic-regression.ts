import type { ScoreCounts } from '../score/score-counts.ts';

/** Scores that share one probability. */
export interface IsotonicBlock {
  /** The smallest score of the block, and the largest. */
  readonly from: number;
  readonly to: number;
  readonly positives: number;
  /** Items of the block, positive or not; above 0. */
  readonly total: number;
}

/** As fine as the grid that scores are profiled on. */
const MOST_CELLS = 500;

/**
 * The rising function of the score that fits labels best: the share of positives in blocks of neighbouring scores, which are
 * as small as they can be with shares that rise from block to block. That is what turns scores into probabilities when all
 * that is known of them is that a higher one means more.
 *
 * Pool adjacent violators: scores are gone through in order, and a block whose share is not above that of the one before is
 * joined with it. Where there are very many scores, neighbours are put together first, a 500th of the items each.
 *
 * @returns blocks by ascending score; none without items.
 *
 * Reference: Barlow et al., Statistical inference under order restrictions (1972); Zadrozny and Elkan, Transforming classifier
 * scores into accurate multiclass probability estimates, KDD (2002); scikit-learn's `IsotonicRegression`.
 *
 * @example
 * const counts = scoreCounts([
 *   { score: 0.2, positives: 0, negatives: 4 },
 *   { score: 0.5, positives: 3, negatives: 1 },
 *   { score: 0.6, positives: 2, negatives: 2 },
 * ]);
 * isotonicRegression(counts).map(({ positives, total }) => positives / total); // [0, 0.625]
 */
export function isotonicRegression(counts: ScoreCounts): IsotonicBlock[] {
  const blocks: IsotonicBlock[] = [];
  for (const cell of cellsOf(counts)) {
    let block = cell;
    for (;;) {
      const before = blocks.at(-1);
      // Compared by products, so that equal shares are equal.
      if (before === undefined || before.positives * block.total < block.positives * before.total) break;
      blocks.pop();
      block = joined(before, block);
    }
    blocks.push(block);
  }
  return blocks;
}

/** Neighbouring scores together, so many that no more cells than needed come of them. */
function* cellsOf(counts: ScoreCounts): Generator<IsotonicBlock> {
  const { scores, positives, negatives, totalPositives, totalNegatives } = counts;
  const least = scores.length <= MOST_CELLS ? 0 : (totalPositives + totalNegatives) / MOST_CELLS;
  let open: IsotonicBlock | undefined;
  for (let i = 0; i < scores.length; i += 1) {
    const [score, ofPositives] = [scores[i] as number, positives[i] as number];
    const total = ofPositives + (negatives[i] as number);
    const cell = { from: score, to: score, positives: ofPositives, total };
    open = open === undefined ? cell : joined(open, cell);
    if (open.total < least) continue;
    yield open;
    open = undefined;
  }
  if (open !== undefined) yield open;
}

function joined(a: IsotonicBlock, b: IsotonicBlock): IsotonicBlock {
  return { from: a.from, to: b.to, positives: a.positives + b.positives, total: a.total + b.total };
}

/**
 * The place of the block that a score belongs to: the first that does not end below it, else the last. Scores between
 * two blocks belong to the upper one.
 */
export function blockOf(blocks: readonly IsotonicBlock[], score: number): number {
  let [low, high] = [0, blocks.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle] as IsotonicBlock).to < score) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The share of positives at a score: that of its block; between two blocks on the straight line from one to the other; beyond
 * the first and the last what they have.
 *
 * @param blocks at least one
 */
export function isotonicShare(blocks: readonly IsotonicBlock[], score: number): number {
  const place = blockOf(blocks, score);
  const block = blocks[place] as IsotonicBlock;
  const before = blocks[place - 1];
  const share = block.positives / block.total;
  if (before === undefined || score >= block.from) return share;
  const part = (score - before.to) / (block.from - before.to);
  const below = before.positives / before.total;
  return below + part * (share - below);
}
