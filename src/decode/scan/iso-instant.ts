import type { Millis } from '../../base/clock.ts';

const DATE_LENGTH = 10;
const ZERO = 0x30;

/**
 * Reads timestamps such as `2026-11-22T08:00:00.123Z` and `2026-11-22T08:00:00.123456+00:00` off their bytes. The day is
 * remembered, since the next timestamp is mostly of the same one.
 */
export class IsoInstants {
  readonly #day = Buffer.alloc(DATE_LENGTH);
  #midnight: Millis = Number.NaN;

  /**
   * @param parse gives the time of a whole timestamp, undefined when it is none; asked once a day.
   * @returns milliseconds since 1970; NaN for any other form, and where `parse` knows better.
   */
  read(bytes: Buffer, from: number, to: number, parse: (timestamp: string) => Millis | undefined): Millis {
    const at = from + DATE_LENGTH;
    // At least the date and T08:00:00Z.
    if (to - from < 20 || bytes[at] !== 0x54 || bytes[at + 3] !== 0x3a || bytes[at + 6] !== 0x3a)
      return Number.NaN;
    const hours = pair(bytes, at + 1);
    const minutes = pair(bytes, at + 4);
    const seconds = pair(bytes, at + 7);
    if (!(hours <= 23 && minutes <= 59 && seconds <= 59)) return Number.NaN;
    let next = at + 9;
    let millis = 0;
    if (bytes[next] === 0x2e) {
      const first = next + 1;
      let scale = 100;
      for (next = first; next < to; next += 1) {
        const digit = (bytes[next] as number) - ZERO;
        if (digit >>> 0 > 9) break;
        millis += digit * scale;
        // Finer digits than milliseconds are cut off.
        scale = scale === 1 ? 0 : scale / 10;
      }
      if (next === first || next > first + 9) return Number.NaN;
    }
    const offset = zoneOffset(bytes, next, to);
    return (
      this.#midnightOf(bytes, from, parse) + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + millis - offset
    );
  }

  #midnightOf(bytes: Buffer, from: number, parse: (timestamp: string) => Millis | undefined): Millis {
    let same = true;
    for (let i = 0; i < DATE_LENGTH; i += 1) if (this.#day[i] !== bytes[from + i]) same = false;
    if (same) return this.#midnight;
    bytes.copy(this.#day, 0, from, from + DATE_LENGTH);
    this.#midnight = parse(`${this.#day.toString('latin1')}T00:00:00Z`) ?? Number.NaN;
    return this.#midnight;
  }
}

/** Milliseconds that a zone is ahead of UTC: Z or +02:00; NaN for anything else. */
function zoneOffset(bytes: Buffer, at: number, to: number): number {
  if (bytes[at] === 0x5a) return at + 1 === to ? 0 : Number.NaN;
  const isBehind = bytes[at] === 0x2d;
  if (at + 6 !== to || bytes[at + 3] !== 0x3a || !(isBehind || bytes[at] === 0x2b)) return Number.NaN;
  const hours = pair(bytes, at + 1);
  const minutes = pair(bytes, at + 4);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  const offset = (hours * 60 + minutes) * 60_000;
  return isBehind ? -offset : offset;
}

/** A number of two digits; NaN when one of them is none. */
function pair(bytes: Buffer, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? Number.NaN : tens * 10 + ones;
}
