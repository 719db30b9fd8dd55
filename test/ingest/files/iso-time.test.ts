import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoTime, isoTimeOfText } from '../../../src/ingest/files/iso-time.ts';

const instants = fc.date({
  noInvalidDate: true,
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
});

describe('a date or a timestamp in ISO-8601', () => {
  it('is what Date makes of it, from the year 0 to the year 9999', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const text = instant.toISOString();
        const day = text.slice(0, 10);
        expect(isoTimeOfText(text)).toBe(instant.getTime());
        expect(isoTimeOfText(day)).toBe(Date.parse(day));
        expect(isoTimeOfText(text.replace('T', ' ').replace('Z', ''))).toBe(instant.getTime());
        expect(isoTimeOfText(`${text.slice(0, 16)}+05:30`)).toBe(Date.parse(`${text.slice(0, 16)}+05:30`));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z'],
    ['2026-03-02 10:00', '2026-03-02T10:00:00Z'],
    ['2026-03-02 10:00:00.5', '2026-03-02T10:00:00.500Z'],
    ['2026-03-02T10:00:00,123456789+02', '2026-03-02T08:00:00.123Z'],
    ['2026-03-02 10:00:00-0330', '2026-03-02T13:30:00Z'],
    ['2026-03-02 10:00:00 UTC', '2026-03-02T10:00:00Z'],
    ['2026-03-02 10:00:00 +0100', '2026-03-02T09:00:00Z'],
    ['  2026-03-02 ', '2026-03-02T00:00:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['2000-02-29', '2000-02-29T00:00:00Z'],
  ])('%j is %s', (text, instant) => {
    expect(isoTimeOfText(text)).toBe(Date.parse(instant));
  });

  it.each([
    '',
    'soon',
    '2026',
    '2026-03',
    '2026-3-2',
    '20260302',
    '02.03.2026',
    '2026-13-01',
    '2026-00-10',
    '2026-02-30',
    '2026-02-00',
    '1900-02-29',
    '2026-03-02T',
    '2026-03-02T10',
    '2026-03-02T24:00',
    '2026-03-02T10:60',
    '2026-03-02T10:00:61',
    '2026-03-02T10:00:',
    '2026-03-02T10:00:00.',
    '2026-03-02T10:00:00X',
    '2026-03-02T10:00:00+2',
    '2026-03-02T10:00:00+24:00',
    '2026-03-02T10:00:00+02:0a',
    '2026-03-02x10:00',
    '2026-03-02 and more',
    '２026-03-02',
    `2026-03-02T10:00:00.${'1'.repeat(60)}Z`,
  ])('%j is none', (text) => {
    expect(isoTimeOfText(text)).toBeNaN();
  });

  it('may stand anywhere among other bytes', () => {
    expect(isoTime(Buffer.from('x,2026-03-02,9'), 2, 12)).toBe(Date.UTC(2026, 2, 2));
  });
});
