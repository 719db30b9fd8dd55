import type { Millis } from '../base/clock.ts';
import type { Answer, LabelEvent, PredictionEvent } from '../event/events.ts';
import { sqlTime } from './sql-time.ts';

/** Where in its topic an event stands. */
export interface LogPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

const OFFSET_BITS = 14n;
const PARTITION_BITS = 6n;

/**
 * Orders what is known of one key: by timestamp, then by place in the log, of which the last digits are kept. No two events
 * of one key may have the same number, or it would depend on who wrote last which of them counts. Fits 64 bits until the
 * year 2500.
 */
function ordinal(timestamp: Millis, { partition, offset }: Omit<LogPlace, 'topic'>): string {
  const place =
    (lowest(BigInt(offset), OFFSET_BITS) << PARTITION_BITS) | lowest(BigInt(partition), PARTITION_BITS);
  return ((BigInt(timestamp) << (OFFSET_BITS + PARTITION_BITS)) | place).toString();
}

function lowest(value: bigint, bits: bigint): bigint {
  return value & ((1n << bits) - 1n);
}

/**
 * A row of `predictions`: what is kept of a prediction until its label comes.
 *
 * @param segments those of single features
 */
export function predictionRow(
  event: PredictionEvent,
  predictionId: string,
  place: LogPlace,
  segments: readonly string[] = [],
): object {
  return {
    model: event.model,
    version: event.version,
    prediction_id: predictionId,
    timestamp: sqlTime(event.timestamp),
    prediction: event.prediction === undefined ? '' : String(event.prediction),
    prediction_number: numberOf(event.prediction),
    score: event.score ?? null,
    segments,
    ...place,
    ordinal: ordinal(event.timestamp, place),
  };
}

/** A row of `labels`. */
export function labelRow(
  event: Pick<LabelEvent, 'model' | 'predictionId' | 'label' | 'timestamp'>,
  place: LogPlace,
): object {
  return {
    model: event.model,
    prediction_id: event.predictionId,
    timestamp: sqlTime(event.timestamp),
    label: String(event.label),
    label_number: numberOf(event.label),
    ...place,
    ordinal: ordinal(event.timestamp, place),
  };
}

function numberOf(answer: Answer | undefined): number | null {
  return typeof answer === 'number' ? answer : null;
}
