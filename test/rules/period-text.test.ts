import { expect, it } from 'vitest';
import { periodText } from '../../src/rules/period-text.ts';

it.each([
  ['2026-11-22T08:00:00Z', '2026-11-22T09:00:00Z', '2026-11-22 08:00 to 09:00 UTC'],
  ['2026-11-22T23:00:00Z', '2026-11-23T00:00:00Z', '2026-11-22 23:00 to 2026-11-23 00:00 UTC'],
  ['2026-11-22T08:00:30Z', '2026-11-22T08:01:00Z', '2026-11-22 08:00:30 to 08:01 UTC'],
])('writes %s to %s as %s', (from, to, text) => {
  expect(periodText({ from: Date.parse(from), to: Date.parse(to) })).toBe(text);
});
