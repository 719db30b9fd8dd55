import { batchRows } from './batch-rows.ts';
import type { ByteFile } from './byte-file.ts';
import type { CellKind, ColumnBatch, ColumnFile, ColumnOptions, ColumnVector } from './column-batch.ts';
import { isoTimeOfText } from './iso-time.ts';
import { isObject, jsonObjects } from './ndjson-rows.ts';
import { DEFAULT_SAMPLE_ROWS, type Row } from './row.ts';
import { ValueColumn } from './value-column.ts';

/** What an event says besides its features. */
const EVENT_COLUMNS = ['prediction', 'score', 'label', 'timestamp', 'version'] as const;

type Cells = Readonly<Record<string, unknown>>;

/**
 * A file with one JSON object a line, by column. A line that is an event, which is to say that it has an object called
 * `features`, gives its features, and what it says of prediction, score, label, timestamp and version under these names; a
 * feature of the same name wins.
 */
export async function ndjsonColumns(bytes: ByteFile, options: ColumnOptions): Promise<ColumnFile> {
  const kinds = await sampleKinds(bytes, options);
  return {
    file: bytes.file,
    columns: undefined,
    kinds,
    batches: () => readBatches(bytes, kinds),
    progress: bytes.progress,
  };
}

async function* readBatches(
  bytes: ByteFile,
  kinds: ReadonlyMap<string, CellKind>,
): AsyncGenerator<ColumnBatch, void, undefined> {
  for await (const rows of readRows(bytes, kinds, Number.POSITIVE_INFINITY)) yield rows.toBatch();
}

/** @param limit rows of a batch at most. */
async function* readRows(
  bytes: ByteFile,
  kinds: ReadonlyMap<string, CellKind>,
  limit: number,
): AsyncGenerator<RowBatch, void, undefined> {
  let rows = new RowBatch(kinds, limit);
  for await (const row of jsonObjects(bytes)) {
    rows.add(row);
    if (!rows.isFull) continue;
    yield rows;
    rows = new RowBatch(kinds, limit);
  }
  if (rows.count > 0) yield rows;
}

/** Rows, turned into columns as they come. */
class RowBatch {
  count = 0;
  /** The column with the timestamps of events, when they are not a feature's. */
  timeColumn: string | undefined;
  readonly #kinds: ReadonlyMap<string, CellKind>;
  readonly #limit: number;
  #firstLine = 0;
  readonly #columns = new Map<string, ValueColumn>();

  constructor(kinds: ReadonlyMap<string, CellKind>, limit: number) {
    this.#kinds = kinds;
    this.#limit = limit;
  }

  /** Columns come as they like, so how many rows are enough is known only now. */
  get isFull(): boolean {
    return this.count >= Math.min(this.#limit, batchRows(this.#columns.size));
  }

  add({ line, values }: Row): void {
    if (this.count === 0) this.#firstLine = line;
    const features = own(values, 'features');
    if (isObject(features)) {
      this.#addCells(features);
      for (const name of EVENT_COLUMNS) {
        if (Object.hasOwn(features, name)) continue;
        this.#addCell(name, own(values, name));
        if (name === 'timestamp') this.timeColumn = name;
      }
    } else {
      this.#addCells(values);
    }
    this.count += 1;
  }

  toBatch(): ColumnBatch {
    const columns = new Map<string, ColumnVector>();
    for (const [name, column] of this.#columns) {
      const vector = column.vector(this.count);
      if (vector !== undefined) columns.set(name, vector);
    }
    return { firstLine: this.#firstLine, rows: this.count, columns };
  }

  #addCells(cells: Cells): void {
    for (const name of Object.keys(cells)) this.#addCell(name, cells[name]);
  }

  #addCell(name: string, value: unknown): void {
    if (value === null || value === undefined) return;
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = new ValueColumn(this.#kinds.get(name) === 'time');
      this.#columns.set(name, column);
    }
    column.add(this.count, value);
  }
}

/** By the first rows. */
async function sampleKinds(bytes: ByteFile, options: ColumnOptions): Promise<Map<string, CellKind>> {
  const { sampleRows = DEFAULT_SAMPLE_ROWS, kinds: known = new Map<string, CellKind>() } = options;
  const found = new Map<string, CellKind | undefined>();
  let rows = 0;
  if (sampleRows > 0) {
    for await (const batch of readRows(bytes, new Map(), sampleRows)) {
      for (const [name, vector] of batch.toBatch().columns) {
        const kind = name === batch.timeColumn ? 'time' : kindOf(vector);
        found.set(name, found.has(name) ? joined(found.get(name), kind) : kind);
      }
      rows += batch.count;
      if (rows >= sampleRows) break;
    }
  }
  const kinds = new Map<string, CellKind>();
  for (const [name, kind] of found) {
    if (kind !== undefined) kinds.set(name, kind === 'time' && known.has(name) ? 'categorical' : kind);
  }
  for (const [name, kind] of known) if (kind === 'time') kinds.set(name, kind);
  return kinds;
}

function kindOf(vector: ColumnVector): CellKind | undefined {
  if (vector.type === 'numbers') return 'numeric';
  if (vector.type === 'values') return undefined;
  if (vector.dictionary.every((text) => text === 'true' || text === 'false')) return 'boolean';
  return vector.dictionary.some((text) => Number.isNaN(isoTimeOfText(text))) ? 'categorical' : 'time';
}

/** What two runs of rows say together: texts of different sorts are categories, anything else is mixed. */
function joined(a: CellKind | undefined, b: CellKind | undefined): CellKind | undefined {
  if (a === b) return a;
  const areTexts = a !== undefined && b !== undefined && a !== 'numeric' && b !== 'numeric';
  return areTexts ? 'categorical' : undefined;
}

/** An object's own, so that a payload cannot inherit one from Object.prototype. */
function own(values: Cells, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
