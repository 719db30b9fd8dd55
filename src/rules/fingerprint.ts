import { createHash } from 'node:crypto';
import type { Labels } from './alert.ts';

/**
 * The name of an alert for ever: a hash of its labels, in whatever order they stand.
 *
 * @returns 16 hexadecimal characters.
 */
export function fingerprint(labels: Labels): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return shortHash(sorted);
}

/** The id of one step of one alert: the same step gives the same id in every process and after every restart. */
export function transitionId(ruleGroup: string, alert: string, at: number, to: string): string {
  return shortHash([ruleGroup, alert, at, to]);
}

function shortHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
