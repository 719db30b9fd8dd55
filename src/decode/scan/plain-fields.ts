import type { Millis } from '../../base/clock.ts';
import { UNVERSIONED } from '../../event/events.ts';
import { ID_LIMIT, NAME_LIMIT, readTimestamp } from '../../event/validate.ts';
import type { FieldPositions } from './field-positions.ts';
import { FIELDS_MODULE } from './fields-module.ts';
import { KnownNames } from './known-names.ts';
import type { ScanMemory } from './scan-memory.ts';

interface FieldsExports {
  readonly read: (plan: number, stamp: number) => number;
}

/** Words of the plan, as `wasm/fields.ts` has it. */
const PLAN = 24;
const POSITIONS = 6;
const TABLE = 12;
const LIMITS = 13;
const MIDNIGHT = 16;
const DAY = 18;
const MODEL = 22;
const VERSION = 23;

const GIVEN = -2;
const NO_VERSION = -1;
const NUMBER_VERSION = -2;

/** Characters of a date and the T behind it, and of the shortest timestamp that has seconds. */
const DATE_LENGTH = 10;
const LEAST_LENGTH = 20;
const T = 0x54;

/**
 * The fields of events that have nothing odd about them: names that came before, and a time of the day that came last. Others
 * have to be read the long way, and are learned from.
 */
export class PlainFields {
  readonly #memory: ScanMemory;
  readonly #given: { readonly model?: string; readonly version?: string };
  readonly #names: KnownNames;
  readonly #exports: FieldsExports;
  readonly #plan: number;
  #fields: FieldPositions | undefined;

  /** @param given what is the same for every message. */
  constructor(memory: ScanMemory, given: { readonly model?: string; readonly version?: string }) {
    const { wasm, addresses } = memory;
    this.#memory = memory;
    this.#given = given;
    this.#names = new KnownNames(wasm);
    this.#exports = wasm.instance(FIELDS_MODULE);
    this.#plan = wasm.allocate(this, 4 * PLAN) >> 2;
    const { stamps, kinds, numbers, heads, begins, ends } = addresses;
    wasm.words.fill(0, this.#plan, this.#plan + PLAN);
    wasm.words.set([stamps, kinds, numbers, heads, begins, ends], this.#plan);
    wasm.words.set([NAME_LIMIT, ID_LIMIT], this.#plan + LIMITS);
    wasm.words[this.#plan + TABLE] = this.#names.address;
  }

  /** Says where fields stand from now on. */
  bind(fields: FieldPositions): void {
    this.#fields = fields;
    const { model, version, timestamp, prediction_id, prediction, label } = fields;
    this.#memory.wasm.words.set(
      [
        this.#given.model === undefined ? model : GIVEN,
        this.#given.version === undefined ? version : GIVEN,
        ...[timestamp, prediction_id, prediction, label],
      ],
      this.#plan + POSITIONS,
    );
  }

  /**
   * Reads the message that was scanned last.
   *
   * @returns its time; NaN when it has to be read the long way, in which nothing may be wrong.
   */
  read(stamp: number): Millis {
    return this.#exports.read(4 * this.#plan, stamp);
  }

  /** The model of the message that was read. */
  get model(): string {
    return this.#given.model ?? this.#names.name(this.#memory.words[this.#plan + MODEL] as number);
  }

  /** The version of the message that was read. */
  get version(): string {
    if (this.#given.version !== undefined) return this.#given.version;
    const number = this.#memory.words[this.#plan + VERSION] as number;
    if (number === NO_VERSION) return UNVERSIONED;
    if (number === NUMBER_VERSION) return String(this.#memory.numbers[this.#fields?.version ?? 0]);
    return this.#names.name(number);
  }

  /** Takes a name that was read the long way. */
  learnName(name: string): void {
    if (name !== '' && this.#names.learn(name)) this.#memory.words[this.#plan + TABLE] = this.#names.address;
  }

  /** Takes the day of a timestamp that was read the long way, which lies between two addresses. */
  learnDay(begin: number, end: number): void {
    const { bytes, wasm } = this.#memory;
    if (end - begin < LEAST_LENGTH || bytes[begin + DATE_LENGTH] !== T) return;
    const date = bytes.toString('latin1', begin, begin + DATE_LENGTH);
    const midnight = readTimestamp(`${date}T00:00:00Z`);
    if (midnight === undefined) return;
    wasm.doubles[(this.#plan + MIDNIGHT) >> 1] = midnight;
    bytes.copy(bytes, 4 * (this.#plan + DAY), begin, begin + DATE_LENGTH + 1);
  }
}
