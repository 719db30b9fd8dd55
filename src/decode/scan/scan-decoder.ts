import type { Millis } from '../../base/clock.ts';
import type { PackedBytes } from '../../base/packed-bytes.ts';
import { type DriftdEvent, type PredictionEvent, UNVERSIONED } from '../../event/events.ts';
import {
  RAW_FALSE,
  RAW_NULL,
  RAW_NUMBER,
  RAW_OTHER,
  RAW_STRING,
  RAW_TRUE,
} from '../../event/raw-features.ts';
import {
  ID_LIMIT,
  isInTheFuture,
  isTooOld,
  NAME_LIMIT,
  readTimestamp,
  type ValidationOptions,
} from '../../event/validate.ts';
import type { Mapping } from '../mapping.ts';
import { type FieldFinder, type FieldPositions, fieldFinder } from './field-positions.ts';
import { MessageScanner } from './message-scanner.ts';
import { PlainFields } from './plain-fields.ts';
import { ScannedPrediction } from './scanned-prediction.ts';

/**
 * Reads events that are laid out like earlier ones and have nothing wrong with them. Everything else is left to the long
 * way, whose answer this one would have to repeat.
 */
export class ScanDecoder {
  readonly #options: ValidationOptions;
  readonly #finder: FieldFinder | undefined;
  readonly #scanner = new MessageScanner();
  readonly #prediction: ScannedPrediction;
  readonly #plain: PlainFields;
  #fields: FieldPositions | undefined;
  #fieldsOf: object | undefined;
  #revision = -1;

  /** @param parse gives the features of a message the long way. */
  constructor(
    mapping: Mapping | undefined,
    options: ValidationOptions,
    parse: (payload: Buffer | PackedBytes) => PredictionEvent['features'],
  ) {
    this.#options = options;
    this.#finder = fieldFinder(mapping);
    this.#prediction = new ScannedPrediction(this.#scanner, parse);
    this.#plain = new PlainFields(this.#scanner.memory, this.#finder ?? {});
  }

