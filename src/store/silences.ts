import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

export interface StoredSilence {
  readonly id: string;
  /** JSON. */
  readonly matchers: string;
  readonly startsAt: Millis;
  readonly endsAt: Millis;
  readonly createdBy: string;
  readonly comment: string;
  readonly updatedAt: Millis;
}

/** Saves a silence; a newer row of the same id replaces the older one. */
export async function saveSilence(store: Store, silence: StoredSilence): Promise<void> {
  const { startsAt, endsAt, createdBy, updatedAt, ...row } = silence;
  await store.insert('silences', [
    {
      ...row,
      starts_at: sqlTime(startsAt),
      ends_at: sqlTime(endsAt),
      created_by: createdBy,
      updated_at: sqlTime(updatedAt),
    },
  ]);
}

/** Silences that end after an instant, and so those that are over for long are left out. */
export async function silencesEndingAfter(store: Store, instant: Millis): Promise<StoredSilence[]> {
  return store.query(
    `SELECT id, matchers, ${millisOf('s.starts_at')} AS startsAt, ${millisOf('s.ends_at')} AS endsAt,
            created_by AS createdBy, comment, ${millisOf('s.updated_at')} AS updatedAt
     FROM {database}.silences AS s FINAL WHERE s.ends_at > {instant:DateTime64(3, 'UTC')} ORDER BY s.starts_at, id`,
    { instant: sqlTime(instant) },
  );
}
