import { readdir, readFile } from 'node:fs/promises';
import { retry, type Backoff } from '../base/retry.ts';
import type { Store } from './client.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** Brings the schema up to date. Every statement is idempotent, so any number of instances may do it at once. */
export async function migrate(
  store: Store,
  options: { backoff: Backoff; signal: AbortSignal; onFailure?: (error: unknown) => void },
): Promise<string[]> {
  const run = (work: () => Promise<void>): Promise<void> => retry(work, options);
  await run(() => store.command('CREATE DATABASE IF NOT EXISTS {database}'));
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
  for (const file of files) {
    const sql = await readFile(new URL(file, FOLDER), 'utf8');
    for (const statement of statementsOf(sql)) await run(() => store.command(statement));
  }
  return files;
}

/** Splits a migration at the semicolons that end a line; comments of whole lines are dropped. */
export function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
