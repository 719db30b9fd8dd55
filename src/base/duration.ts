import type { Millis } from './clock.ts';

const UNITS: ReadonlyArray<readonly [unit: string, millis: number]> = [
  ['w', 7 * 24 * 3_600_000],
  ['d', 24 * 3_600_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

const DURATION = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** What a user may write where a duration is expected; said in every message about a bad one. */
export const DURATION_FORM = 'a duration such as 30s, 5m, 1h30m or 7d';

/**
 * Reads a duration as Prometheus writes it: whole numbers with the units w, d, h, m, s, ms, largest first.
 *
 * @returns milliseconds, or undefined when the text is not a duration.
 * @example parseDuration('1h30m') // 5_400_000
 */
export function parseDuration(text: string): Millis | undefined {
  const match = DURATION.exec(text);
  if (match === null || text === '') return undefined;
  let total = 0;
  UNITS.forEach(([, millis], index) => {
    const count = match[index + 1];
    if (count !== undefined) total += Number(count) * millis;
  });
  return Number.isSafeInteger(total) ? total : undefined;
}

/**
 * Writes milliseconds the way parseDuration reads them.
 *
 * @example formatDuration(5_400_000) // '1h30m'
 */
export function formatDuration(duration: Millis): string {
  let rest = Math.round(duration);
  if (rest === 0) return '0s';
  let text = '';
  for (const [unit, millis] of UNITS) {
    // Weeks are read but not written: 10d is easier on the eye than 1w3d.
    if (unit === 'w') continue;
    const count = Math.floor(rest / millis);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * millis;
  }
  return text;
}
