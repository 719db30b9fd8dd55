import { PackedBytes } from '../../base/packed-bytes.ts';
import { type LogRecord, type RecordHeaders, type RecordList, recordTime } from '../record.ts';
import type { PackedRecords } from './record-batches.ts';
import { Varints } from './varints.ts';

/**
 * The records of some batches where they lie. A batch of many records becomes a few arrays of numbers: an object for each
 * record, and a buffer for each value, would keep the collector of garbage busier than all that is done with them.
 */
export class PackedList implements RecordList {
  length = 0;
  readonly #batches: readonly PackedRecords[];
  /** By record: its batch. */
  readonly #batchOf: Uint32Array;
  readonly #offsets: Float64Array;
  readonly #timestamps: Float64Array;
  /** Where the key is, its length before it. */
  readonly #keys: Int32Array;
  readonly #begins: Int32Array;
  /** Where the value ends; -1 where there is none. */
  readonly #ends: Int32Array;
  readonly #record = new PackedRecord();

  /** @param from offset of the first record that is wanted: a log gives whole batches. */
  constructor(batches: readonly PackedRecords[], from: number) {
    const count = batches.reduce((sum, batch) => sum + batch.count, 0);
    this.#batches = batches;
    this.#batchOf = new Uint32Array(count);
    this.#offsets = new Float64Array(count);
    this.#timestamps = new Float64Array(count);
    this.#keys = new Int32Array(count);
    this.#begins = new Int32Array(count);
    this.#ends = new Int32Array(count);
    batches.forEach((batch, i) => {
      this.#unpack(batch, i, from);
    });
  }

  at(index: number): LogRecord | undefined {
    if (index >= this.length) return undefined;
    const record = this.#record;
    const { bytes, isPresent } = this.#batches[this.#batchOf[index] as number] as PackedRecords;
    // Who still reads has lost the partition long ago, and must not count what belongs to others.
    if (!isPresent()) throw new Error('the records of this batch have given way to others');
    const end = this.#ends[index] as number;
    record.offset = this.#offsets[index] as number;
    record.timestamp = recordTime(this.#timestamps[index] as number);
    record.hasValue = end >= 0;
    record.bytes = bytes;
    record.keyAt = this.#keys[index] as number;
    record.begin = this.#begins[index] as number;
    record.end = end;
    return record;
  }

  #unpack(batch: PackedRecords, position: number, from: number): void {
    const { bytes, count, baseOffset, baseTimestamp, appendTime } = batch;
    const cursor = new Varints(bytes);
    for (let i = 0; i < count; i += 1) {
      const length = cursor.read();
      const end = cursor.at + length;
      // Attributes, which mean nothing so far.
      cursor.at += 1;
      const delta = cursor.read();
      const offset = baseOffset + cursor.read();
      const keyAt = cursor.at;
      const key = cursor.read();
      if (key > 0) cursor.at += key;
      const size = cursor.read();
      if (offset >= from) {
        const at = this.length;
        this.#batchOf[at] = position;
        this.#offsets[at] = offset;
        this.#timestamps[at] = appendTime ?? baseTimestamp + delta;
        this.#keys[at] = keyAt;
        this.#begins[at] = cursor.at;
        this.#ends[at] = size < 0 ? -1 : cursor.at + size;
        this.length = at + 1;
      }
      // Behind the value come headers, which hardly anybody asks for.
      cursor.at = end;
    }
  }
}

/** The record that was asked for last. */
class PackedRecord extends PackedBytes implements LogRecord {
  offset = 0;
  timestamp: number | undefined = 0;
  hasValue = false;
  keyAt = 0;

  get packed(): PackedBytes | undefined {
    return this.hasValue ? this : undefined;
  }

  get value(): Buffer | null {
    // A copy, since other records will lie in this place.
    return this.hasValue ? Buffer.from(this.toBuffer()) : null;
  }

  get key(): Buffer | null {
    return this.#copyBehind(this.#cursorAt(this.keyAt));
  }

  get headers(): RecordHeaders {
    const headers: Record<string, Buffer | Buffer[]> = {};
    const cursor = this.#cursorAt(this.hasValue ? this.end : this.begin);
    for (let count = cursor.read(); count > 0; count -= 1) {
      const name = String(this.#copyBehind(cursor));
      const value = this.#copyBehind(cursor) ?? Buffer.alloc(0);
      const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
      // A name such as __proto__ is one like others.
      Object.defineProperty(headers, name, {
        value: known === undefined ? value : [known, value].flat(),
        enumerable: true,
        configurable: true,
      });
    }
    return headers;
  }

  #cursorAt(at: number): Varints {
    const cursor = new Varints(this.bytes);
    cursor.at = at;
    return cursor;
  }

  /** Reads a length and that many bytes; null where there are none. */
  #copyBehind(cursor: Varints): Buffer | null {
    const length = cursor.read();
    if (length < 0) return null;
    cursor.at += length;
    return Buffer.from(this.bytes.subarray(cursor.at - length, cursor.at));
  }
}
