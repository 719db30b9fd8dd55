import type { Millis } from '../base/clock.ts';
import type { PredictionEvent } from '../event/events.ts';
import { isVector } from '../profile/derived/embedding.ts';
import { TEXT_LENGTH } from '../profile/derived/words.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** A row of `learning_samples`: one of the first events of a model that has no baseline yet. */
export function learningSampleRow(
  event: PredictionEvent,
  place: { topic: string; partition: number; offset: number },
): object {
  return {
    model: event.model,
    version: event.version,
    ...place,
    timestamp: sqlTime(event.timestamp),
    event: JSON.stringify(sampleOf(event)),
  };
}

/** Name by name: what a decoder gives may compute them when they are asked for. */
function sampleOf(event: PredictionEvent): PredictionEvent {
  const { kind, model, version, timestamp, predictionId, prediction, score, label } = event;
  const features = flat(event.features);
  return { kind, model, version, timestamp, predictionId, features, prediction, score, label };
}

/** Features that are kept of one event. */
const KEPT_FEATURES = 2_000;

/** JSON has no word for infinity, and what is nested too deeply cannot be written: only that they are invalid matters. Of long texts is kept what is looked at. */
function flat(features: PredictionEvent['features']): PredictionEvent['features'] {
  const isPlain = (value: unknown): boolean =>
    typeof value === 'number'
      ? Number.isFinite(value)
      : typeof value !== 'object' || value === null || isVector(value);
  const kept = (value: unknown): unknown => (typeof value === 'string' ? value.slice(0, TEXT_LENGTH) : value);
  return Object.fromEntries(
    Object.entries(features)
      .slice(0, KEPT_FEATURES)
      .map(([name, value]) => [name, isPlain(value) ? kept(value) : []]),
  );
}

export interface LearningProgress {
  readonly model: string;
  readonly events: number;
}

/** How many sample events each model has in the store. */
export async function learningProgress(store: Store): Promise<LearningProgress[]> {
  return store.query(
    `SELECT model, uniqExact(topic, partition, offset) AS events
     FROM {database}.learning_samples GROUP BY model ORDER BY model`,
  );
}

export interface LearningSample {
  /** In order of event time. */
  readonly events: readonly PredictionEvent[];
  /** The event time of the last event that is stored, asked for or not. */
  readonly until: Millis;
}

/** The first events of a model's sample by event time, at most `limit`; undefined when none are stored. */
export async function learningSample(
  store: Store,
  model: string,
  limit: number,
): Promise<LearningSample | undefined> {
  const rows = await store.query<{ event: string }>(
    `SELECT event FROM {database}.learning_samples FINAL
     WHERE model = {model:String} ORDER BY timestamp, topic, partition, offset LIMIT {limit:UInt64}`,
    { model, limit },
  );
  // Asked last, so that what is stored meanwhile lies before it as well.
  const [newest] = await store.query<{ until: Millis }>(
    `SELECT ${millisOf('max(timestamp)')} AS until FROM {database}.learning_samples WHERE model = {model:String}`,
    { model },
  );
  if (newest === undefined || rows.length === 0) return undefined;
  return { events: rows.map(({ event }) => JSON.parse(event) as PredictionEvent), until: newest.until };
}
