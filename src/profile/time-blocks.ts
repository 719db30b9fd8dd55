import type { Millis } from '../base/clock.ts';
import { type BlockColumn, type BlockLayout, blockLayout, placeOf, thinnedPlaces } from './block-layout.ts';
import type { FeatureSpec } from './feature-spec.ts';

const MINUTE: Millis = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths of blocks. Each divides the next, and so blocks of one make up those of the next. */
const LADDER: readonly Millis[] = [
  ...[5, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 7, 28].map((days) => days * DAY),
];

/** Counts that are kept at a time, over all blocks and features: 32 MB, and twice that where many are above 65 535. */
const CELLS = 16_000_000;
/** Blocks are merged when there are more than this many, or fewer where features are so many that cells run out. */
const MOST_BLOCKS = 2_000;
const FEWEST_BLOCKS = 16;
/** From this length on grids become coarser before blocks become longer: much of a daily rhythm is lost in longer ones. */
const THINNING_FROM: Millis = HOUR;
/** Steps of the coarse grids, one after another. Each halves those before it; the deciles are always there. */
const STEPS = [64, 32, 16, 8, 4] as const;
/** A coarser grid is not worth it unless it makes blocks this much smaller. Categories are not thinned. */
const WORTHWHILE = 0.9;
/** Fewer blocks than this tell nothing about how blocks differ. */
const ENOUGH_BLOCKS = 5;

/** Instants farther from the epoch than JavaScript's dates go are none. */
const FARTHEST: Millis = 8.64e15;

/** What `slotOf` gives for a time that is none; nothing is counted there. */
const NO_SLOT = -1;

/** The counts of one feature in the blocks of one length, in the order of time; blocks without any event are not there. */
export interface BlockCounts {
  readonly block: Millis;
  /** Per block one array of counts: per cell of the coarse grid; or per category, and one more for all other values. */
  readonly counts: readonly Uint32Array[];
  /** Rows of each block without a value, and with one of the wrong type. */
  readonly missing: readonly number[];
  readonly invalid: readonly number[];
}

export interface FeatureBlocks {
  /** What the counts are under: the grid is a coarse one. */
  readonly spec: FeatureSpec;
  /** From the shortest blocks that were kept to the longest of which there are five; no two of the same blocks. */
  readonly lengths: readonly BlockCounts[];
}

/** As narrow as it can be. */
type Counts = Uint16Array | Uint32Array;
const NARROW = 65_535;

/**
 * Counts a baseline's values by the time they are of, coarsely: what is known afterwards is how far its hours or days
 * lie apart.
 *
 * Blocks begin at 5 minutes and become longer whenever there are too many of them, by adding neighbours up. Those of an hour
 * and longer first get fewer cells instead. So memory has a bound, whatever the rows; and the result does not depend on
 * their order, as the steps are always the same and each is taken when there are too many blocks for the one before.
 *
 * A month of hours fits for 1 000 numeric features.
 *
 * For each row ask for its slot once, then `add` the cell of each of its values. Columns of rows: `slotsOf` their times,
 * then `addColumn` by column. A slot is good until the next one is asked for.
 */
export class TimeBlocks {
  readonly #specs: readonly FeatureSpec[];
  #layout: BlockLayout;
  #level = 0;
  #length: Millis = LADDER[0] as Millis;
  /** Slots by the number of the block, counted from the Unix epoch. */
  #slots = new Map<number, number>();
  #counts: Counts[] = [];
  #last = Number.NaN;
  #lastSlot = NO_SLOT;

  /** @param specs of the features, which are called by their position from here on. */
  constructor(specs: readonly FeatureSpec[]) {
    this.#specs = specs;
    this.#layout = blockLayout(specs, STEPS[0]);
  }

