import type { Millis } from '../../base/clock.ts';
import type { PackedBytes } from '../../base/packed-bytes.ts';
import type { Answer, PredictionEvent } from '../../event/events.ts';
import {
  RAW_ESCAPED,
  RAW_FALSE,
  RAW_NUMBER,
  RAW_OTHER,
  RAW_STRING,
  RAW_TRUE,
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
  layout: RawFeatures['layout'] = {};
  revision = 0;
  stamps = new Int32Array(0);
  stamp = 0;
  kinds = new Uint8Array(0);
  numbers = new Float64Array(0);
  bytes: Buffer = Buffer.alloc(0);
  heads = new Int32Array(0);
  begins = new Int32Array(0);
  ends = new Int32Array(0);

  /** @param parse gives the features of a message the long way. */
  constructor(
    scanner: MessageScanner,
    parse: (message: Buffer | PackedBytes) => PredictionEvent['features'],
  ) {
    this.#scanner = scanner;
    this.#parse = parse;
  }

  /** Shows what the scanner has read. */
  show(message: Buffer | PackedBytes, fields: FieldPositions): void {
    const { layout, memory, stamp } = this.#scanner;
    this.#message = message;
    this.#fields = fields;
    this.stamp = stamp;
    if (this.bytes !== memory.bytes || this.layout !== layout) {
      this.layout = layout;
      this.bytes = memory.bytes;
      this.stamps = memory.stamps;
      this.kinds = memory.kinds;
      this.numbers = memory.numbers;
      this.heads = memory.heads;
      this.begins = memory.begins;
      this.ends = memory.ends;
    }
    this.revision = layout.revision;
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
        return this.bytes.toString('utf8', this.begins[position], this.ends[position]);
      case RAW_ESCAPED: {
        const begin = (this.begins[position] as number) - 1;
        return JSON.parse(this.bytes.toString('utf8', begin, (this.ends[position] as number) + 1));
      }
      case RAW_TRUE:
      case RAW_FALSE:
        return kind === RAW_TRUE;
      case RAW_OTHER:
        return {};
      default:
        return null;
    }
  }
}
