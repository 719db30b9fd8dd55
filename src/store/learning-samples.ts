import type { PredictionEvent } from '../event/events.ts';
import type { Store } from './client.ts';
import { sqlTime } from './sql-time.ts';

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
    event: JSON.stringify(event),
  };
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

/** The sample of a model in event time, whole. Its size is bounded by how much learning takes. */
export async function learningSample(store: Store, model: string): Promise<PredictionEvent[]> {
  const rows = await store.query<{ event: string }>(
    `SELECT event FROM {database}.learning_samples FINAL
     WHERE model = {model:String} ORDER BY timestamp, topic, partition, offset`,
    { model },
  );
  return rows.map(({ event }) => JSON.parse(event) as PredictionEvent);
}
