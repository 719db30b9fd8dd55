import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
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

/** The counts of the blocks of one length by plain counting. */
function directly(rows: readonly Row[], block: number, cells: number): number[][] {
  const blocks = new Map<number, number[]>();
  for (const { at, cell } of [...rows].sort((a, b) => a.at - b.at)) {
    const number = Math.floor(at / block);
    const counts = blocks.get(number) ?? new Array<number>(cells).fill(0);
    blocks.set(number, counts);
    if (cell >= 0) counts[cell]! += 1;
  }
  return [...blocks.values()];
}

function plain({ lengths }: FeatureBlocks): Array<{ block: number; counts: number[][] }> {
  return lengths.map(({ block, counts }) => ({ block, counts: counts.map((cells) => [...cells]) }));
}

/** Rows over some days at whatever pace, before and after 1970; a category, another one, or no value. */
const someRows: fc.Arbitrary<Row[]> = fc
  .record({
    start: fc.integer({ min: -3e11, max: 2e12 }),
    pace: fc.constantFrom(1, MINUTE, HOUR, DAY, 90 * DAY),
  })
  .chain(({ start, pace }) =>
    fc.array(
      fc
        .record({ step: fc.integer({ min: 0, max: 400 }), cell: fc.integer({ min: -1, max: 2 }) })
        .map(({ step, cell }) => ({ at: start + step * pace, cell })),
      { minLength: 1, maxLength: 500 },
    ),
  );

describe('TimeBlocks', () => {
  it('hold what counting at each of their lengths would give', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        for (const { block, counts } of plain(counted(COLORS, rows)))
          expect(counts).toEqual(directly(rows, block, 3));
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
    expect(lengthsOf(every(5 * MINUTE, 14 * DAY))).toEqual([
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
    expect(lengthsOf(every(56 * DAY, 14_336 * 56 * DAY))[0]).toEqual([56 * 128 * 24, 112]);
  });

  it('keep within a number of cells, whatever the features and the rows', () => {
    const most = (specs: readonly FeatureSpec[]): number => {
      const blocks = new TimeBlocks(specs);
      let slots = 0;
      for (let i = 0; i < 3_000; i += 1) slots = Math.max(slots, blocks.slotOf(i * 61 * MINUTE));
      return slots + 1;
    };
    const wide: FeatureSpec = { ...COLORS, categories: Array.from({ length: 999 }, (_, i) => `c${i}`) };
    expect(most([COLORS])).toBe(200);
    expect(most(Array.from({ length: 32 }, () => wide))).toBe(100);
    expect(most(Array.from({ length: 1_000 }, () => wide))).toBe(16);
  });

  it('count columns as they count rows', () => {
    const random = seededRandom(5);
    const rows = Array.from({ length: 5_000 }, () => ({
      at: random() < 0.01 ? Number.NaN : Math.floor(random() * 40 * DAY),
      cell: Math.floor(random() * 800) - 1,
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
