import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chunk, type ChunkLimits, DEFAULT_CHUNK_LIMITS } from '../../src/ingest/chunk.ts';

const HOUR = 3_600_000;

interface Entry {
  readonly offset: number;
  readonly time: number;
  /** The model, version and minute that its event belongs to. */
  readonly group: string;
  readonly features: number;
}

interface Bounds {
  readonly start: number;
  readonly end: number;
  readonly records: number;
}

/** Reads a log from one of its entries to its end, the way a partition is read. The last chunk may be open. */
function chunksOf(log: readonly Entry[], from: number, limits: ChunkLimits): Bounds[] {
  const chunks: Chunk[] = [];
  let touched = new Set<string>();
  for (const { offset, time, group, features } of log.filter((entry) => entry.offset >= from)) {
    let chunk = chunks.at(-1);
    if (chunk === undefined || chunk.endsBefore(time)) {
      chunk = new Chunk(offset, limits);
      chunks.push(chunk);
      touched = new Set();
    }
    chunk.take(offset, time);
    if (!touched.has(group)) chunk.touch(features);
    touched.add(group);
  }
  return chunks.map(({ start, end, records }) => ({ start, end, records }));
}

/** The same from the definition: looks at all entries of a chunk again for each next one. */
function naiveChunksOf(log: readonly Entry[], limits: ChunkLimits): Bounds[] {
  const chunks: Entry[][] = [];
  for (const entry of log) {
    const last = chunks.at(-1);
    const isFull = (entries: readonly Entry[]): boolean => {
      const hours = entries.map(({ time }) => Math.floor(time / HOUR));
      const firsts = entries.filter(
        ({ group }, i) => entries.findIndex((other) => other.group === group) === i,
      );
      const profiles = firsts.reduce((sum, { features }) => sum + features, 0);
      const newHour = Math.floor(entry.time / HOUR) > Math.max(...hours);
      return entries.length >= limits.maxRecords || profiles >= limits.maxProfiles || newHour;
    };
    if (last === undefined || isFull(last)) chunks.push([entry]);
    else last.push(entry);
  }
  return chunks.map((entries) => ({
    start: (entries[0] as Entry).offset,
    end: (entries.at(-1) as Entry).offset + 1,
    records: entries.length,
  }));
}

/** Offsets with gaps, as compaction and transactions leave them; times that mostly rise. */
const anyLog: fc.Arbitrary<Entry[]> = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.nat(3)),
      step: fc.oneof(fc.nat(600_000), fc.integer({ min: -2 * HOUR, max: 2 * HOUR })),
      group: fc.constantFrom(...'abcdefgh'),
      features: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 80 },
  )
  .map((steps) => {
    let offset = 40;
    let time = 1_795_334_400_000;
    return steps.map(({ gap, step, group, features }) => {
      offset += 1 + gap;
      time += step;
      return { offset, time, group, features };
    });
  });

const anyLimits: fc.Arbitrary<ChunkLimits> = fc
  .record({ maxRecords: fc.integer({ min: 1, max: 30 }), maxProfiles: fc.integer({ min: 1, max: 20 }) })
  .map((limits) => ({ ...DEFAULT_CHUNK_LIMITS, ...limits }));

describe('chunks', () => {
  it('have the bounds that their definition gives them', () => {
    fc.assert(
      fc.property(anyLog, anyLimits, (log, limits) => {
        expect(chunksOf(log, 0, limits)).toEqual(naiveChunksOf(log, limits));
      }),
      { numRuns: 300 },
    );
  });

  it('depend on the log alone: read again from the start of any of them, they are the same', () => {
    fc.assert(
      fc.property(anyLog, anyLimits, (log, limits) => {
        const chunks = chunksOf(log, 0, limits);
        chunks.forEach(({ start }, i) => {
          expect(chunksOf(log, start, limits)).toEqual(chunks.slice(i));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('do not change behind a reader who stops early, but for the one that is open', () => {
    fc.assert(
      fc.property(anyLog, anyLimits, fc.nat(), (log, limits, place) => {
        const seen = chunksOf(log.slice(0, place % (log.length + 1)), 0, limits);
        const closed = seen.slice(0, -1);
        expect(chunksOf(log, 0, limits).slice(0, closed.length)).toEqual(closed);
        const open = seen.at(-1);
        if (open !== undefined) expect(chunksOf(log, 0, limits)[closed.length]?.start).toBe(open.start);
      }),
    );
  });

  it('hold every record once, and never more than they may', () => {
    fc.assert(
      fc.property(anyLog, anyLimits, (log, limits) => {
        const chunks = chunksOf(log, 0, limits);
        for (const { records } of chunks) expect(records).toBeLessThanOrEqual(limits.maxRecords);
        const held = log.filter(
          ({ offset }) => chunks.filter(({ start, end }) => offset >= start && offset < end).length === 1,
        );
        expect(held).toEqual(log);
      }),
    );
  });
});

describe('a chunk', () => {
  const noon = Date.parse('2026-11-22T12:00:00Z');

  it('takes its first record, whenever that was', () => {
    expect(new Chunk(7, DEFAULT_CHUNK_LIMITS).endsBefore(noon)).toBe(false);
    expect(new Chunk(7, { ...DEFAULT_CHUNK_LIMITS, maxRecords: 1, maxProfiles: 1 }).endsBefore(0)).toBe(
      false,
    );
  });

  it('ends where record time enters a new hour, and not where it falls back', () => {
    const chunk = new Chunk(7, DEFAULT_CHUNK_LIMITS);
    chunk.take(7, noon);
    expect(chunk.endsBefore(noon + HOUR - 1)).toBe(false);
    expect(chunk.endsBefore(noon - 5 * HOUR)).toBe(false);
    expect(chunk.endsBefore(noon + HOUR)).toBe(true);
    chunk.take(8, noon - 5 * HOUR);
    expect(chunk.endsBefore(noon - HOUR)).toBe(false);
  });

  it('ends behind its last record, whatever the offsets in between', () => {
    const chunk = new Chunk(7, { ...DEFAULT_CHUNK_LIMITS, maxRecords: 2 });
    expect([chunk.start, chunk.end, chunk.records]).toEqual([7, 7, 0]);
    chunk.take(7, noon);
    chunk.take(12, noon);
    expect([chunk.start, chunk.end, chunk.records]).toEqual([7, 13, 2]);
    expect(chunk.endsBefore(noon)).toBe(true);
  });

  it('ends when it has touched as many profiles as it may', () => {
    const chunk = new Chunk(0, { ...DEFAULT_CHUNK_LIMITS, maxProfiles: 10 });
    chunk.take(0, noon);
    chunk.touch(9);
    expect(chunk.endsBefore(noon)).toBe(false);
    chunk.touch(1);
    expect(chunk.endsBefore(noon)).toBe(true);
  });
});
