import { randomBytes } from 'node:crypto';

/** A name that no other test uses, for topics, groups, tables and databases; safe in all of them. */
export function randomName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}
