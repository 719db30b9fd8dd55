import type { ByteFile } from '../byte-file.ts';
import type { CellKind } from '../column-batch.ts';
import { readCell } from '../column-kinds.ts';
import type { CsvHeader } from '../csv-header.ts';
import { isoTimeOfText } from '../iso-time.ts';
import { CsvCell } from './csv-cell.ts';
import type { CellReader } from './csv-columns.ts';
import { scanCsv } from './csv-scanner.ts';
import { NumberBytes } from './number-bytes.ts';

/**
 * What each column holds, judged by the first rows: as `inferKinds` has it, and time when every cell that is not empty is a
 * date or a timestamp.
 */
export async function sampleKinds(
  bytes: ByteFile,
  header: CsvHeader,
  rows: number,
): Promise<Map<string, CellKind>> {
  const cell = new CsvCell(bytes.file, header.delimiter.charCodeAt(0));
  const readers = header.columns.map(() => new KindReader(cell));
  if (rows > 0) for await (const _ of scanCsv(bytes, header, cell, readers, rows)) break;
  return new Map(header.columns.map((column, i) => [column, readers[i]?.kind ?? 'categorical']));
}

/** No text is of two kinds, so the first one decides, and the others may only confirm it. */
class KindReader implements CellReader {
  /** Undefined as long as no cell had a value. */
  #kind: CellKind | undefined;
  /** The first row that says in words that there is no value; -1 as long as none does. */
  #none = -1;

  readonly #cell: CsvCell;
  readonly #numbers = new NumberBytes();
  /** The row that changed it last, and what it was before. */
  #changed = -1;
  #before: CellKind | undefined;

  constructor(cell: CsvCell) {
    this.#cell = cell;
  }

  /** Undefined where no cell has a value. Among times, words for no value are words. */
  get kind(): CellKind | undefined {
    return this.#kind === 'time' && this.#none >= 0 ? 'categorical' : this.#kind;
  }

  read(bytes: Buffer, start: number, row: number): number {
    if (this.#kind === 'numeric') {
      const value = this.#numbers.read(bytes, start);
      if (!Number.isNaN(value) && this.#cell.isEnd(bytes, this.#numbers.end)) return this.#numbers.end;
    }
    const end = this.#cell.find(bytes, start);
    if (end < 0 || this.#kind === 'categorical' || this.#cell.from === this.#cell.to) return end;
    const kind = kindOf(this.#cell.text());
    if (kind === 'none' && this.#none < 0) this.#none = row;
    if (kind === undefined || kind === 'none' || kind === this.#kind) return end;
    this.#changed = row;
    this.#before = this.#kind;
    this.#kind = this.#kind === undefined ? kind : 'categorical';
    return end;
  }

  undo(row: number): void {
    if (this.#changed === row) this.#kind = this.#before;
    if (this.#none === row) this.#none = -1;
  }

  clear(): void {
    // What was seen is what counts.
  }
}

function kindOf(text: string): CellKind | 'none' | undefined {
  if (readCell('categorical', text) === null) return undefined;
  if (readCell('numeric', text) === null) return 'none';
  if (typeof readCell('numeric', text) === 'number') return 'numeric';
  if (typeof readCell('boolean', text) === 'boolean') return 'boolean';
  return Number.isNaN(isoTimeOfText(text)) ? 'categorical' : 'time';
}
