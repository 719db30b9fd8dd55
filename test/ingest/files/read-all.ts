import { openRows } from '../../../src/ingest/files/open-rows.ts';
import type { Row, RowOptions } from '../../../src/ingest/files/row.ts';

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function readRows(file: string, options?: RowOptions): Promise<Row[]> {
  return collect((await openRows(file, options)).rows);
}

export async function readValues(file: string, options?: RowOptions): Promise<unknown[]> {
  return (await readRows(file, options)).map((row) => row.values);
}
