import { describe, expect, it } from 'vitest';
import { categories, compareTables, featureOf, metricOf, normals, type Table } from './tables.ts';

const N = 600;
const still: readonly [string, readonly unknown[]] = ['still', normals(1, N)];
const stillToo: readonly [string, readonly unknown[]] = ['still', normals(2, N)];

describe('time', () => {
  const day = (i: number): string => new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString();
  const days = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => day(from + i));

  it('is the one column that holds times, which is no feature', async () => {
    const { features, notes } = await compareTables(
      [['at', days(0, N)], still],
      [['at', days(N, N)], stillToo],
    );
    expect(features.map(({ name }) => name)).toEqual(['still']);
    expect(notes[0]).toBe('at holds the time of the rows and is not compared');
  });

  it('is none where several columns hold times; they are not compared either', async () => {
    const comparison = await compareTables(
      [['at', days(0, N)], ['until', days(9, N)], still],
      [['at', days(N, N)], ['until', days(N, N)], stillToo],
    );
    expect(featureOf(comparison, 'until')).toMatchObject({
      status: 'undefined',
      reason: 'it holds dates or times, which always differ',
      drifted: false,
    });
    expect(comparison.notes).toEqual([
      'at, until hold dates or times and are not compared',
      '--timestamp COLUMN says which of them is the time of the rows',
    ]);
  });

  it('gives the natural variability, within which a shift is not news', async () => {
    // Two weeks by hours, with nights that differ; the current table is one night.
    const hours = 24 * 28;
    const level = (hour: number): number => (hour % 24 < 8 ? 2 : 0);
    const many = <T>(of: (hour: number) => T, from: number, count: number): T[] =>
      Array.from({ length: count }, (_, i) => of(from + Math.floor(i / 60)));
    const noise = normals(1, hours * 60);
    const table = (from: number, count: number): Table => [
      ['at', many(day, from, count * 60)],
      ['x', many(level, from, count * 60).map((mean, i) => mean + (noise[i] as number))],
    ];
    const [reference, night] = [table(0, hours), table(hours, 8)];
    const blind = await compareTables(reference.slice(1), night.slice(1));
    expect(featureOf(blind, 'x').drifted).toBe(true);
    const knowing = await compareTables(reference, night);
    expect(featureOf(knowing, 'x').natural?.get('effect_size')).toBeGreaterThan(
      metricOf(featureOf(knowing, 'x'), 'effect_size'),
    );
    expect(featureOf(knowing, 'x').drifted).toBe(false);
    expect(knowing.notes).toContain(
      'how far parts of the reference differ from each other by time was taken into account',
    );
  });

  it('may be named, also as milliseconds, and must be there then', async () => {
    const millis = days(0, N).map((text) => Date.parse(text));
    const { features } = await compareTables([['t', millis], still], [['t', millis], stillToo], {
      timestamp: 't',
    });
    expect(features.map(({ name }) => name)).toEqual(['still']);
    const words = categories(1, N, ['soon', 'later']);
    await expect(
      compareTables([['t', millis], still], [['t', words], stillToo], { timestamp: 't' }),
    ).rejects.toThrow(/^--timestamp: "t" of .*table\.csv holds no times; they look like/);
  });
});
