import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { segmentsOf, withPairs } from '../../src/event/segments.ts';
import { DEFAULT_CHUNK_BOUNDS, type OpenChunk } from '../../src/pipeline/open-chunk.ts';
import { readBaseline, writeBaseline } from '../../src/profile/baseline.ts';
import type { Bound } from '../../src/telemetry/bounds.ts';
import { baselineOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { chunkOf, directoryOf, takeAll } from '../support/open-chunks.ts';

interface Part {
  readonly segment: string;
  readonly pane: string;
  readonly feature: string;
  readonly n: number;
  readonly missing: number;
  readonly invalid: number;
  readonly cells: number[];
}

const DECLARED = ['country', 'device'];

function drawn(count: number, seed: number, country?: (i: number) => string): PredictionEvent[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const amount = gaussian(random);
    return predictionOf({
      timestamp: MORNING + Math.floor(i / 100) * MINUTE,
      features: {
        country: country?.(i) ?? ['DE', 'FR', null][Math.floor(3 * random())],
        device: random() < 0.5 ? 'phone' : 'desktop',
        amount: random() < 0.05 ? null : amount,
        other: amount + gaussian(random),
      },
      score: random(),
    });
  });
}

const BASELINE = readBaseline(writeBaseline(baselineOf(drawn(3_000, 1), {}, DECLARED)));
const FEATURES = BASELINE.features.size;

function partsOf(open: OpenChunk, holdBack = false): Part[] {
  return (open.drain({ seen: holdBack ? open.maxEventTime : undefined }).get('profile_parts') as Part[]).map(
    (part) => ({ ...part }),
  );
}

/** Parts without the place in the log. */
function inSegment(parts: readonly Part[], segment: string): unknown[] {
  return parts
    .filter((part) => part.segment === segment)
    .map(({ segment: _, ...part }) => ({ ...part, end_offset: 0 }));
}

describe('an open chunk under a baseline with segments', () => {
  it('counts in a segment what it would count if the segment were all there is', async () => {
    const directory = await directoryOf([BASELINE]);
    const events = drawn(1_500, 2);
    const open = chunkOf(directory);
    takeAll(open, events);
    const parts = partsOf(open);
    const segments = [...new Set(parts.map(({ segment }) => segment))].sort();
    expect(segments.length).toBe(1 + 3 + 2 + 6);
    for (const segment of segments) {
      const alone = chunkOf(directory);
      takeAll(
        alone,
        events.filter((event) => ['', ...withPairs(segmentsOf(event, DECLARED))].includes(segment)),
      );
      expect(inSegment(parts, segment), segment).toEqual(inSegment(partsOf(alone), ''));
    }
  });

  it('gives the same rows when it is read again, and cumulative ones when it goes on', async () => {
    const directory = await directoryOf([BASELINE]);
    const events = drawn(400, 3);
    const open = chunkOf(directory);
    takeAll(open, events.slice(0, 250));
    const first = partsOf(open);
    takeAll(open, events.slice(250));
    const second = partsOf(open);
    const again = chunkOf(directory);
    takeAll(again, events);
    expect(second).toEqual(partsOf(again));
    expect(first.length).toBe(second.length);
    expect(partsOf(open)).toEqual([]);
  });

  it('holds segments back until their panes are over, or until all is asked for', async () => {
    const open = chunkOf(await directoryOf([BASELINE]));
    takeAll(open, drawn(400, 4));
    expect(partsOf(open, true).map(({ segment }) => segment)).toEqual(new Array(FEATURES).fill(''));
    expect(open.holdsBack).toBe(true);
    takeAll(open, [predictionOf({ timestamp: MORNING + 5 * MINUTE, features: { country: 'DE' } })]);
    const over = partsOf(open, true).filter(({ segment }) => segment !== '');
    expect(over.length).toBe((3 + 2 + 6) * FEATURES);
    expect(new Set(over.map(({ pane }) => pane)).size).toBe(1);
    expect(open.holdsBack).toBe(true);
    expect(new Set(partsOf(open).map(({ segment }) => segment))).toEqual(
      new Set(['country=DE', 'device=__other__']),
    );
    expect(open.holdsBack).toBe(false);
  });

  it('keeps its size when a declared feature has 100 000 values, and counts everything else', async () => {
    const overflows = new Map<Bound, number>();
    const open = chunkOf(await directoryOf([BASELINE]), {
      onOverflow: (bound) => overflows.set(bound, (overflows.get(bound) ?? 0) + 1),
    });
    takeAll(
      open,
      drawn(100_000, 5, (i) => `flood-${i}`).map((event, i) => ({ ...event, timestamp: MORNING + i })),
    );
    const parts = partsOf(open);
    expect([...new Set(parts.map(({ segment }) => segment))].sort()).toEqual([
      '',
      'country=__other__',
      'device=desktop',
      'device=phone',
    ]);
    expect(parts.length).toBe(4 * FEATURES);
    const events = (segment: string): number =>
      parts
        .filter((part) => part.segment === segment && part.feature === 'amount')
        .reduce((sum, { n, missing }) => sum + n + missing, 0);
    expect(events('')).toBe(100_000);
    expect(events('country=__other__')).toBe(100_000);
    expect(events('device=phone') + events('device=desktop')).toBe(100_000);
    expect([...overflows.keys()]).toEqual(['categories']);
    expect(JSON.stringify(parts).length).toBeLessThan(1_000_000);
  });

  it('begins no segment past its bound, tells of it, and loses nothing of the whole', async () => {
    let refused = 0;
    const open = chunkOf(await directoryOf([BASELINE]), {
      bounds: { ...DEFAULT_CHUNK_BOUNDS, segmentProfiles: 2 * FEATURES },
      onOverflow: (bound) => {
        expect(bound).toBe('segments');
        refused += 1;
      },
    });
    const events = drawn(300, 6);
    takeAll(open, events);
    const parts = partsOf(open);
    expect(new Set(parts.map(({ segment }) => segment)).size).toBe(3);
    expect(refused).toBeGreaterThan(300);
    const whole = parts.find(({ segment, feature }) => segment === '' && feature === 'other');
    expect(whole?.n).toBe(300);
  });
});
