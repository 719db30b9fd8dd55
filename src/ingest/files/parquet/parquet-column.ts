import type { FileHandle } from 'node:fs/promises';
import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import type { ColumnVector } from '../column-batch.ts';
import { BooleanTarget } from './boolean-target.ts';
import { type ColumnForm, columnForm } from './column-form.ts';
import { ColumnPages, type Physical } from './column-pages.ts';
import { FlatColumn } from './flat-column.ts';
import { NestedColumn } from './nested-column.ts';
import { NumberLists } from './number-lists.ts';
import { NumberTarget } from './number-target.ts';
import type { ParquetFile } from './parquet-file.ts';
import { TextTarget } from './text-target.ts';
import { TextTimes } from './text-times.ts';

/** Bytes of the file that all columns hold together, or about, and one of them at most. */
const WINDOW_BYTES = 32 * 1024 * 1024;
const MAX_WINDOW_BYTES = 512 * 1024;

/** A column of a file, and where its values lie. */
export interface ColumnPlace {
  readonly name: string;
  readonly form: ColumnForm;
  /** Of its one leaf, a row group each; of no use for nested columns. */
  readonly chunks: readonly ColumnMetaData[];
}

/** Reads one column from its first row to its last, some rows at a time. */
export interface ParquetColumn {
  /** Reads the next rows, in place of those before. */
  read(rows: number): Promise<void> | void;
  /** What was read last; undefined when no row has a value. */
  vector(rows: number): ColumnVector | undefined;
}

export function columnPlaces({ columns, metadata }: ParquetFile): ColumnPlace[] {
  const chunksByPath = new Map<string, ColumnMetaData[]>();
  for (const group of metadata.row_groups) {
    for (const { meta_data: chunk } of group.columns) {
      if (chunk === undefined) throw new Error('a column is encrypted');
      const path = chunk.path_in_schema.join('\0');
      const chunks = chunksByPath.get(path);
      if (chunks === undefined) chunksByPath.set(path, [chunk]);
      else chunks.push(chunk);
    }
  }
  return columns.map((column) => {
    const chunks = chunksByPath.get(leafOf(column).path.join('\0')) ?? [];
    return { name: column.element.name, form: columnForm(column, chunks), chunks };
  });
}

/** @param capacity rows that are read at a time, at most. */
export function parquetColumn(
  { name, form, chunks }: ColumnPlace,
  isTime: boolean,
  capacity: number,
  parquet: ParquetFile,
  handle: FileHandle,
): ParquetColumn {
  const windowBytes = Math.min(MAX_WINDOW_BYTES, Math.floor(WINDOW_BYTES / parquet.columns.length));
  const pages = (physical: Physical): ColumnPages =>
    new ColumnPages(handle.fd, chunks, physical, windowBytes);
  switch (form.form) {
    case 'numbers': {
      const target = new NumberTarget(form.format, capacity);
      const flat = new FlatColumn(pages(form.physical), target, form.physical, capacity);
      return { read: (rows) => flat.read(rows), vector: (rows) => target.vector(rows) };
    }
    case 'booleans': {
      const target = new BooleanTarget(capacity);
      const flat = new FlatColumn(pages(form.physical), target, form.physical, capacity);
      return codes(flat, target, target);
    }
    case 'texts': {
      const target = new TextTarget(form.meaning, form.width, capacity);
      const flat = new FlatColumn(pages(form.physical), target, form.physical, capacity);
      return codes(flat, target, isTime ? new TextTimes(target, capacity) : target);
    }
    case 'lists':
      return new NumberLists(pages(form.physical), form.format, form.levels);
    case 'nested':
      return new NestedColumn(parquet, handle, name);
  }
}

function codes(
  flat: FlatColumn,
  target: { clear(): void },
  result: Pick<ParquetColumn, 'vector'>,
): ParquetColumn {
  return {
    read(rows) {
      target.clear();
      flat.read(rows);
    },
    vector: (rows) => result.vector(rows),
  };
}

function leafOf(column: SchemaTree): SchemaTree {
  let node = column;
  for (let child = node.children[0]; child !== undefined; child = node.children[0]) node = child;
  return node;
}
