import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { batchRows } from '../batch-rows.ts';
import type { CellKind, ColumnBatch, ColumnFile, ColumnOptions, ColumnVector } from '../column-batch.ts';
import { isoTimeOfText } from '../iso-time.ts';
import { kindOfForm } from './column-form.ts';
import { type ColumnPlace, columnPlaces, parquetColumn } from './parquet-column.ts';
import {
  openFile,
  openParquet,
  type ParquetFile,
  parquetError,
  parquetProgress,
  withParquet,
} from './parquet-file.ts';

/** A Parquet file by column: page by page, so that memory does not grow with its row groups but for nested columns. */
export async function parquetColumns(file: string, options: ColumnOptions): Promise<ColumnFile> {
  const parquet = await openParquet(file);
  const { places, kinds } = await withParquet(file, async (handle) => {
    const found = columnPlaces(parquet);
    return { places: found, kinds: await kindsOf(parquet, handle, found, options) };
  });
  let rowsRead = 0;
  return {
    file,
    columns: places.map(({ name }) => name),
    kinds,
    async *batches() {
      rowsRead = 0;
      for await (const batch of readBatches(parquet, places, kinds)) {
        rowsRead += batch.rows;
        yield batch;
      }
    },
    progress: () => parquetProgress(parquet, rowsRead),
  };
}

async function* readBatches(
  parquet: ParquetFile,
  places: readonly ColumnPlace[],
  kinds: ReadonlyMap<string, CellKind>,
): AsyncGenerator<ColumnBatch, void, undefined> {
  const handle = await openFile(parquet.file);
  try {
    const capacity = batchRows(places.length);
    const columns = places.map((place) => {
      const isTime = kinds.get(place.name) === 'time';
      return { name: place.name, column: parquetColumn(place, isTime, capacity, parquet, handle) };
    });
    for (let start = 0; start < parquet.rows; start += capacity) {
      const rows = Math.min(capacity, parquet.rows - start);
      const vectors = new Map<string, ColumnVector>();
      for (const { name, column } of columns) {
        try {
          // Only nested columns are read asynchronously.
          const reading = column.read(rows);
          if (reading !== undefined) await reading;
        } catch (error) {
          throw parquetError(parquet.file, error);
        }
        const vector = column.vector(rows);
        if (vector !== undefined) vectors.set(name, vector);
      }
      // Reading never waits, so that timers and signals would have to.
      await setImmediate();
      yield { firstLine: start + 1, rows, columns: vectors };
    }
  } finally {
    await handle.close();
  }
}

/** By type; and a column of text is one of times when those of the first rows all are. */
async function kindsOf(
  parquet: ParquetFile,
  handle: FileHandle,
  places: readonly ColumnPlace[],
  { sampleRows = Number.POSITIVE_INFINITY, kinds: known }: ColumnOptions,
): Promise<Map<string, CellKind>> {
  const rows = Math.min(sampleRows, batchRows(places.length), parquet.rows);
  const kinds = new Map<string, CellKind>();
  for (const place of places) {
    const kind = kindOfForm(place.form);
    if (kind === undefined) continue;
    if (kind !== 'categorical') {
      kinds.set(place.name, kind);
      continue;
    }
    const given = known?.get(place.name);
    const isTime = given === undefined ? await holdsTimes(parquet, handle, place, rows) : given === 'time';
    kinds.set(place.name, isTime ? 'time' : 'categorical');
  }
  return kinds;
}

async function holdsTimes(
  parquet: ParquetFile,
  handle: FileHandle,
  place: ColumnPlace,
  rows: number,
): Promise<boolean> {
  if (rows === 0) return false;
  const column = parquetColumn(place, false, rows, parquet, handle);
  await column.read(rows);
  const vector = column.vector(rows);
  if (vector?.type !== 'codes' || vector.dictionary.length === 0) return false;
  return vector.dictionary.every((text) => !Number.isNaN(isoTimeOfText(text)));
}