  /** The slot of the block that an instant lies in. */
  slotOf(timestamp: Millis): number {
    if (!(Math.abs(timestamp) <= FARTHEST)) return NO_SLOT;
    for (;;) {
      const number = Math.floor(timestamp / this.#length);
      if (number === this.#last) return this.#lastSlot;
      const slot = this.#slots.get(number);
      if (slot === undefined) {
        this.#slots.set(number, this.#counts.length);
        this.#counts.push(new Uint16Array(this.#layout.width));
        while (this.#slots.size > mostBlocks(this.#layout)) this.#shrink();
      } else {
        this.#last = number;
        this.#lastSlot = slot;
      }
    }
  }

  /** The slots of the first `rows` of a column of instants; NaN where a row has none. */
  slotsOf(timestamps: ArrayLike<Millis>, rows: number): Int32Array {
    const slots = new Int32Array(rows);
    // The first look makes the blocks, and with them the length, final.
    for (let i = 0; i < rows; i += 1) this.slotOf(timestamps[i] as Millis);
    for (let i = 0; i < rows; i += 1) slots[i] = this.slotOf(timestamps[i] as Millis);
    return slots;
  }

  /**
   * Counts one row of a feature.
   *
   * @param cell of the feature's own grid; or the position of the category, their number standing for all other values.
   *   `MISSING` or `INVALID` for a row without a value.
   */
  add(feature: number, slot: number, cell: number): void {
    if (slot >= 0) this.#count(slot, placeOf(this.#layout.columns[feature] as BlockColumn, cell));
  }

  /** Counts the first `rows` of a feature, as `add` would one by one. */
  addColumn(feature: number, slots: Int32Array, cells: Int32Array, rows: number): void {
    const column = this.#layout.columns[feature] as BlockColumn;
    for (let i = 0; i < rows; i += 1) {
      const slot = slots[i] as number;
      if (slot >= 0) this.#count(slot, placeOf(column, cells[i] as number));
    }
  }

  #count(slot: number, place: number): void {
    let counts = this.#counts[slot] as Counts;
    if (counts[place] === NARROW && counts instanceof Uint16Array) {
      counts = new Uint32Array(counts);
      this.#counts[slot] = counts;
    }
    counts[place]! += 1;
  }

  /** What was counted of a feature. */
  blocksOf(feature: number): FeatureBlocks {
    const { spec, offset, cells } = this.#layout.columns[feature] as BlockColumn;
    const lengths: BlockCounts[] = [];
    let blocks = new Map<number, Counts>(
      [...this.#slots]
        .sort(([a], [b]) => a - b)
        .map(([number, slot]) => [
          number,
          new Uint32Array((this.#counts[slot] as Counts).subarray(offset, offset + cells + 2)),
        ]),
    );
    for (let block = this.#length; blocks.size >= ENOUGH_BLOCKS; block = longerThan(block)) {
      const known = lengths.at(-1)?.counts.length;
      // The same blocks by another name: one a day, say, however short.
      if (known !== blocks.size) {
        const all = [...blocks.values()];
        lengths.push({
          block,
          counts: all.map((counts) => counts.subarray(0, cells) as Uint32Array),
          missing: all.map((counts) => counts[cells] as number),
          invalid: all.map((counts) => counts[cells + 1] as number),
        });
      }
      blocks = mergeBlocks(blocks, longerThan(block) / block);
    }
    return { spec, lengths };
  }

  /** Takes the next step to smaller or fewer blocks. Which it is must not depend on what was counted. */
  #shrink(): void {
    const steps = STEPS[this.#level + 1];
    if (this.#length >= THINNING_FROM && steps !== undefined && mostBlocks(this.#layout) < MOST_BLOCKS) {
      this.#level += 1;
      const thinned = blockLayout(this.#specs, steps);
      if (thinned.width < WORTHWHILE * this.#layout.width) {
        this.#thinTo(thinned);
        return;
      }
    }
    this.#lengthen();
  }

  #thinTo(layout: BlockLayout): void {
    const places = thinnedPlaces(this.#layout, layout);
    this.#layout = layout;
    // One at a time, so that both are not there at once.
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      const before = this.#counts[slot] as Counts;
      const counts = new Uint32Array(layout.width);
      for (let i = 0; i < before.length; i += 1) counts[places[i] as number]! += before[i] as number;
      this.#counts[slot] = counts.some((count) => count > NARROW) ? counts : new Uint16Array(counts);
    }
  }

  /** Makes all blocks longer by one step. */
  #lengthen(): void {
    const longer = longerThan(this.#length);
    const blocks = new Map(
      Array.from(this.#slots, ([number, slot]) => [number, this.#counts[slot] as Counts]),
    );
    const merged = mergeBlocks(blocks, longer / this.#length);
    this.#counts = [...merged.values()];
    this.#slots = new Map(Array.from(merged.keys(), (number, slot) => [number, slot]));
    this.#length = longer;
    this.#last = Number.NaN;
  }
}

function mostBlocks({ width }: BlockLayout): number {
  return Math.min(MOST_BLOCKS, Math.max(FEWEST_BLOCKS, Math.floor(CELLS / Math.max(1, width))));
}

/** The next length of the ladder; behind its end it goes on by doubling, so that there is always one. */
function longerThan(length: Millis): Millis {
  return LADDER.find((step) => step > length) ?? 2 * length;
}

/** Adds up every `share` neighbours. Blocks are kept by their number from the epoch, and so are the longer ones. */
function mergeBlocks(blocks: ReadonlyMap<number, Counts>, share: number): Map<number, Counts> {
  const merged = new Map<number, Counts>();
  for (const [number, counts] of blocks) {
    const longer = Math.floor(number / share);
    const into = merged.get(longer);
    merged.set(longer, into === undefined ? counts.slice() : added(into, counts));
  }
  return merged;
}

/** Adds into the first, or into a wider copy of it where it cannot hold the sum. */
function added(into: Counts, counts: Counts): Counts {
  const isTooNarrow =
    into instanceof Uint16Array && into.some((count, i) => count + (counts[i] as number) > NARROW);
  const sum = isTooNarrow ? new Uint32Array(into) : into;
  for (let i = 0; i < sum.length; i += 1) sum[i]! += counts[i] as number;
  return sum;
}
