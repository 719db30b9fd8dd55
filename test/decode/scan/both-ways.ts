import { expect } from 'vitest';
import type { Outcome } from '../../../src/base/outcome.ts';
import { createDecoder, type DecoderOptions } from '../../../src/decode/decoder.ts';
import { compileMapping } from '../../../src/decode/mapping.ts';
import type { DriftdEvent, PredictionEvent, RejectReason } from '../../../src/event/events.ts';
import { validateEvent } from '../../../src/event/validate.ts';

type Decoded = Outcome<DriftdEvent, RejectReason>;

export interface BothWays {
  /** Decodes a message as driftd does and by JSON.parse alone, and wants the same. @returns whether no object was made. */
  check(message: Buffer, recordTime: number): boolean;
  /** The event by JSON.parse alone; undefined when it is rejected. */
  parsed(message: Buffer, recordTime: number): DriftdEvent | undefined;
}

export function bothWays(options: DecoderOptions): BothWays {
  const decode = createDecoder(options);
  const map = options.mapping === undefined ? undefined : compileMapping(options.mapping);
  const parse = (message: Buffer, recordTime: number): Decoded => {
    let value: unknown;
    try {
      value = JSON.parse(message.toString('utf8'));
    } catch {
      return { kind: 'reject', reason: 'not_json', detail: '' };
    }
    return validateEvent(map === undefined ? value : map(value), recordTime, options);
  };
  return {
    check: (message, recordTime) => {
      if (message.length === 0) return false;
      const given = decode(message, recordTime);
      const wanted = parse(message, recordTime);
      const isScanned =
        given.kind === 'ok' && given.value.kind === 'prediction' && given.value.raw !== undefined;
      const same =
        given.kind === wanted.kind &&
        (given.kind !== 'reject' || wanted.kind !== 'reject' || given.reason === wanted.reason) &&
        (given.kind !== 'ok' || wanted.kind !== 'ok' || isSameEvent(given.value, wanted.value));
      if (!same)
        expect({ text: message.toString(), outcome: given }).toEqual({
          text: message.toString(),
          outcome: wanted,
        });
      return isScanned;
    },
    parsed: (message, recordTime) => {
      const outcome = parse(message, recordTime);
      return outcome.kind === 'ok' ? outcome.value : undefined;
    },
  };
}

export function isSameEvent(given: DriftdEvent, wanted: DriftdEvent): boolean {
  if (given.kind === 'label' || wanted.kind === 'label') {
    return (
      given.kind === wanted.kind &&
      Object.entries(wanted).every(([key, value]) => Object.is(Reflect.get(given, key), value))
    );
  }
  return (
    (['model', 'version', 'timestamp', 'predictionId', 'prediction', 'score', 'label'] as const).every(
      (key) => Object.is(given[key], wanted[key]),
    ) &&
    JSON.stringify(given.features) === JSON.stringify(wanted.features) &&
    hasRawValues(given, wanted.features)
  );
}

function hasRawValues({ raw }: PredictionEvent, features: PredictionEvent['features']): boolean {
  if (raw === undefined) return true;
  return Object.entries(features).every(([name, value]) => {
    const found = raw.valueAt(raw.position(name));
    return typeof value === 'object' && value !== null ? typeof found === 'object' : Object.is(found, value);
  });
}
