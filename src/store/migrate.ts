import { readdir, readFile } from 'node:fs/promises';
import type { Store } from './client.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Brings the schema up to date. Every statement is idempotent, so any number of instances may do it at once.
 *
 * @param run runs one statement, waiting for the store where the caller wants to wait.
 * @returns the names of the migrations.
 */
export async function migrate(
  store: Store,
  run: (work: () => Promise<void>) => Promise<void> = (work) => work(),
): Promise<string[]> {
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
