import type { FileHandle } from 'node:fs/promises';
import type { ColumnVector } from '../column-batch.ts';
import { parquetValue } from '../parquet-value.ts';
import { valuesVector } from '../values-vector.ts';
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
  #rows: unknown[] = [];

  constructor(parquet: ParquetFile, handle: FileHandle, name: string) {
    this.#parquet = parquet;
    this.#handle = handle;
    this.#name = name;
  }

  async read(rows: number): Promise<void> {
    this.#rows = [];
    while (this.#rows.length < rows) {
      if (this.#next === this.#end) await this.#readGroup();
      const some = Math.min(this.#end - this.#next, rows - this.#rows.length);
      for (let i = 0; i < some; i += 1) {
        this.#rows.push(parquetValue(this.#data[this.#next - this.#start + i]));
      }
      this.#next += some;
    }
  }

  vector(): ColumnVector | undefined {
    return valuesVector(this.#rows, false);
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
