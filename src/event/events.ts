import type { Millis } from '../base/clock.ts';
import type { RawFeatures } from './raw-features.ts';

/** The version that an event without one belongs to. */
export const UNVERSIONED = 'unversioned';

/** A value as the model or the labelling job wrote it: a class name, a number for a regression, or a boolean. */
export type Answer = string | number | boolean;

/** One prediction as the serving code logged it. */
export interface PredictionEvent {
  readonly kind: 'prediction';
  readonly model: string;
  readonly version: string;
  /** Event time. */
  readonly timestamp: Millis;
  /** Needed only to join labels. */
  readonly predictionId: string | undefined;
  /** Raw JSON values; whether one is missing, invalid or counted is decided against the baseline's kinds. */
  readonly features: Readonly<Record<string, unknown>>;
  /** The same, sooner to be had, and only until the next message is decoded. Not every event has it. */
  readonly raw?: RawFeatures;
  readonly prediction: Answer | undefined;
  /** The model's score for the positive class, or its confidence. */
  readonly score: number | undefined;
  /** An inline label: ground truth that was known at prediction time. */
  readonly label: Answer | undefined;
}

/** Ground truth for one prediction, often days late. */
export interface LabelEvent {
  readonly kind: 'label';
  readonly model: string;
  readonly predictionId: string;
  readonly label: Answer;
  /** When the label was established; the newest label of a prediction counts. */
  readonly timestamp: Millis;
}

export type DriftdEvent = PredictionEvent | LabelEvent;

/** The closed list of reasons for which a record is rejected. */
export const REJECT_REASONS = [
  'empty',
  'too_large',
  'not_json',
  'wrong_shape',
  'no_model',
  'unknown_model',
  'bad_timestamp',
  'too_old',
  'in_the_future',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];
