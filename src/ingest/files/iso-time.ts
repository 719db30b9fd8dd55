const DAY = 86_400_000;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Longer text is no time: 2026-03-02T10:00:00.123456789+02:00 has 35 characters. */
const MAX_LENGTH = 48;

const scratch = Buffer.alloc(MAX_LENGTH);

/** Like `isoTime`, of a string. */
export function isoTimeOfText(text: string): number {
  return text.length > MAX_LENGTH ? Number.NaN : isoTime(scratch, 0, scratch.write(text));
}

/**
 * Milliseconds since 1970 of a date or a timestamp in ISO-8601: `2026-03-02`, `2026-03-02 10:00`,
 * `2026-03-02T10:00:00.123Z`. Without a zone it is UTC. Finer digits than milliseconds are cut off. NaN for anything else,
 * and for days that no calendar has. Spaces around it do not count.
 */
export function isoTime(bytes: Buffer, from: number, to: number): number {
  let at = from;
  let end = to;
  while (at < end && (bytes[at] as number) <= 0x20) at += 1;
  while (at < end && (bytes[end - 1] as number) <= 0x20) end -= 1;
  const length = end - at;
  if (length < 10 || length > MAX_LENGTH || !isByte(bytes, at + 4, '-') || !isByte(bytes, at + 7, '-')) {
    return Number.NaN;
  }
  const days = daysSince1970(
    digits(bytes, at, 2) * 100 + digits(bytes, at + 2, 2),
    digits(bytes, at + 5, 2),
    digits(bytes, at + 8, 2),
  );
  if (length === 10) return days * DAY;
  if (!isByte(bytes, at + 10, 'T') && !isByte(bytes, at + 10, ' ')) return Number.NaN;
  return days * DAY + timeOfDay(bytes, at + 11, end);
}

function timeOfDay(bytes: Buffer, start: number, end: number): number {
  if (end - start < 5 || !isByte(bytes, start + 2, ':')) return Number.NaN;
  const hours = digits(bytes, start, 2);
  const minutes = digits(bytes, start + 3, 2);
  let seconds = 0;
  let millis = 0;
  let at = start + 5;
  if (at < end && isByte(bytes, at, ':')) {
    if (end - at < 3) return Number.NaN;
    seconds = digits(bytes, at + 1, 2);
    at += 3;
    if (at < end && (isByte(bytes, at, '.') || isByte(bytes, at, ','))) {
      const first = ++at;
      for (; at < end && isDigit(bytes[at] as number); at += 1) {
        if (at < first + 3) millis += ((bytes[at] as number) - 0x30) * 10 ** (2 - (at - first));
      }
      if (at === first) return Number.NaN;
    }
  }
  if (!(hours <= 23 && minutes <= 59 && seconds <= 59)) return Number.NaN;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis - zoneOffset(bytes, at, end);
}

/** What a zone is ahead of UTC, in milliseconds: Z, UTC, +02, +0200 or +02:00; 0 where there is none. */
function zoneOffset(bytes: Buffer, start: number, end: number): number {
  let at = start;
  if (at === end) return 0;
  if (isByte(bytes, at, ' ')) at += 1;
  const length = end - at;
  if (length === 1) return isByte(bytes, at, 'Z') ? 0 : Number.NaN;
  const isBehind = isByte(bytes, at, '-');
  if (!isBehind && !isByte(bytes, at, '+')) {
    return bytes.toString('latin1', at, end) === 'UTC' ? 0 : Number.NaN;
  }
  const hasColon = length === 6 && isByte(bytes, at + 3, ':');
  if (length !== 3 && length !== 5 && !hasColon) return Number.NaN;
  const hours = digits(bytes, at + 1, 2);
  const minutes = length === 3 ? 0 : digits(bytes, end - 2, 2);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  const offset = (hours * 60 + minutes) * 60_000;
  return isBehind ? -offset : offset;
}

/** Of a day in the Gregorian calendar; NaN where there is no such day. After Howard Hinnant's days_from_civil. */
function daysSince1970(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= (MONTH_DAYS[month - 1] as number))) return Number.NaN;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) {
    return Number.NaN;
  }
  // Years that begin in March have their odd day at the end.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** A number of so many digits; NaN when one of them is none. */
function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i += 1) {
    const byte = bytes[i] as number;
    if (!isDigit(byte)) return Number.NaN;
    value = value * 10 + byte - 0x30;
  }
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isByte(bytes: Buffer, at: number, character: string): boolean {
  return bytes[at] === character.charCodeAt(0);
}
