import { describe, expect, it } from 'vitest';
import { gaussian, type Random, seededRandom } from '../../src/base/random.ts';
import { withPairs } from '../../src/event/segments.ts';
import {
  type ComparedBy,
  countTestable,
  type LossKind,
  outlyingSegments,
} from '../../src/metrics/outlying-segments.ts';
import type { LossChange } from '../../src/metrics/segment-loss.ts';

const COUNTRIES = ['BR', 'US', 'DE', 'GB', 'FR', 'IN', 'ES', 'IT', 'MX', 'NL', 'PL', 'CA'];
const CHANNELS = ['web', 'app', 'phone'];

type Where = (country: string, channel: string, isNow: boolean) => number;

interface Population {
  readonly whole: LossChange;
  readonly segments: ReadonlyMap<string, LossChange>;
}

/** Where an event falls when values have chances of 1, 1/2, 1/3 ... */
function shares(values: readonly string[]): number[] {
  const all = values.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  let below = 0;
  return values.map((_, i) => {
    below += 1 / (i + 1) / all;
    return below;
  });
}

const COUNTRY_SHARES = shares(COUNTRIES);
const CHANNEL_SHARES = shares(CHANNELS);

function drawn(random: Random, below: readonly number[]): number {
  const at = random();
  return below.findIndex((share, i) => at < share || i === below.length - 1);
}

const empty = () => ({ n: 0, loss: 0, lossSquares: 0 });

/** @param mean the chance of an error, or the mean distance from the label. */
function population(random: Random, size: number, kind: LossKind, mean: Where): Population {
  const sums = new Map<string, { before: ReturnType<typeof empty>; now: ReturnType<typeof empty> }>();
  const cells = COUNTRIES.map((country) =>
    CHANNELS.map((channel) => ({
      sums: ['', ...withPairs([`country=${country}`, `channel=${channel}`])].map((name) => {
        const both = sums.get(name) ?? { before: empty(), now: empty() };
        sums.set(name, both);
        return both;
      }),
      before: mean(country, channel, false),
      now: mean(country, channel, true),
    })),
  );
  for (let i = 0; i < 2 * size; i += 1) {
    const side = i >= size ? 'now' : 'before';
    const cell = cells[drawn(random, COUNTRY_SHARES)]?.[drawn(random, CHANNEL_SHARES)];
    if (cell === undefined) throw new RangeError('no such segment');
    const expected = cell[side];
    const loss = kind === 'wrong' ? Number(random() < expected) : Math.abs(expected * (1 + gaussian(random)));
    for (const both of cell.sums) {
      both[side].n += 1;
      both[side].loss += loss;
      both[side].lossSquares += loss * loss;
    }
  }
  const whole = sums.get('') as LossChange;
  sums.delete('');
  return { whole, segments: sums };
}

function names({ whole, segments }: Population, kind: LossKind, by: ComparedBy): string[] {
  return outlyingSegments(whole, segments, kind, by).map(({ segment }) => segment);
}

const WAYS: ReadonlyArray<readonly [LossKind, ComparedBy]> = [
  ['wrong', 'level'],
  ['wrong', 'change'],
  ['distance', 'level'],
  ['distance', 'change'],
];

describe.each(WAYS)('outlyingSegments of losses that are "%s", by their %s', (kind, by) => {
  it('names a segment in at most one of a hundred windows in which all segments are alike', () => {
    const random = seededRandom(11);
    let windows = 0;
    for (let window = 0; window < 500; window += 1) {
      // A model that gets worse everywhere has no segment that stands out.
      const found = population(random, 1_000, kind, (_, __, isNow) => (isNow ? 0.15 : 0.1));
      if (names(found, kind, by).length > 0) windows += 1;
    }

    expect(windows).toBeLessThanOrEqual(5);
  });

  it('names the one segment that went wrong, and neither its pairs nor what it is a part of', () => {
    const random = seededRandom(12);
    let right = 0;
    for (let window = 0; window < 40; window += 1) {
      const found = population(random, 4_000, kind, (country, _, isNow) =>
        isNow && country === 'DE' ? 0.4 : 0.1,
      );
      if (names(found, kind, by).join(' ') === 'country=DE') right += 1;
    }
    expect(right).toBeGreaterThanOrEqual(38);
  });

  it('names a pair, and not its parts, where only those went wrong that are in both', () => {
    const random = seededRandom(13);
    let right = 0;
    for (let window = 0; window < 40; window += 1) {
      const found = population(random, 6_000, kind, (country, channel, isNow) =>
        isNow && country === 'US' && channel === 'app' ? 0.5 : 0.1,
      );
      if (names(found, kind, by).join(' ') === 'country=US,channel=app') right += 1;
    }
    expect(right).toBeGreaterThanOrEqual(38);
  });
});

describe('outlyingSegments', () => {
  const side = (n: number, loss: number) => ({ n, loss, lossSquares: loss });
  const of = (before: [number, number], now: [number, number]): LossChange => ({
    before: side(...before),
    now: side(...now),
  });

  it('tells what has always been weak from what got worse', () => {
    const random = seededRandom(14);
    const found = population(random, 5_000, 'wrong', (country) => (country === 'FR' ? 0.4 : 0.1));
    expect(names(found, 'wrong', 'level')).toEqual(['country=FR']);
    expect(names(found, 'wrong', 'change')).toEqual([]);
  });

  it('puts the surest first', () => {
    const random = seededRandom(15);
    const found = population(random, 20_000, 'wrong', (country) =>
      country === 'FR' ? 0.4 : country === 'BR' ? 0.3 : 0.1,
    );
    expect(names(found, 'wrong', 'level')).toEqual(['country=BR', 'country=FR']);
  });

  it('passes over what is too small, too little, or all there is', () => {
    const whole = of([10_000, 1_000], [10_000, 1_000]);
    const segments = new Map([
      ['country=LI', of([40, 4], [40, 40])],
      ['country=DE', of([9_000, 880], [9_000, 920])],
      ['plan=free', whole],
    ]);
    expect(names({ whole, segments }, 'wrong', 'level')).toEqual([]);
  });

  it('does not take a small segment without a single error before for one that got worse', () => {
    const whole = of([100_000, 2_000], [100_000, 2_000]);
    const segments = new Map([['country=LI', of([60, 0], [5_000, 100])]]);
    expect(names({ whole, segments }, 'wrong', 'change')).toEqual([]);
  });
});

it('counts the segments of which enough is known, and on both sides where two times are compared', () => {
  const sums = (n: number) => ({ n, loss: 0, lossSquares: 0 });
  const whole = { before: sums(40), now: sums(9_000) };
  const segments = new Map([
    ['country=DE', { before: sums(10), now: sums(3_000) }],
    ['country=FR', { before: sums(1), now: sums(20) }],
  ]);
  expect(countTestable(whole, segments, 'level')).toBe(1);
  expect(countTestable(whole, segments, 'change')).toBe(0);
});
