import type { Millis } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { type Outcome, ok, reject } from '../base/outcome.ts';
import type { PackedBytes } from '../base/packed-bytes.ts';
import type { DriftdEvent, PredictionEvent, RejectReason } from '../event/events.ts';
import { type ValidationOptions, validateEvent } from '../event/validate.ts';
import { compileMapping, type Mapping } from './mapping.ts';
import { ScanDecoder } from './scan/scan-decoder.ts';

export interface DecoderOptions extends ValidationOptions {
  /** Longest payload that is looked at, in bytes. */
  readonly maxBytes: number;
  /** Brings a foreign payload into driftd's format; undefined when it already is. */
  readonly mapping: Mapping | undefined;
}

/**
 * Bytes to an event, or the reason why not. Never throws, whatever the bytes are. The event is good until the next call:
 * it may read its values from bytes that are gone then.
 */
export type Decoder = (
  payload: Buffer | PackedBytes | null,
  recordTime: Millis | undefined,
) => Outcome<DriftdEvent, RejectReason>;

/**
 * Two ways to an event: messages that are laid out like earlier ones are read where they lie; all others, and all that have
 * something wrong with them, by JSON.parse. Both give the same.
 */
export function createDecoder(options: DecoderOptions): Decoder {
  const { maxBytes, mapping } = options;
  const map = mapping === undefined ? undefined : compileMapping(mapping);
  const parse = (payload: Buffer | PackedBytes): unknown => {
    const parsed: unknown = JSON.parse(bufferOf(payload).toString('utf8'));
    return map === undefined ? parsed : map(parsed);
  };
  const scanner = new ScanDecoder(
    mapping,
    options,
    (payload) => (parse(payload) as PredictionEvent).features,
  );
  return (payload, recordTime) => {
    if (payload === null || payload.length === 0) return reject('empty', 'the record has no value');
    if (payload.length > maxBytes) {
      return reject('too_large', `${payload.length} bytes are more than the limit of ${maxBytes}`);
    }
    const scanned = scanner.decode(payload, recordTime);
    if (scanned !== undefined) return ok(scanned);
    let parsed: unknown;
    try {
      parsed = parse(payload);
    } catch (error) {
      return reject('not_json', messageOf(error).slice(0, 200));
    }
    const outcome = validateEvent(parsed, recordTime, options);
    if (outcome.kind === 'ok') scanner.learn(bufferOf(payload));
    return outcome;
  };
}

function bufferOf(payload: Buffer | PackedBytes): Buffer {
  return Buffer.isBuffer(payload) ? payload : payload.toBuffer();
}
