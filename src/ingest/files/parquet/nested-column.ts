import type { FileHandle } from 'node:fs/promises';
import type { ColumnVector } from '../column-batch.ts';
import { parquetValue } from '../parquet-value.ts';
import { ValueColumn } from '../value-column.ts';
import { asyncBuffer, type ParquetFile, readGroup } from './parquet-file.ts';

/** Lists of texts, structures and other things that are rare in tables: a whole row group of the column at a time. */
export class NestedColumn {
  readonly #parquet: ParquetFile;
  readonly #handle: FileHandle;
  readonly #name: string;
  #group = 0;
  /** Rows of the file that are at hand, and the next one to be read. */
  #data: ArrayLike<unknown> = [];
  #start = 0;
  #end = 0;
  #next = 0;
  #rows = new ValueColumn(false);

  constructor(parquet: ParquetFile, handle: FileHandle, name: string) {
    this.#parquet = parquet;
    this.#handle = handle;
    this.#name = name;
  }

  async read(rows: number): Promise<void> {
    this.#rows = new ValueColumn(false);
    for (let row = 0; row < rows; row += 1) {
      if (this.#next === this.#end) await this.#readGroup();
      this.#rows.add(row, parquetValue(this.#data[this.#next - this.#start]));
      this.#next += 1;
    }
  }

  vector(rows: number): ColumnVector | undefined {
    return this.#rows.vector(rows);
  }

  async #readGroup(): Promise<void> {
    const { metadata, size } = this.#parquet;
    const group = metadata.row_groups[this.#group];
    if (group === undefined)
      throw new Error(`the column ${this.#name} has fewer values than the file has rows`);
    this.#group += 1;
    this.#start = this.#end;
    this.#end += Number(group.num_rows);
    this.#data = [];
    const buffer = asyncBuffer(this.#handle, size);
    const [data = []] = await readGroup(buffer, metadata, [this.#name], this.#start, this.#end);
    this.#data = data;
  }
}
