import type { Millis } from '../../base/clock.ts';
import type { PackedBytes } from '../../base/packed-bytes.ts';
import type { DriftdEvent, PredictionEvent } from '../../event/events.ts';
import { RAW_NULL, RAW_NUMBER, RAW_OTHER } from '../../event/raw-features.ts';
import { isInTheFuture, isTooOld, type ValidationOptions } from '../../event/validate.ts';
import type { Mapping } from '../mapping.ts';
import { EventFields } from './event-fields.ts';
import { type FieldFinder, type FieldPositions, fieldFinder } from './field-positions.ts';
import { MessageScanner } from './message-scanner.ts';
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
  readonly #fields: EventFields;
  #positions: FieldPositions | undefined;
  #positionsIn: object | undefined;
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
    this.#fields = new EventFields(this.#scanner.memory, this.#finder ?? {});
  }

  /** @returns the event, which is good until the next call; undefined when the message has to be read the long way. */
  decode(payload: Buffer | PackedBytes, recordTime: Millis | undefined): DriftdEvent | undefined {
    if (this.#finder === undefined || !this.#scanner.scan(payload)) return undefined;
    const positions = this.#currentPositions(this.#finder);
    const fields = this.#fields;
    if (!fields.read(this.#scanner.stamp)) return undefined;
    const { model, timestamp } = fields;
    if (
      Number.isNaN(timestamp) ||
      isTooOld(timestamp, recordTime, this.#options) ||
      isInTheFuture(timestamp, recordTime, this.#options) ||
      !this.#options.knowsModel(model)
    ) {
      return undefined;
    }
    const event = this.#prediction;
    event.show(payload, positions);
    event.model = model;
    event.timestamp = timestamp;
    event.version = fields.version;
    fields.learn();
    if (this.#kind(positions.features) !== RAW_OTHER) return this.#label(positions);
    event.score = this.#score(positions, model);
    return event;
  }

  /** Takes in a message that JSON.parse made an object of. */
  learn(payload: Buffer): void {
    if (this.#finder !== undefined) this.#scanner.learn(payload);
  }

  #currentPositions(finder: FieldFinder): FieldPositions {
    const { layout } = this.#scanner;
    if (this.#positions === undefined || this.#positionsIn !== layout || this.#revision !== layout.revision) {
      this.#positions = finder.find(layout);
      this.#positionsIn = layout;
      this.#revision = layout.revision;
      this.#fields.bind(this.#positions);
    }
    return this.#positions;
  }

  #label(positions: FieldPositions): DriftdEvent | undefined {
    const { model, timestamp, predictionId, label } = this.#prediction;
    const features = this.#kind(positions.features);
    if ((features !== 0 && features !== RAW_NULL) || predictionId === undefined || label === undefined) {
      return undefined;
    }
    return { kind: 'label', model, predictionId, label, timestamp };
  }

  #kind(position: number): number {
    const { memory, stamp } = this.#scanner;
    return position >= 0 && memory.stamps[position] === stamp ? (memory.kinds[position] as number) : 0;
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
