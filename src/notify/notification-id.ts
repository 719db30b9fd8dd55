import { createHash } from 'node:crypto';
import type { Labels } from '../rules/alert.ts';

/**
 * An id that says what it identifies: the same parts give the same id in every process and after every restart.
 *
 * @returns 32 hexadecimal characters.
 */
export function notificationId(...parts: ReadonlyArray<string | number | Labels>): string {
  const text = JSON.stringify(parts.map((part) => (typeof part === 'object' ? sortedEntries(part) : part)));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The labels in one order, whatever order they were made in. */
export function sortedEntries(labels: Labels): Array<[name: string, value: string]> {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}
