import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paneStart } from '../../src/profile/pane.ts';

describe('paneStart', () => {
  it('is the last multiple of the pane at or before an instant, in UTC', () => {
    const fiveMinutes = 300_000;
    const at = (text: string): number => Date.parse(text);
    expect(paneStart(at('2026-11-22T08:04:59.999Z'), fiveMinutes)).toBe(at('2026-11-22T08:00:00Z'));
    expect(paneStart(at('2026-11-22T08:05:00Z'), fiveMinutes)).toBe(at('2026-11-22T08:05:00Z'));
    expect(paneStart(at('2026-11-22T23:30:00-05:00'), 86_400_000)).toBe(at('2026-11-23T00:00:00Z'));
  });

  it('covers time without gaps or overlaps, before 1970 as well', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 4e12 }),
        fc.integer({ min: 1, max: 1e8 }),
        (instant, pane) => {
          const start = paneStart(instant, pane);
          expect(start).toBeLessThanOrEqual(instant);
          expect(start + pane).toBeGreaterThan(instant);
          expect(Math.abs(start % pane)).toBe(0);
        },
      ),
    );
  });
});
