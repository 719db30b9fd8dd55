import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { INVALID } from '../../src/profile/no-value.ts';
import { type FeatureBlocks, TimeBlocks } from '../../src/profile/time-blocks.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const COLORS: FeatureSpec = {
  kind: 'categorical',
  categories: ['red', 'green'],
  acceptsNumbers: false,
  complete: true,
};
const NUMBERS: FeatureSpec = {
  kind: 'numeric',
  grid: buildGrid(Array.from({ length: 1_000 }, (_, i) => i)),
};

interface Row {
  readonly at: number;
  readonly cell: number;
}

function counted(
  spec: FeatureSpec,
  rows: readonly Row[],
  beside: readonly FeatureSpec[] = [],
): FeatureBlocks {
  const blocks = new TimeBlocks([spec, ...beside]);
  for (const { at, cell } of rows) blocks.add(0, blocks.slotOf(at), cell);
  return blocks.blocksOf(0);
}

/** The counts of the blocks of one length by plain counting; the last two are of rows without a value. */
function directly(rows: readonly Row[], block: number, cells: number): number[][] {
  const blocks = new Map<number, number[]>();
  for (const { at, cell } of [...rows].sort((a, b) => a.at - b.at)) {
    const number = Math.floor(at / block);
    const counts = blocks.get(number) ?? new Array<number>(cells).fill(0);
    blocks.set(number, counts);
    // Missing and invalid ones come last.
    counts[cell >= 0 ? cell : cells - 3 - cell]! += 1;
  }
  return [...blocks.values()];
}

function plain({ lengths }: FeatureBlocks): Array<{ block: number; counts: number[][] }> {
  return lengths.map(({ block, counts, missing, invalid }) => ({
    block,
    counts: counts.map((cells, i) => [...cells, missing[i] as number, invalid[i] as number]),
  }));
}

/** Rows over some days at whatever pace, before and after 1970; a category, another one, or no value for either reason. */
const someRows: fc.Arbitrary<Row[]> = fc
  .record({
    start: fc.integer({ min: -3e11, max: 2e12 }),
    pace: fc.constantFrom(1, MINUTE, HOUR, DAY, 90 * DAY),
  })
  .chain(({ start, pace }) =>
    fc.array(
      fc
        .record({ step: fc.integer({ min: 0, max: 400 }), cell: fc.integer({ min: INVALID, max: 2 }) })
        .map(({ step, cell }) => ({ at: start + step * pace, cell })),
      { minLength: 1, maxLength: 500 },
    ),
  );

