import type { Millis } from '../base/clock.ts';
import { type Outcome, ok, reject } from '../base/outcome.ts';
import { type Answer, type DriftdEvent, type RejectReason, UNVERSIONED } from './events.ts';

/** Longest model or version name, prediction id and class name, in UTF-16 units. */
export const NAME_LIMIT = 256;
export const ID_LIMIT = 512;
const NAME_FORM = `a string of up to ${NAME_LIMIT} characters, U+0000 not among them`;

/** Nothing that driftd watches is older or younger than this; an event that says so has a broken clock. */
const DAWN: Millis = Date.UTC(2000, 0, 1);
const DUSK: Millis = Date.UTC(2200, 0, 1);

export interface ValidationOptions {
  /** How far an event's timestamp may lie behind and ahead of its record's. */
  readonly maxAge: Millis;
  readonly maxFuture: Millis;
  /** Decides whether a model is watched. */
  readonly knowsModel: (model: string) => boolean;
  /** The class whose probability is the score, where an event has probabilities and no score. */
  readonly positiveClass: (model: string) => string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks one parsed payload against the event format.
 *
 * @param recordTime when the log took the record; undefined where there is no log (files), and then age is not judged.
 */
export function validateEvent(
  payload: unknown,
  recordTime: Millis | undefined,
  options: ValidationOptions,
): Outcome<DriftdEvent, RejectReason> {
  if (!isObject(payload)) return reject('wrong_shape', 'the payload is not a JSON object');
  const fields: Fields = payload;
  const model = own(fields, 'model');
  if (typeof model !== 'string' || model === '')
    return reject('no_model', '"model" must be a non-empty string');
  if (!isName(model)) return reject('wrong_shape', `"model" must be ${NAME_FORM}`);
  if (!options.knowsModel(model)) return reject('unknown_model', `the model ${model} is not configured`);
  const timestamp = readTimestamp(own(fields, 'timestamp'));
  if (timestamp === undefined) {
    return reject('bad_timestamp', '"timestamp" must be ISO-8601 with a zone, or milliseconds since 1970');
  }
  if (isTooOld(timestamp, recordTime, options)) {
    return reject('too_old', `the timestamp ${isoOf(timestamp)} is too long before the record's`);
  }
  if (isInTheFuture(timestamp, recordTime, options)) {
    return reject('in_the_future', `the timestamp ${isoOf(timestamp)} is too far ahead of the record's`);
  }
  const id = readId(own(fields, 'prediction_id'));
  if (id === null)
    return reject('wrong_shape', `"prediction_id" must be a string of 1 to ${ID_LIMIT} characters`);
  const label = readAnswer(own(fields, 'label'));
  if (label === null) return reject('wrong_shape', '"label" must be a string, a number or a boolean');

  const features = own(fields, 'features');
  if (features === undefined || features === null) {
    if (label === undefined)
      return reject('wrong_shape', 'neither "features" (a prediction) nor "label" is there');
    if (id === undefined) return reject('wrong_shape', 'a label needs a "prediction_id"');
    return ok({ kind: 'label', model: model.toWellFormed(), predictionId: id, label, timestamp });
  }
  if (!isObject(features)) return reject('wrong_shape', '"features" must be an object');
  const version = readVersion(own(fields, 'version'));
  if (version === undefined) return reject('wrong_shape', `"version" must be ${NAME_FORM}`);
  const prediction = readAnswer(own(fields, 'prediction'));
  if (prediction === null)
    return reject('wrong_shape', '"prediction" must be a string, a number or a boolean');
  return ok({
    kind: 'prediction',
    model: model.toWellFormed(),
    version,
    timestamp,
    predictionId: id,
    features,
    prediction,
    score: readScore(fields, options.positiveClass(model)),
    label,
  });
}

/** @param recordTime when the log took the record; undefined where there is no log, and then age is not judged. */
export function isTooOld(
  timestamp: Millis,
  recordTime: Millis | undefined,
  { maxAge }: Pick<ValidationOptions, 'maxAge'>,
): boolean {
  return timestamp < DAWN || (recordTime !== undefined && timestamp < recordTime - maxAge);
}

export function isInTheFuture(
  timestamp: Millis,
  recordTime: Millis | undefined,
  { maxFuture }: Pick<ValidationOptions, 'maxFuture'>,
): boolean {
  return timestamp >= DUSK || (recordTime !== undefined && timestamp > recordTime + maxFuture);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own properties only, so that a payload cannot inherit a field from Object.prototype. */
function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;
/** The largest distance from 1970 that a Date can hold. */
const MAX_TIME = 8.64e15;

/** Event time of what stands under `timestamp`; undefined when it is none. */
export function readTimestamp(value: unknown): Millis | undefined {
  if (typeof value === 'number') return Math.abs(value) <= MAX_TIME ? Math.floor(value) : undefined;
  if (typeof value !== 'string' || !ISO.test(value) || !isInCalendar(value)) return undefined;
  const time = Date.parse(value.replace(',', '.'));
  return Number.isNaN(time) ? undefined : time;
}

/** Date.parse takes the 30th of February for the 2nd of March. */
function isInCalendar(isoTime: string): boolean {
  const day = Number(isoTime.slice(8, 10));
  if (day <= 28) return true;
  const lastDay = new Date(Date.UTC(Number(isoTime.slice(0, 4)), Number(isoTime.slice(5, 7)), 0));
  return day <= lastDay.getUTCDate();
}

/** U+0000 keeps a model and a version apart where both make up one key. */
function isName(text: string): boolean {
  return text.length <= NAME_LIMIT && !text.includes('\0');
}

/** undefined when absent, null when it is of the wrong form. */
function readId(value: unknown): string | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' && value.length <= ID_LIMIT ? value.toWellFormed() : null;
}

function readVersion(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return UNVERSIONED;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && isName(value) ? value.toWellFormed() : undefined;
}

function readAnswer(value: unknown): Answer | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && value.length <= NAME_LIMIT ? value.toWellFormed() : null;
}

function readScore(fields: Fields, positive: string | undefined): number | undefined {
  const score = own(fields, 'score');
  if (typeof score === 'number' && Number.isFinite(score)) return score;
  const probabilities = own(fields, 'probabilities');
  if (positive === undefined || !isObject(probabilities)) return undefined;
  const probability = own(probabilities, positive);
  return typeof probability === 'number' && Number.isFinite(probability) ? probability : undefined;
}

function isoOf(time: Millis): string {
  return new Date(time).toISOString();
}
