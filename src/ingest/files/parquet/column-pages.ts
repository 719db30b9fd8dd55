import { readSync } from 'node:fs';
import type { ColumnMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { unpackers } from './parquet-file.ts';
import { plainBytes } from './plain-bytes.ts';
import { Runs } from './runs.ts';

type PageHeader = ReturnType<typeof parquetHeader>;

const SMALLEST_WINDOW = 4 * 1024;
/** A page header is far smaller, even with statistics of long texts. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024;

/** A page of values, unpacked. */
export interface Page {
  /** Values, and the gaps between them. */
  readonly entries: number;
  /** Of each entry, as far as the column can have any; 0 everywhere where there is nothing to tell. */
  readonly repetition: Runs;
  readonly definition: Runs;
  /** Positions in the dictionary; undefined when the values themselves are here. */
  readonly positions: Runs | undefined;
  /** The values one behind the other in the encoding PLAIN, from `start` on, but for booleans in runs. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly isRuns: boolean;
}

export interface Dictionary {
  readonly bytes: Uint8Array;
  readonly entries: number;
}

/** What a column's levels go up to, and what its bytes are. */
export interface Physical {
  readonly maxRepetition: number;
  readonly maxDefinition: number;
  readonly typeLength: number | undefined;
}

/** The pages of one column, over all row groups. The file is read in pieces of about `windowBytes`. */
export class ColumnPages {
  /** That positions of the latest page refer to. */
  dictionary: Dictionary | undefined;

  readonly #handle: number;
  readonly #chunks: readonly ColumnMetaData[];
  readonly #physical: Physical;
  readonly #windowBytes: number;
  #chunk = -1;
  /** Where the next page header of the chunk begins, and where the chunk ends. */
  #offset = 0;
  #end = 0;
  #entriesLeft = 0;
  /** The part of the file that is at hand. */
  #window = new Uint8Array(0);
  #windowStart = 0;
  #windowLength = 0;

  constructor(handle: number, chunks: readonly ColumnMetaData[], physical: Physical, windowBytes: number) {
    this.#handle = handle;
    this.#chunks = chunks;
    this.#physical = physical;
    this.#windowBytes = Math.max(SMALLEST_WINDOW, windowBytes);
  }

  /** The next page with values. What the page before had is gone by then, but for the dictionary. */
  next(): Page {
    for (;;) {
      while (this.#entriesLeft <= 0 || this.#offset >= this.#end) this.#nextChunk();
      const chunk = this.#chunks[this.#chunk] as ColumnMetaData;
      const header = this.#readHeader();
      const packed = this.#bytesAt(this.#offset, header.compressed_page_size);
      this.#offset += header.compressed_page_size;
      if (header.type === 'DICTIONARY_PAGE') this.#readDictionary(chunk, header, packed);
      const page = header.type.startsWith('DATA_PAGE') ? this.#dataPage(chunk, header, packed) : undefined;
      this.#entriesLeft -= page?.entries ?? 0;
      if (page !== undefined && page.entries > 0) return page;
    }
  }

  /** True when a page may follow: a chunk without values has none. */
  hasNext(): boolean {
    return (
      (this.#entriesLeft > 0 && this.#offset < this.#end) ||
      this.#chunks.slice(this.#chunk + 1).some(({ num_values: values }) => values > 0n)
    );
  }

  #nextChunk(): void {
    this.#chunk += 1;
    const chunk = this.#chunks[this.#chunk];
    if (chunk === undefined) throw new Error('a column has fewer values than the file has rows');
    const { dictionary_page_offset: dictionary, data_page_offset: data } = chunk;
    this.#offset = Number(
      dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data,
    );
    this.#end = this.#offset + Number(chunk.total_compressed_size);
    this.#entriesLeft = Number(chunk.num_values);
    this.dictionary = undefined;
  }

  #readHeader(): PageHeader {
    for (let length = SMALLEST_WINDOW; ; length *= 4) {
      const bytes = this.#bytesAt(this.#offset, Math.min(length, this.#end - this.#offset));
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
      try {
        const header = parquetHeader(reader);
        if (!(header.compressed_page_size >= 0)) throw new Error('a page has no size');
        this.#offset += reader.offset;
        return header;
      } catch (error) {
        // It goes on behind the bytes that were looked at.
        const isCut = error instanceof RangeError && this.#offset + length < this.#end;
        if (!isCut || length > MAX_HEADER_BYTES) throw error;
      }
    }
  }

  #readDictionary(chunk: ColumnMetaData, header: PageHeader, packed: Uint8Array): void {
    const bytes = unpack(packed, header.uncompressed_page_size, chunk);
    // What is not packed lies in the window, which is soon overwritten.
    this.dictionary = {
      bytes: bytes === packed ? bytes.slice() : bytes,
      entries: header.dictionary_page_header?.num_values ?? 0,
    };
  }

  #dataPage(chunk: ColumnMetaData, header: PageHeader, packed: Uint8Array): Page {
    const { maxRepetition, maxDefinition } = this.#physical;
    const { data_page_header: v1, data_page_header_v2: v2 } = header;
    if (v2 !== undefined) {
      const repetitionEnd = v2.repetition_levels_byte_length;
      const levelsEnd = repetitionEnd + v2.definition_levels_byte_length;
      const values = packed.subarray(levelsEnd);
      const length = header.uncompressed_page_size - levelsEnd;
      return this.#page(chunk, v2.num_values, v2.encoding, {
        levels: packed,
        repetition: [0, repetitionEnd],
        definition: [repetitionEnd, levelsEnd],
        // Where all values are missing some writers write nothing at all.
        values: v2.is_compressed === false || values.length === 0 ? values : unpack(values, length, chunk),
        start: 0,
      });
    }
    if (v1 === undefined) throw new Error('a page has no header');
    const bytes = unpack(packed, header.uncompressed_page_size, chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const levels = (at: number, max: number): readonly [number, number] =>
      max === 0 ? [at, at] : [at + 4, at + 4 + view.getUint32(at, true)];
    const repetition = levels(0, maxRepetition);
    const definition = levels(repetition[1], maxDefinition);
    return this.#page(chunk, v1.num_values, v1.encoding, {
      levels: bytes,
      repetition,
      definition,
      values: bytes,
      start: definition[1],
    });
  }

  #page(
    chunk: ColumnMetaData,
    entries: number,
    encoding: string,
    parts: {
      readonly levels: Uint8Array;
      readonly repetition: readonly [number, number];
      readonly definition: readonly [number, number];
      readonly values: Uint8Array;
      readonly start: number;
    },
  ): Page {
    const { maxRepetition, maxDefinition, typeLength } = this.#physical;
    const { levels, values, start } = parts;
    const repetition = new Runs(levels, ...parts.repetition, bitWidth(maxRepetition));
    const definition = (): Runs => new Runs(levels, ...parts.definition, bitWidth(maxDefinition));
    const page = { entries, repetition, definition: definition(), positions: undefined, isRuns: false };
    switch (encoding) {
      case 'PLAIN':
        return { ...page, bytes: values, start };
      case 'PLAIN_DICTIONARY':
      case 'RLE_DICTIONARY': {
        const positions = new Runs(values, start + 1, values.length, values[start] ?? 0);
        return { ...page, positions, bytes: values, start };
      }
      case 'RLE': {
        // Booleans; their length stands before them.
        return { ...page, bytes: values, start: start + 4, isRuns: true };
      }
      default: {
        const present = countOf(maxDefinition, definition(), entries);
        const plain = plainBytes(values.subarray(start), encoding, chunk.type, present, typeLength);
        return { ...page, bytes: plain, start: 0 };
      }
    }
  }

  /** These bytes of the file, until others are asked for. */
  #bytesAt(offset: number, length: number): Uint8Array {
    if (offset < this.#windowStart || offset + length > this.#windowStart + this.#windowLength) {
      const wanted = Math.max(length, Math.min(this.#windowBytes, this.#end - offset));
      if (wanted > this.#window.length) this.#window = new Uint8Array(wanted);
      for (let done = 0; done < wanted; ) {
        const read = readSync(this.#handle, this.#window, done, wanted - done, offset + done);
        if (read === 0) throw new Error('the file ends too early');
        done += read;
      }
      this.#windowStart = offset;
      this.#windowLength = wanted;
    }
    const start = offset - this.#windowStart;
    return this.#window.subarray(start, start + length);
  }
}

function unpack(bytes: Uint8Array, length: number, { codec }: ColumnMetaData): Uint8Array {
  return decompressPage(bytes, length, codec, unpackers);
}

/** Bits that a level up to `max` takes. */
function bitWidth(max: number): number {
  return 32 - Math.clz32(max);
}

function countOf(value: number, runs: Runs, entries: number): number {
  const levels = new Int32Array(entries);
  runs.read(levels, entries);
  let count = 0;
  for (const level of levels) if (level === value) count += 1;
  return count;
}
