import type { Millis } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { type Outcome, reject } from '../base/outcome.ts';
import type { DriftdEvent, RejectReason } from '../event/events.ts';
import { type ValidationOptions, validateEvent } from '../event/validate.ts';
import type { Reader } from './json-path.ts';

export interface DecoderOptions extends ValidationOptions {
  /** Longest payload that is looked at, in bytes. */
  readonly maxBytes: number;
  /** Brings a foreign payload into driftd's format; undefined when it already is. */
  readonly mapping: Reader | undefined;
}

/** Bytes to an event, or the reason why not. Never throws, whatever the bytes are. */
export type Decoder = (
  payload: Buffer | null,
  recordTime: Millis | undefined,
) => Outcome<DriftdEvent, RejectReason>;

export function createDecoder(options: DecoderOptions): Decoder {
  const { maxBytes, mapping } = options;
  return (payload, recordTime) => {
    if (payload === null || payload.length === 0) return reject('empty', 'the record has no value');
    if (payload.length > maxBytes) {
      return reject('too_large', `${payload.length} bytes are more than the limit of ${maxBytes}`);
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(payload.toString('utf8'));
    } catch (error) {
      return reject('not_json', messageOf(error).slice(0, 200));
    }
    return validateEvent(mapping === undefined ? parsed : mapping(parsed), recordTime, options);
  };
}
