import type { Millis } from '../base/clock.ts';
import type { Answer, LabelEvent, PredictionEvent } from '../event/events.ts';
import { sqlTime } from './sql-time.ts';

const OFFSET_BITS = 20n;

/** Orders what is known of one key: by timestamp, then by place in the log. Fits 64 bits until the year 2500. */
function ordinal(timestamp: Millis, offset: number): string {
  return ((BigInt(timestamp) << OFFSET_BITS) | (BigInt(offset) & ((1n << OFFSET_BITS) - 1n))).toString();
}

/** A row of `predictions`: what is kept of a prediction until its label comes. */
export function predictionRow(event: PredictionEvent, predictionId: string, offset: number): object {
  return {
    model: event.model,
    version: event.version,
    prediction_id: predictionId,
    timestamp: sqlTime(event.timestamp),
    prediction: event.prediction === undefined ? '' : String(event.prediction),
    prediction_number: numberOf(event.prediction),
    score: event.score ?? null,
    ordinal: ordinal(event.timestamp, offset),
  };
}

/** A row of `labels`. */
export function labelRow(
  event: Pick<LabelEvent, 'model' | 'predictionId' | 'label' | 'timestamp'>,
  offset: number,
): object {
  return {
    model: event.model,
    prediction_id: event.predictionId,
    timestamp: sqlTime(event.timestamp),
    label: String(event.label),
    label_number: numberOf(event.label),
    ordinal: ordinal(event.timestamp, offset),
  };
}

function numberOf(answer: Answer | undefined): number | null {
  return typeof answer === 'number' ? answer : null;
}
