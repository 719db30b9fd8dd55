import { describe, expect, it } from 'vitest';
import { findFaults } from '../../src/pipeline/verify-chunks.ts';
import type { ChunkProfiles, ChunkProgress } from '../../src/store/chunk-audit.ts';
import { HOUR, MORNING } from '../support/events.ts';

const NOW = MORNING + HOUR;
const DAY = 24 * HOUR;

/** A chunk of [start, end), every offset of which is a prediction of a model with a baseline. */
function chunkOf(start: number, end: number, change: Partial<ChunkProgress> = {}): ChunkProgress {
  const counts = { records: end - start, predictions: end - start, labels: 0, unprofiled: 0, rejected: 0 };
  const place = { topic: 'predictions', partition: 0, start, end };
  return { ...place, readFrom: start, gap: 0, ...counts, writtenAt: MORNING, ...change };
}

function profilesOf(chunk: ChunkProgress, change: Partial<ChunkProfiles> = {}): ChunkProfiles {
  const { topic, partition, start, end, predictions, unprofiled, writtenAt } = chunk;
  const place = { topic, partition, start, end };
  return { ...place, events: predictions - unprofiled, torn: 0, baselines: 1, writtenAt, ...change };
}

function found(
  chunks: readonly ChunkProgress[],
  profiles = chunks.map((chunk) => profilesOf(chunk)),
): string[] {
  return findFaults(chunks, profiles, NOW).map(
    ({ kind, certain, from, to }) => `${kind}${certain ? '' : '?'} ${from}..${to}`,
  );
}

describe('verification of chunks', () => {
  it('is content with chunks that follow on one another', () => {
    expect(found([])).toEqual([]);
    expect(found([chunkOf(0, 100), chunkOf(100, 150), chunkOf(150, 151)])).toEqual([]);
  });

  it('takes offsets between chunks for markers where the log was read without a break', () => {
    expect(found([chunkOf(0, 100), chunkOf(103, 150, { readFrom: 100 })])).toEqual([]);
    expect(found([chunkOf(5, 100), chunkOf(103, 150, { readFrom: 98 })])).toEqual([]);
  });

  it('finds offsets that are in no chunk, and tells those that it knew to be lost from others', () => {
    expect(found([chunkOf(0, 100), chunkOf(120, 150)])).toEqual(['gap 100..120']);
    expect(found([chunkOf(0, 100), chunkOf(122, 150, { readFrom: 120, gap: 20 })])).toEqual([
      'known_gap 100..120',
    ]);
    // A chunk in front of it went missing since.
    expect(found([chunkOf(0, 80), chunkOf(122, 150, { readFrom: 120, gap: 20 })])).toEqual([
      'gap 80..100',
      'known_gap 100..120',
    ]);
  });

  it('is not certain of holes that were written before it was kept where reading began', () => {
    const old = { readFrom: null };
    expect(found([chunkOf(0, 100, old), chunkOf(100, 120, old), chunkOf(125, 150, old)])).toEqual([
      'hole? 120..125',
    ]);
  });

  it('finds offsets that are in two chunks', () => {
    expect(found([chunkOf(0, 100), chunkOf(80, 150)])).toEqual(['overlap 80..100']);
    expect(found([chunkOf(0, 100), chunkOf(20, 40), chunkOf(60, 150)])).toEqual([
      'overlap 20..40',
      'overlap 60..100',
    ]);
  });

  it('knows every partition of every topic by itself', () => {
    const chunks = [
      chunkOf(0, 100, { topic: 'labels' }),
      chunkOf(0, 100),
      chunkOf(50, 100, { partition: 1 }),
      chunkOf(110, 120, { partition: 1 }),
    ];
    const findings = findFaults(
      chunks,
      chunks.map((chunk) => profilesOf(chunk)),
      NOW,
    );
    expect(findings).toMatchObject([{ topic: 'predictions', partition: 1, from: 100, to: 110 }]);
  });

  it('finds counts that cannot be', () => {
    expect(found([chunkOf(0, 100, { records: 101 })])).toEqual(['impossible_count 0..100']);
    expect(found([chunkOf(0, 100, { labels: 1 })])).toEqual(['impossible_count 0..100']);
    expect(found([chunkOf(0, 100, { records: 90, predictions: 80, labels: 5, rejected: 5 })])).toEqual([]);
  });

  describe('compares profiles with a chunk that is done, and', () => {
    const chunks = [chunkOf(0, 100), chunkOf(100, 150)] as const;
    const [first, second] = chunks;
    const against = (change: Partial<ChunkProfiles>): string[] =>
      found(chunks, [profilesOf(first, change), profilesOf(second)]);

    it('finds what was counted twice or not at all', () => {
      expect(against({ events: 99 })).toEqual(['wrong_count 0..100']);
      expect(against({ events: 101 })).toEqual(['wrong_count 0..100']);
      expect(found(chunks, [profilesOf(second)])).toEqual(['wrong_count 0..100']);
    });

    it('does not miss predictions of models without a baseline', () => {
      const learning = chunkOf(0, 100, { unprofiled: 100 });
      expect(found([learning, second], [profilesOf(second)])).toEqual([]);
    });

    it('finds a pane that was written in part', () => {
      expect(against({ torn: 3, events: 101 })).toEqual(['torn_pane 0..100']);
    });

    it('finds profiles that count into the next chunk', () => {
      expect(against({ end: 120 })).toEqual(['profiles_beyond_chunk 100..120']);
    });

    it('does not judge what was counted under two baselines, or before counts were kept', () => {
      expect(against({ events: 150, baselines: 2 })).toEqual([]);
      expect(found([chunkOf(0, 100, { readFrom: null }), second], [profilesOf(second)])).toEqual([]);
    });

    it('leaves the newest chunk alone, which is in motion', () => {
      expect(
        found(chunks, [profilesOf(first), profilesOf(second, { end: 170, events: 7, torn: 2 })]),
      ).toEqual([]);
      // Its first flush has written profiles and no progress so far.
      const next = { ...profilesOf(second), start: 150, end: 160 };
      expect(found(chunks, [profilesOf(first), profilesOf(second), next])).toEqual([]);
      expect(found([], [profilesOf(first)])).toEqual([]);
    });

    it('finds profiles of a chunk that nobody knows', () => {
      const orphan = { ...profilesOf(first), start: 30, end: 60 };
      expect(found(chunks, [profilesOf(first), orphan, profilesOf(second)])).toEqual([
        'orphan_profiles 30..60',
      ]);
    });

    it('does not compare what retention is about to delete', () => {
      const writtenAt = NOW - 85 * DAY;
      const old = chunkOf(0, 100, { writtenAt });
      expect(found([old, second], [profilesOf(second)])).toEqual([]);
      expect(
        found(
          [second, chunkOf(150, 160)],
          [profilesOf(old), profilesOf(second), profilesOf(chunkOf(150, 160))],
        ),
      ).toEqual([]);
    });
  });
});
