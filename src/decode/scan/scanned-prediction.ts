import type { Millis } from '../../base/clock.ts';
import type { PackedBytes } from '../../base/packed-bytes.ts';
import type { WasmMemory } from '../../base/wasm-memory.ts';
import type { Answer, PredictionEvent } from '../../event/events.ts';
import {
  RAW_ESCAPED,
  RAW_FALSE,
  RAW_NUMBER,
  RAW_OTHER,
  RAW_STRING,
  RAW_TRUE,
  type RawAddresses,
  type RawFeatures,
  rawKind,
} from '../../event/raw-features.ts';
import type { FieldPositions } from './field-positions.ts';
import type { MessageScanner } from './message-scanner.ts';

/**
 * The prediction that a scanner has just read, seen as an event. There is one for all: it shows the next message when that
 * has been read. Texts and objects are made when they are asked for.
 */
export class ScannedPrediction implements PredictionEvent, RawFeatures {
  readonly kind = 'prediction';
  model = '';
  version = '';
  timestamp: Millis = 0;
  score: number | undefined;
  readonly #scanner: MessageScanner;
  readonly #parse: (message: Buffer | PackedBytes) => PredictionEvent['features'];
  #message: Buffer | PackedBytes = Buffer.alloc(0);
  #fields: FieldPositions | undefined;
  readonly memory: WasmMemory;
  readonly addresses: RawAddresses;

  /** @param parse gives the features of a message the long way. */
  constructor(
    scanner: MessageScanner,
    parse: (message: Buffer | PackedBytes) => PredictionEvent['features'],
  ) {
    this.#scanner = scanner;
    this.#parse = parse;
    this.memory = scanner.memory.wasm;
    this.addresses = scanner.memory.addresses;
  }

  /** Shows what the scanner has read. */
  show(message: Buffer | PackedBytes, fields: FieldPositions): void {
    this.#message = message;
    this.#fields = fields;
  }

  get layout(): RawFeatures['layout'] {
    return this.#scanner.layout;
  }

  get revision(): number {
    return this.#scanner.layout.revision;
  }

  get stamp(): number {
    return this.#scanner.stamp;
  }

  get stamps(): Int32Array {
    return this.#scanner.memory.stamps;
  }

  get kinds(): Uint8Array {
    return this.#scanner.memory.kinds;
  }

  get numbers(): Float64Array {
    return this.#scanner.memory.numbers;
  }

  get raw(): RawFeatures {
    return this;
  }

  get features(): PredictionEvent['features'] {
    return this.#parse(this.#message);
  }

  get predictionId(): string | undefined {
    const id = this.valueAt(this.#fields?.prediction_id ?? -1) ?? undefined;
    return id === undefined ? undefined : String(id);
  }

  get prediction(): Answer | undefined {
    return this.#answerAt(this.predictionPosition);
  }

  get label(): Answer | undefined {
    return this.#answerAt(this.#fields?.label ?? -1);
  }

  #answerAt(position: number): Answer | undefined {
    const value = this.valueAt(position) ?? undefined;
    return value as Answer | undefined;
  }

  get predictionPosition(): number {
    return this.#fields?.prediction ?? -1;
  }

  position(feature: string): number {
    const features = this.#fields?.features ?? -1;
    return features < 0 ? -1 : this.#scanner.layout.child(features, feature);
  }

  valueAt(position: number): unknown {
    const kind = rawKind(this, position);
    switch (kind) {
      case 0:
        return undefined;
      case RAW_NUMBER:
        return this.numbers[position];
      case RAW_STRING:
        return this.#text(position, 0);
      case RAW_ESCAPED:
        return JSON.parse(this.#text(position, 1));
      case RAW_TRUE:
      case RAW_FALSE:
        return kind === RAW_TRUE;
      case RAW_OTHER:
        return {};
      default:
        return null;
    }
  }

  /** What lies between the quotes of a string, and so many bytes around it. */
  #text(position: number, around: number): string {
    const { bytes, begins, ends } = this.#scanner.memory;
    return bytes.toString('utf8', (begins[position] as number) - around, (ends[position] as number) + around);
  }
}
