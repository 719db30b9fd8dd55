import { expect, it } from 'vitest';
import { millisOf, sqlTime } from '../../src/store/sql-time.ts';

it('writes an instant in UTC, to the millisecond', () => {
  expect(sqlTime(Date.UTC(2026, 10, 22, 8, 0, 0, 7))).toBe('2026-11-22 08:00:00.007');
});

it('writes the nearest instant that the store can hold', () => {
  expect(sqlTime(-1)).toBe('1969-12-31 23:59:59.999');
  // Microseconds where milliseconds were meant.
  expect(sqlTime(1.79e15)).toBe('2299-12-31 23:59:59.999');
  // Nanoseconds: more than a Date can hold.
  expect(sqlTime(1.79e18)).toBe('2299-12-31 23:59:59.999');
  expect(sqlTime(Number.NEGATIVE_INFINITY)).toBe('1900-01-01 00:00:00.000');
});

it('asks for milliseconds', () => {
  expect(millisOf('t.at')).toBe('toUnixTimestamp64Milli(t.at)');
});
