import type { Millis } from '../base/clock.ts';
import type { PredictionEvent } from '../event/events.ts';
import { isVector } from '../profile/derived/embedding.ts';
import { TEXT_LENGTH } from '../profile/derived/words.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/**
 * A row of `learning_samples`: one of the first events of a model that has no baseline yet.
 *
 * @param onCut is called when the event has more features than are kept.
 */
export function learningSampleRow(
  event: PredictionEvent,
  place: { topic: string; partition: number; offset: number },
  onCut: () => void = () => undefined,
): object {
  return {
    model: event.model,
    version: event.version,
    ...place,
    timestamp: sqlTime(event.timestamp),
    event: JSON.stringify(sampleOf(event, onCut)),
  };
}

/** Name by name: what a decoder gives may compute them when they are asked for. */
function sampleOf(event: PredictionEvent, onCut: () => void): PredictionEvent {
  const { kind, model, version, timestamp, predictionId, prediction, score, label } = event;
  const features = flat(event.features, onCut);
  return { kind, model, version, timestamp, predictionId, features, prediction, score, label };
}

/** Features that are kept of one event; no baseline has more. */
export const KEPT_FEATURES = 2_000;

/** JSON has no word for infinity, and what is nested too deeply cannot be written: only that they are invalid matters. Of long texts is kept what is looked at. */
function flat(features: PredictionEvent['features'], onCut: () => void): PredictionEvent['features'] {
  const isPlain = (value: unknown): boolean =>
    typeof value === 'number'
      ? Number.isFinite(value)
      : typeof value !== 'object' || value === null || isVector(value);
  const kept = (value: unknown): unknown => (typeof value === 'string' ? value.slice(0, TEXT_LENGTH) : value);
  const flattened: Array<[name: string, value: unknown]> = [];
  // One by one: of a million features, even a list of the names would take seconds.
  for (const name in features) {
    if (flattened.length >= KEPT_FEATURES) {
      onCut();
      break;
    }
    const value = features[name];
    flattened.push([name, isPlain(value) ? kept(value) : []]);
  }
  return Object.fromEntries(flattened);
}

export interface LearningProgress {
  readonly model: string;
  readonly events: number;
}

/** How many sample events the models have in the store that have no baseline: those with most, if there are very many. */
export async function learningProgress(store: Store): Promise<LearningProgress[]> {
  return store.query(
    `SELECT model, uniqExact(topic, partition, offset) AS events FROM {database}.learning_samples
     WHERE model NOT IN (SELECT model FROM {database}.baseline_activations WHERE version = '')
     GROUP BY model ORDER BY events DESC, model LIMIT 1000`,
  );
}

export interface LearningSample {
  /** The events in order of event time, some at a time, so that they are not all held at once. May be read again. */
  readonly pages: () => AsyncIterable<readonly PredictionEvent[]>;
  /** The event time of the last event that is stored, asked for or not. */
  readonly until: Millis;
}

/** Characters of events in one page. */
const PAGE_SIZE = 4_000_000;

/** Where an event stands in its sample. */
interface Place {
  readonly at: Millis;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

const PLACE = `${millisOf('timestamp')} AS at, topic, partition, offset`;

/** The first events of a model's sample by event time, at most `limit`; undefined when none are stored. */
export async function learningSample(
  store: Store,
  model: string,
  limit: number,
): Promise<LearningSample | undefined> {
  const places = await store.query<Place & { readonly size: number }>(
    `SELECT ${PLACE}, length(event) AS size FROM {database}.learning_samples FINAL
     WHERE model = {model:String} ORDER BY at, topic, partition, offset LIMIT {limit:UInt64}`,
    { model, limit },
  );
  // Asked last, so that what is stored meanwhile lies before it as well.
  const [newest] = await store.query<{ until: Millis }>(
    `SELECT ${millisOf('max(timestamp)')} AS until FROM {database}.learning_samples WHERE model = {model:String}`,
    { model },
  );
  if (newest === undefined || places.length === 0) return undefined;
  return { pages: () => readPages(store, model, pageEnds(places)), until: newest.until };
}

/** The last place of each page: as many neighbours as fit into it, at least one. */
function pageEnds(places: ReadonlyArray<Place & { readonly size: number }>): Place[] {
  const ends: Place[] = [];
  let left = 0;
  for (const { size, ...place } of places) {
    if (size > left) {
      ends.push(place);
      left = PAGE_SIZE;
    } else ends[ends.length - 1] = place;
    left -= size;
  }
  return ends;
}

async function* readPages(
  store: Store,
  model: string,
  ends: readonly Place[],
): AsyncGenerator<readonly PredictionEvent[]> {
  let after: Place = { at: Number.MIN_SAFE_INTEGER, topic: '', partition: 0, offset: 0 };
  for (const end of ends) {
    const rows = await store.query<{ event: string }>(
      `SELECT event, ${PLACE} FROM {database}.learning_samples FINAL
       WHERE model = {model:String}
         AND (at, topic, partition, offset) > ({afterAt:Int64}, {afterTopic:String}, {afterPartition:UInt32}, {afterOffset:UInt64})
         AND (at, topic, partition, offset) <= ({at:Int64}, {topic:String}, {partition:UInt32}, {offset:UInt64})
       ORDER BY at, topic, partition, offset`,
      {
        model,
        ...end,
        afterAt: after.at,
        afterTopic: after.topic,
        afterPartition: after.partition,
        afterOffset: after.offset,
      },
    );
    yield rows.map(({ event }) => JSON.parse(event) as PredictionEvent);
    after = end;
  }
}
