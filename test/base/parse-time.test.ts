import { expect, it } from 'vitest';
import { parseTime } from '../../src/base/parse-time.ts';

it.each([
  ['2026-11-01', Date.UTC(2026, 10, 1)],
  ['2026-11-01T06:00Z', Date.UTC(2026, 10, 1, 6)],
  ['2026-11-01T06:00:30.5+02:00', Date.UTC(2026, 10, 1, 4, 0, 30, 500)],
])('reads %s', (text, instant) => {
  expect(parseTime(text)).toBe(instant);
});

it.each(['', 'yesterday', '2026-11-01T06:00', '2026-13-01', '1761955200000'])('refuses "%s"', (text) => {
  expect(parseTime(text)).toBeUndefined();
});
