import type { Millis } from '../../base/clock.ts';
import { UNVERSIONED } from '../../event/events.ts';
import { ID_LIMIT, NAME_LIMIT, readTimestamp } from '../../event/validate.ts';
import type { FieldFinder, FieldPositions } from './field-positions.ts';
import { FIELDS_MODULE } from './fields-module.ts';
import { KnownNames } from './known-names.ts';
import type { ScanMemory } from './scan-memory.ts';

interface FieldsExports {
  readonly read: (plan: number, stamp: number) => number;
  readonly readTime: (plan: number) => number;
}

/** Words of the plan, as `wasm/fields.ts` has it. */
const PLAN = 26;
const POSITIONS = 6;
const TABLE = 12;
const MIDNIGHT = 16;
const DAY = 18;
const MODEL = 22;
const VERSION = 23;
const TIME = 24;

const GIVEN = -2;
const UNKNOWN = -1;
const NONE = -2;
const A_NUMBER = -3;

/** Characters of a date. */
const DATE_LENGTH = 10;

/**
 * The fields of the message that was scanned last. Names that came before are found by their bytes, and times of the day that came
 * last need no calendar; of others a text is made once.
 */
export class EventFields {
  readonly #memory: ScanMemory;
  readonly #given: Pick<FieldFinder, 'model' | 'version'>;
  readonly #names: KnownNames;
  readonly #exports: FieldsExports;
  readonly #plan: number;
  #positions: FieldPositions | undefined;

  /** @param given what is the same for every message. */
  constructor(memory: ScanMemory, given: Pick<FieldFinder, 'model' | 'version'>) {
    const { wasm, addresses } = memory;
    this.#memory = memory;
    this.#given = given;
    this.#names = new KnownNames(wasm);
    this.#exports = wasm.instance(FIELDS_MODULE);
    this.#plan = wasm.allocate(this, 4 * PLAN) >> 2;
    const { stamps, kinds, numbers, heads, begins, ends } = addresses;
    wasm.words.fill(0, this.#plan, this.#plan + PLAN);
    wasm.words.set([stamps, kinds, numbers, heads, begins, ends], this.#plan);
    wasm.words.set([this.#names.address, NAME_LIMIT, ID_LIMIT], this.#plan + TABLE);
  }

  /** Says where fields stand from now on. */
  bind(positions: FieldPositions): void {
    this.#positions = positions;
    const { model, version, timestamp, prediction_id, prediction, label } = positions;
    this.#memory.wasm.words.set(
      [
        this.#given.model === undefined ? model : GIVEN,
        this.#given.version === undefined ? version : GIVEN,
        ...[timestamp, prediction_id, prediction, label],
      ],
      this.#plan + POSITIONS,
    );
  }

  /** Reads the message. @returns false when something is odd about a field; there is nothing to be had then. */
  read(stamp: number): boolean {
    return this.#exports.read(4 * this.#plan, stamp) !== 0;
  }

  get model(): string {
    return this.#given.model ?? this.#name(this.#word(MODEL), this.#positions?.model);
  }

  get version(): string {
    if (this.#given.version !== undefined) return this.#given.version;
    const number = this.#word(VERSION);
    const position = this.#positions?.version;
    if (number === NONE) return UNVERSIONED;
    if (number === A_NUMBER) return String(this.#memory.numbers[position as number]);
    return this.#name(number, position);
  }

  /** Event time; NaN when what is there is none. */
  get timestamp(): Millis {
    const known = this.#memory.wasm.doubles[(this.#plan + TIME) >> 1] as number;
    return Number.isNaN(known) ? this.#otherTime() : known;
  }

  /** Takes in what was not known of the message, which has turned out to be a good one. */
  learn(): void {
    if (this.#given.model === undefined && this.#word(MODEL) === UNKNOWN)
      this.#learn(this.#positions?.model as number);
    if (this.#given.version === undefined && this.#word(VERSION) === UNKNOWN)
      this.#learn(this.#positions?.version as number);
  }

  #word(at: number): number {
    return this.#memory.words[this.#plan + at] as number;
  }

  #name(number: number, position: number | undefined): string {
    return number >= 0 ? this.#names.name(number) : this.#text(position as number);
  }

  #text(position: number): string {
    const { bytes, begins, ends } = this.#memory;
    return bytes.toString('utf8', begins[position], ends[position]);
  }

  #learn(position: number): void {
    const { bytes, begins, ends } = this.#memory;
    const name = this.#text(position);
    // Bytes that are no UTF-8 are not those of their text, by which it would be found.
    if (!Buffer.from(name).equals(bytes.subarray(begins[position], ends[position]))) return;
    this.#names.learn(name);
    this.#memory.words[this.#plan + TABLE] = this.#names.address;
  }

  #otherTime(): Millis {
    const { bytes, begins, ends, wasm } = this.#memory;
    const position = this.#positions?.timestamp as number;
    const begin = begins[position] as number;
    const end = ends[position] as number;
    if (end - begin > NAME_LIMIT) return Number.NaN;
    const date = bytes.toString('latin1', begin, Math.min(begin + DATE_LENGTH, end));
    const midnight = readTimestamp(`${date}T00:00:00Z`);
    if (midnight !== undefined) {
      wasm.doubles[(this.#plan + MIDNIGHT) >> 1] = midnight;
      bytes.write(`${date}T`, 4 * (this.#plan + DAY), 'latin1');
      const time = this.#exports.readTime(4 * this.#plan);
      if (!Number.isNaN(time)) return time;
    }
    return readTimestamp(bytes.toString('utf8', begin, end)) ?? Number.NaN;
  }
}
