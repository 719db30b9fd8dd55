import type { Millis } from '../base/clock.ts';
import { coarseGrid } from './coarse-grid.ts';
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

/** Cells that are counted at a time, over all blocks and features: 12.8 MB of them. */
const CELLS = 3_200_000;
/** Blocks are merged when there are more than this many, or fewer where features are so many that cells run out. */
const MOST_BLOCKS = 200;
const FEWEST_BLOCKS = 16;
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
}

export interface FeatureBlocks {
  /** What the counts are under: the grid is a coarse one. */
  readonly spec: FeatureSpec;
  /** From the shortest blocks that were kept to the longest of which there are five; no two of the same blocks. */
  readonly lengths: readonly BlockCounts[];
}

interface Column {
  readonly spec: FeatureSpec;
  /** Where the feature's cells lie in a block. */
  readonly offset: number;
  readonly cells: number;
  /** The coarse cell of each cell of the feature's grid; undefined where they are the same. */
  readonly cellOf: Uint8Array | undefined;
}

/**
 * Counts a baseline's values by the time they are of, coarsely: what is known afterwards is how far its hours or days
 * lie apart.
 *
 * Blocks begin at 5 minutes and become longer whenever there are too many of them, by adding neighbours up. So memory has
 * a bound, whatever the rows; and the result does not depend on their order.
 *
 * For each row ask for its slot once, then `add` the cell of each of its values. Columns of rows: `slotsOf` their times,
 * then `addColumn` by column. A slot is good until the next one is asked for.
 */
export class TimeBlocks {
  readonly #columns: readonly Column[];
  readonly #width: number;
  readonly #most: number;
  #length: Millis = LADDER[0] as Millis;
  /** Slots by the number of the block, counted from the Unix epoch. */
  #slots = new Map<number, number>();
  #counts: Uint32Array[] = [];
  #last = Number.NaN;
  #lastSlot = NO_SLOT;

  /** @param specs of the features, which are called by their position from here on. */
  constructor(specs: readonly FeatureSpec[]) {
    let width = 0;
    this.#columns = specs.map((spec) => {
      const column = columnOf(spec, width);
      width += column.cells;
      return column;
    });
    this.#width = width;
    this.#most = Math.min(MOST_BLOCKS, Math.max(FEWEST_BLOCKS, Math.floor(CELLS / Math.max(1, width))));
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
        this.#counts.push(new Uint32Array(this.#width));
        while (this.#slots.size > this.#most) this.#lengthen();
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
   * Counts one value of a feature.
   *
   * @param cell of the feature's own grid; or the position of the category, their number standing for all other values.
   *   Below 0 for a row without a value, which is not counted.
   */
  add(feature: number, slot: number, cell: number): void {
    if (cell < 0 || slot < 0) return;
    const { offset, cellOf } = this.#columns[feature] as Column;
    const place = offset + (cellOf === undefined ? cell : (cellOf[cell] as number));
    (this.#counts[slot] as Uint32Array)[place]! += 1;
  }

  /** Counts the first `rows` values of a feature, as `add` would one by one. */
  addColumn(feature: number, slots: Int32Array, cells: Int32Array, rows: number): void {
    const { offset, cellOf } = this.#columns[feature] as Column;
    const counts = this.#counts;
    for (let i = 0; i < rows; i += 1) {
      const [slot, cell] = [slots[i] as number, cells[i] as number];
      if (cell < 0 || slot < 0) continue;
      const place = offset + (cellOf === undefined ? cell : (cellOf[cell] as number));
      (counts[slot] as Uint32Array)[place]! += 1;
    }
  }

  /** What was counted of a feature. */
  blocksOf(feature: number): FeatureBlocks {
    const { spec, offset, cells } = this.#columns[feature] as Column;
    const lengths: BlockCounts[] = [];
    let blocks = new Map(
      [...this.#slots]
        .sort(([a], [b]) => a - b)
        .map(([number, slot]) => [
          number,
          (this.#counts[slot] as Uint32Array).subarray(offset, offset + cells),
        ]),
    );
    for (let block = this.#length; blocks.size >= ENOUGH_BLOCKS; block = longerThan(block)) {
      const known = lengths.at(-1)?.counts.length;
      // The same blocks by another name: one a day, say, however short.
      if (known !== blocks.size) lengths.push({ block, counts: [...blocks.values()] });
      blocks = mergeBlocks(blocks, longerThan(block) / block);
    }
    return { spec, lengths };
  }

  /** Makes all blocks longer by one step. */
  #lengthen(): void {
    const longer = longerThan(this.#length);
    const blocks = new Map(
      Array.from(this.#slots, ([number, slot]) => [number, this.#counts[slot] as Uint32Array]),
    );
    const merged = mergeBlocks(blocks, longer / this.#length);
    this.#counts = [...merged.values()];
    this.#slots = new Map(Array.from(merged.keys(), (number, slot) => [number, slot]));
    this.#length = longer;
    this.#last = Number.NaN;
  }
}

function columnOf(spec: FeatureSpec, offset: number): Column {
  if (spec.kind === 'categorical') {
    return { spec, offset, cells: spec.categories.length + 1, cellOf: undefined };
  }
  const { grid, cellOf } = coarseGrid(spec.grid);
  return { spec: { kind: 'numeric', grid }, offset, cells: grid.edges.length + 1, cellOf };
}

/** The next length of the ladder; behind its end it goes on by doubling, so that there is always one. */
function longerThan(length: Millis): Millis {
  return LADDER.find((step) => step > length) ?? 2 * length;
}

/** Adds up every `share` neighbours. Blocks are kept by their number from the epoch, and so are the longer ones. */
function mergeBlocks(blocks: ReadonlyMap<number, Uint32Array>, share: number): Map<number, Uint32Array> {
  const merged = new Map<number, Uint32Array>();
  for (const [number, counts] of blocks) {
    const longer = Math.floor(number / share);
    const into = merged.get(longer);
    if (into === undefined) merged.set(longer, counts.slice());
    else for (let i = 0; i < counts.length; i += 1) into[i]! += counts[i] as number;
  }
  return merged;
}
