import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../src/base/random.ts';
import { Chunk, DEFAULT_CHUNK_LIMITS } from '../../src/ingest/chunk.ts';
import { type ChunkOrigin, resumeAt, type StoredChunk } from '../../src/ingest/resume.ts';

/** An open chunk of which the log begins with two markers. */
const STORED: StoredChunk = { start: 500, readFrom: 498, gap: 0, end: 530, maxRecords: 40 };

describe('resumeAt', () => {
  it('reads a partition that is not in the store', () => {
    const point = { action: 'read', maxRecords: 100, readFrom: 498, gap: 0 };
    expect(resumeAt(500, 498, undefined, 100)).toEqual(point);
  });

  it('reads an open chunk again from its start, as it was begun', () => {
    const stored = { ...STORED, gap: 7 };
    const point = { action: 'read', maxRecords: 40, readFrom: 498, gap: 7 };
    expect(resumeAt(500, 498, stored, 100)).toEqual(point);
    // The log may have lost the markers in front of it meanwhile.
    expect(resumeAt(500, 500, stored, 100)).toEqual(point);
  });

  it('opens a new chunk behind a closed one', () => {
    const point = { action: 'read', maxRecords: 100, readFrom: 530, gap: 0 };
    expect(resumeAt(530, 530, STORED, 100)).toEqual(point);
    expect(resumeAt(530, undefined, STORED, 100)).toEqual(point);
  });

  it('skips what the store has of a chunk whose start the log has lost', () => {
    expect(resumeAt(510, 510, STORED, 100)).toEqual({ action: 'skip', offset: 530 });
  });

  it('counts the records that were lost unread', () => {
    const point = { action: 'read', maxRecords: 100, readFrom: 600, gap: 70 };
    expect(resumeAt(600, 600, STORED, 100)).toEqual(point);
    expect(resumeAt(604, 600, STORED, 100)).toEqual(point);
  });

  it('does not count entries that are no records', () => {
    const point = { action: 'read', maxRecords: 100, readFrom: 530, gap: 0 };
    expect(resumeAt(533, 530, STORED, 100)).toEqual(point);
    expect(resumeAt(533, 528, STORED, 100)).toEqual(point);
    expect(resumeAt(533, undefined, STORED, 100)).toEqual(point);
  });

  it('reads an open chunk again of which nobody knows from where on it was read', () => {
    const stored = { ...STORED, readFrom: null };
    const point = { action: 'read', maxRecords: 40, gap: 0 };
    expect(resumeAt(500, 498, stored, 100)).toEqual({ ...point, readFrom: 498 });
    expect(resumeAt(500, undefined, stored, 100)).toEqual({ ...point, readFrom: 500 });
  });
});

/** A partition that is read by one owner after another, each of which may vanish at any record. */
class Partition {
  readonly #random: Random;
  readonly #length: number;
  /** By start: what the newest row says. */
  readonly stored = new Map<number, StoredChunk>();
  #committed = 0;
  #logStart = 0;
  gap = 0;

  constructor(random: Random, length: number) {
    this.#random = random;
    this.#length = length;
  }

  get isRead(): boolean {
    return this.#committed >= this.#length;
  }

  /** Retention takes entries from the log, whether they were read or not. */
  expire(): void {
    this.#logStart += Math.floor(this.#random() * 20);
    this.#logStart = Math.min(this.#logStart, this.#length);
    this.#committed = Math.max(this.#committed, this.#logStart);
  }

  /** One owner: opens, flushes, closes and commits chunks until it vanishes or the log ends. */
  own(vanishes: boolean): void {
    const maxRecords = 5 + Math.floor(this.#random() * 30);
    const hourOf = (offset: number): number => Math.floor(offset / 40) * 3_600_000;
    let open: Chunk | undefined;
    let origin: ChunkOrigin | undefined;
    let skipBelow = 0;
    for (let offset = this.#committed; offset < this.#length; offset += 1) {
      if (vanishes && this.#random() < 0.02) return;
      if (offset < skipBelow) continue;
      if (open?.endsBefore(hourOf(offset))) {
        this.#write(open, origin);
        if (vanishes && this.#random() < 0.2) return;
        this.#committed = open.end;
        open = undefined;
      }
      if (open === undefined) {
        const point = resumeAt(offset, offset, this.#chunkAt(offset), maxRecords);
        if (point.action === 'skip') {
          this.#committed = point.offset;
          skipBelow = point.offset;
          continue;
        }
        this.gap += point.gap;
        origin = point;
        open = new Chunk(offset, { ...DEFAULT_CHUNK_LIMITS, maxRecords: point.maxRecords });
      }
      open.take(offset, hourOf(offset));
      if (this.#random() < 0.1) this.#write(open, origin);
    }
    if (open !== undefined) this.#write(open, origin);
    this.#committed = this.#length;
  }

  #chunkAt(offset: number): StoredChunk | undefined {
    const before = [...this.stored.values()].filter(({ start }) => start <= offset);
    return before.reduce<StoredChunk | undefined>(
      (last, chunk) => (last === undefined || chunk.start > last.start ? chunk : last),
      undefined,
    );
  }

  /** The row with the larger end wins. */
  #write({ start, end, limits }: Chunk, origin: ChunkOrigin | undefined): void {
    const known = this.stored.get(start);
    const { readFrom = start, gap = 0 } = origin ?? {};
    if (known === undefined || known.end <= end)
      this.stored.set(start, { start, readFrom, gap, end, maxRecords: limits.maxRecords });
  }
}

describe('owners that come and go', () => {
  it('count nothing twice, and know what retention took before anybody read it', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 300 }), fc.boolean(), (seed, length, expires) => {
        const random = seededRandom(seed);
        const partition = new Partition(random, length);
        // The first owner stores something, so that what is lost later is lost behind a known end.
        for (let owner = 0; owner < 40 && !partition.isRead; owner += 1) {
          partition.own(owner < 39);
          if (expires && partition.stored.size > 0) partition.expire();
        }
        const chunks = [...partition.stored.values()].sort((a, b) => a.start - b.start);
        chunks.forEach(({ start, readFrom, gap }, i) => {
          const end = chunks[i - 1]?.end ?? 0;
          expect(start).toBeGreaterThanOrEqual(end);
          // What lies between two chunks is known to hold nothing, or to be lost.
          if (i > 0) expect((readFrom ?? start) - gap).toBe(end);
        });
        if (expires) return;
        expect(partition.gap).toBe(0);
        expect(chunks.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(length);
      }),
      { numRuns: 300 },
    );
  });

  it('never hold back that records were lost, though an owner who vanishes leaves them to be told again', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 50, max: 300 }), (seed, length) => {
        const partition = new Partition(seededRandom(seed), length);
        while (partition.stored.size === 0) partition.own(true);
        for (let owner = 0; owner < 10; owner += 1) {
          partition.expire();
          partition.own(true);
        }
        partition.own(false);
        const chunks = [...partition.stored.values()].sort((a, b) => a.start - b.start);
        const unheld = chunks.reduce((sum, { start }, i) => sum + start - (chunks[i - 1]?.end ?? start), 0);
        expect(partition.gap).toBeGreaterThanOrEqual(unheld);
        const held = chunks.reduce((sum, { start, end }) => sum + end - start, 0);
        expect(held).toBeLessThanOrEqual(length);
      }),
      { numRuns: 300 },
    );
  });
});