describe('TimeBlocks', () => {
  it('hold what counting at each of their lengths would give', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        for (const { block, counts } of plain(counted(COLORS, rows)))
          expect(counts).toEqual(directly(rows, block, 5));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same for any order of the rows', () => {
    fc.assert(
      fc.property(someRows, fc.integer(), (rows, seed) => {
        const random = seededRandom(seed);
        const shuffled = rows
          .map((row) => ({ row, key: random() }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row);
        const ordered = [...rows].sort((a, b) => a.at - b.at);
        expect(counted(COLORS, shuffled)).toEqual(counted(COLORS, ordered));
        expect(counted(COLORS, shuffled)).toEqual(counted(COLORS, ordered.reverse()));
      }),
      { numRuns: 40 },
    );
  });

  it('become longer where there are too many of them, up to where five are left', () => {
    const every = (step: number, until: number): Row[] =>
      Array.from({ length: until / step }, (_, i) => ({ at: i * step, cell: 0 }));
    const lengthsOf = (rows: readonly Row[]) =>
      counted(COLORS, rows).lengths.map(({ block, counts }) => [block / HOUR, counts.length]);
    expect(lengthsOf(every(MINUTE, HOUR))).toEqual([[1 / 12, 12]]);
    expect(lengthsOf(every(5 * MINUTE, 6 * DAY))[0]).toEqual([1 / 12, 1_728]);
    expect(lengthsOf(every(30 * MINUTE, 60 * DAY)).slice(0, 2)).toEqual([
      [1, 1_440],
      [3, 480],
    ]);
    expect(lengthsOf(every(5 * MINUTE, 14 * DAY))).toEqual([
      [1 / 4, 1_344],
      [1 / 2, 672],
      [1, 336],
      [3, 112],
      [6, 56],
      [12, 28],
      [24, 14],
    ]);
    // One row a day is a block of any length up to a day.
    expect(lengthsOf(every(DAY, 100 * DAY))).toEqual([
      [1 / 12, 100],
      [7 * 24, 15],
    ]);
    // Behind the end of the ladder it goes on: two thousand years are not too long.
    expect(lengthsOf(every(56 * DAY, 14_336 * 56 * DAY))[0]).toEqual([56 * 8 * 24, 1_792]);
  });

  it('keep within a number of cells, whatever the features and the rows', () => {
    const most = (specs: readonly FeatureSpec[]): number => {
      const blocks = new TimeBlocks(specs);
      let slots = 0;
      for (let i = 0; i < 3_000; i += 1) slots = Math.max(slots, blocks.slotOf(i * 61 * MINUTE));
      return slots + 1;
    };
    const wide: FeatureSpec = { ...COLORS, categories: Array.from({ length: 999 }, (_, i) => `c${i}`) };
    expect(most([COLORS])).toBe(2_000);
    // Sixteen million cells; two of each feature are of rows without a value.
    expect(most(Array.from({ length: 32 }, () => wide))).toBe(Math.floor(16e6 / (32 * 1_002)));
    expect(most(Array.from({ length: 1_200 }, () => wide))).toBe(16);
  });

  it('have coarser grids where features are many, and hours as long as that is enough', () => {
    const lengthsOf = (features: number) => {
      const blocks = new TimeBlocks(Array.from({ length: features }, () => NUMBERS));
      for (let hour = 0; hour < 30 * 24; hour += 1) blocks.add(0, blocks.slotOf(hour * HOUR), hour % 500);
      const { spec, lengths } = blocks.blocksOf(0);
      const edges = spec.kind === 'numeric' ? spec.grid.edges.length : Number.NaN;
      return { first: (lengths[0]?.block ?? 0) / HOUR, blocks: lengths[0]?.counts.length, edges };
    };
    // The blocks of five minutes have a row each hour, so that they are as many as hours.
    const few = lengthsOf(20);
    expect(few).toMatchObject({ first: 1 / 12, blocks: 720 });
    const many = lengthsOf(1_000);
    expect(many).toMatchObject({ first: 1, blocks: 720 });
    expect(many.edges).toBeLessThan(few.edges / 2);
    expect(many.edges).toBeGreaterThan(11);
  });

  it('that became coarser hold what those of the coarse grid would have counted', () => {
    const random = seededRandom(8);
    const rows = Array.from({ length: 4_000 }, (_, i) => ({
      at: Math.floor(i / 6) * HOUR,
      cell: Math.floor(random() * (NUMBERS.kind === 'numeric' ? NUMBERS.grid.edges.length : 0)) + INVALID,
    }));
    const many = Array.from({ length: 1_000 }, () => NUMBERS);
    const blocks = new TimeBlocks([NUMBERS, ...many]);
    for (const { at, cell } of rows) blocks.add(0, blocks.slotOf(at), cell);
    const thinned = blocks.blocksOf(0);
    if (NUMBERS.kind !== 'numeric' || thinned.spec.kind !== 'numeric') throw new TypeError('not numeric');
    const { edges } = NUMBERS.grid;
    const ends = [...thinned.spec.grid.edges].map((edge) => edges.indexOf(edge));
    const cells = ends.length + 1;
    const coarse = rows.map(({ at, cell }) => {
      const last = ends.findIndex((end) => cell <= end);
      return { at, cell: cell < 0 ? cell : last < 0 ? cells - 1 : last };
    });
    const [first] = plain(thinned);
    expect(first?.block).toBe(HOUR);
    expect(first?.counts).toEqual(directly(coarse, HOUR, cells + 2));
  });

  it('count on where 16 bits do not hold a count, and where only a sum of blocks is larger', () => {
    const blocks = new TimeBlocks([COLORS]);
    const [slots, cells] = [new Int32Array(70_000), new Int32Array(70_000).fill(1)];
    for (let hour = 0; hour < 5; hour += 1) {
      slots.fill(blocks.slotOf(hour * HOUR));
      blocks.addColumn(0, slots, cells, hour === 2 ? 70_000 : 40_000);
    }
    // So many that they are merged, to hours.
    for (let i = 0; i < 2_500; i += 1) blocks.add(0, blocks.slotOf(i * 30 * MINUTE), 1);
    const [first] = plain(blocks.blocksOf(0));
    expect(first?.block).toBe(HOUR);
    expect(first?.counts.slice(0, 6).map((counts) => counts[1])).toEqual([
      40_002, 40_002, 70_002, 40_002, 40_002, 2,
    ]);
    const day = blocks.blocksOf(0).lengths.find(({ block }) => block === DAY);
    expect(day?.counts[0]?.[1]).toBe(4 * 40_000 + 70_000 + 48);
  });

  it('count columns as they count rows', () => {
    const random = seededRandom(5);
    const rows = Array.from({ length: 5_000 }, () => ({
      at: random() < 0.01 ? Number.NaN : Math.floor(random() * 40 * DAY),
      cell: Math.floor(random() * 800) + INVALID,
    }));
    const one = new TimeBlocks([COLORS, NUMBERS]);
    const all = new TimeBlocks([COLORS, NUMBERS]);
    for (const { at, cell } of rows) one.add(1, one.slotOf(at), cell);
    for (const half of [rows.slice(0, 3_000), rows.slice(3_000)]) {
      const times = half.map(({ at }) => at);
      const cells = Int32Array.from(half, ({ cell }) => cell);
      all.addColumn(1, all.slotsOf(times, half.length), cells, half.length);
    }
    expect(all.blocksOf(1)).toEqual(one.blocksOf(1));
    expect(new Set(all.blocksOf(0).lengths.flatMap(({ counts }) => counts.flatMap((c) => [...c])))).toEqual(
      new Set([0]),
    );
  });

  it('count numbers in a coarse grid, which they come with', () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => ({ at: (i % 10) * DAY, cell: i }));
    const { spec, lengths } = counted(NUMBERS, rows, [COLORS]);
    const { grid } = NUMBERS;
    if (spec.kind !== 'numeric') throw new TypeError('not numeric');
    expect(spec.grid.edges.length).toBeLessThan(80);
    const total = lengths[0]?.counts.reduce((sum, counts) => sum + counts.reduce((a, b) => a + b, 0), 0);
    expect(total).toBe(1_000);
    // Below each decile lie as many as the fine cells have.
    spec.grid.decilePositions.forEach((position, i) => {
      const below = lengths[0]?.counts.reduce(
        (sum, counts) => sum + counts.subarray(0, position + 1).reduce((a, b) => a + b, 0),
        0,
      );
      expect(below).toBe(rows.filter(({ cell }) => cell <= (grid.decilePositions[i] as number)).length);
    });
  });

  it('leave out rows without a time, and times that no date has', () => {
    const blocks = new TimeBlocks([COLORS]);
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      expect(blocks.slotOf(at)).toBe(-1);
      blocks.add(0, blocks.slotOf(at), 0);
    }
    expect(blocks.blocksOf(0).lengths).toEqual([]);
  });
});