  /** @returns the event, which is good until the next call; undefined when the message has to be read the long way. */
  decode(payload: Buffer | PackedBytes, recordTime: Millis | undefined): DriftdEvent | undefined {
    if (this.#finder === undefined || !this.#scanner.scan(payload)) return undefined;
    const fields = this.#currentFields(this.#finder);
    const event = this.#prediction;
    event.timestamp = this.#plain.read(this.#scanner.stamp);
    if (!Number.isNaN(event.timestamp)) {
      event.model = this.#plain.model;
      event.version = this.#plain.version;
    } else if (!this.#readOdd(fields, this.#finder)) return undefined;
    if (
      !this.#options.knowsModel(event.model) ||
      isTooOld(event.timestamp, recordTime, this.#options) ||
      isInTheFuture(event.timestamp, recordTime, this.#options)
    ) {
      return undefined;
    }
    event.show(payload, fields);
    if (this.#kind(fields.features) !== RAW_OTHER) return this.#label(fields);
    event.score = this.#score(fields, event.model);
    return event;
  }

  /** Reads the long way what is not plain. @returns false when something is wrong with it. */
  #readOdd(fields: FieldPositions, finder: FieldFinder): boolean {
    const model = finder.model ?? this.#name(fields.model);
    const timestamp = this.#timestamp(fields.timestamp);
    if (
      model === undefined ||
      model === '' ||
      Number.isNaN(timestamp) ||
      !this.#isId(fields.prediction_id) ||
      !this.#isAnswer(fields.label)
    ) {
      return false;
    }
    const event = this.#prediction;
    event.model = model;
    event.timestamp = timestamp;
    this.#plain.learnName(model);
    if (this.#kind(fields.features) !== RAW_OTHER) return true;
    const version = finder.version ?? this.#version(fields.version);
    if (version === undefined || !this.#isAnswer(fields.prediction)) return false;
    event.version = version;
    if (this.#kind(fields.version) === RAW_STRING) this.#plain.learnName(version);
    return true;
  }

  /** Takes in a message that JSON.parse made an object of. */
  learn(payload: Buffer): void {
    if (this.#finder !== undefined) this.#scanner.learn(payload);
  }

  #currentFields(finder: FieldFinder): FieldPositions {
    const { layout } = this.#scanner;
    if (this.#fields === undefined || this.#fieldsOf !== layout || this.#revision !== layout.revision) {
      this.#fields = finder.find(layout);
      this.#fieldsOf = layout;
      this.#revision = layout.revision;
      this.#plain.bind(this.#fields);
    }
    return this.#fields;
  }

  #label(fields: FieldPositions): DriftdEvent | undefined {
    const { model, timestamp, predictionId, label } = this.#prediction;
    const features = this.#kind(fields.features);
    if ((features !== 0 && features !== RAW_NULL) || predictionId === undefined || label === undefined) {
      return undefined;
    }
    return { kind: 'label', model, predictionId, label, timestamp };
  }

  #kind(position: number): number {
    const { memory, stamp } = this.#scanner;
    return position >= 0 && memory.stamps[position] === stamp ? (memory.kinds[position] as number) : 0;
  }

  /** Bytes between the quotes: never fewer than the text has UTF-16 units. */
  #length(position: number): number {
    const { begins, ends } = this.#scanner.memory;
    return (ends[position] as number) - (begins[position] as number);
  }

  #text(position: number): string {
    const { bytes, begins, ends } = this.#scanner.memory;
    return bytes.toString('utf8', begins[position], ends[position]);
  }

  #name(position: number): string | undefined {
    const isName = this.#kind(position) === RAW_STRING && this.#length(position) <= NAME_LIMIT;
    return isName ? this.#text(position) : undefined;
  }

  #version(position: number): string | undefined {
    switch (this.#kind(position)) {
      case 0:
      case RAW_NULL:
        return UNVERSIONED;
      case RAW_NUMBER: {
        const version = this.#scanner.memory.numbers[position] as number;
        return Number.isFinite(version) ? String(version) : undefined;
      }
      default: {
        const name = this.#name(position);
        return name === '' ? UNVERSIONED : name;
      }
    }
  }

  #timestamp(position: number): Millis {
    const { bytes, numbers, begins, ends } = this.#scanner.memory;
    const kind = this.#kind(position);
    if (kind === RAW_NUMBER) return readTimestamp(numbers[position]) ?? Number.NaN;
    if (kind !== RAW_STRING || this.#length(position) > NAME_LIMIT) return Number.NaN;
    const begin = begins[position] as number;
    const end = ends[position] as number;
    this.#plain.learnDay(begin, end);
    return readTimestamp(bytes.toString('utf8', begin, end)) ?? Number.NaN;
  }

  #isId(position: number): boolean {
    switch (this.#kind(position)) {
      case 0:
      case RAW_NULL:
        return true;
      case RAW_NUMBER:
        return Number.isFinite(this.#scanner.memory.numbers[position]);
      case RAW_STRING: {
        const length = this.#length(position);
        return length > 0 && length <= ID_LIMIT;
      }
      default:
        return false;
    }
  }

  #isAnswer(position: number): boolean {
    switch (this.#kind(position)) {
      case 0:
      case RAW_NULL:
      case RAW_TRUE:
      case RAW_FALSE:
        return true;
      case RAW_NUMBER:
        return Number.isFinite(this.#scanner.memory.numbers[position]);
      case RAW_STRING:
        return this.#length(position) <= NAME_LIMIT;
      default:
        return false;
    }
  }

  #score({ score, probabilities }: FieldPositions, model: string): number | undefined {
    const given = this.#finiteAt(score);
    if (given !== undefined || this.#kind(probabilities) !== RAW_OTHER) return given;
    const positive = this.#options.positiveClass(model);
    return positive === undefined
      ? undefined
      : this.#finiteAt(this.#scanner.layout.child(probabilities, positive));
  }

  #finiteAt(position: number): number | undefined {
    if (this.#kind(position) !== RAW_NUMBER) return undefined;
    const value = this.#scanner.memory.numbers[position] as number;
    return Number.isFinite(value) ? value : undefined;
  }
}
