import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

export interface StoredAcknowledgement {
  readonly id: string;
  /** JSON. */
  readonly matchers: string;
  /** Empty when it is not about one alert alone. */
  readonly fingerprint: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly createdAt: Millis;
  readonly withdrawn: boolean;
  readonly updatedAt: Millis;
}

/** Saves an acknowledgement; a newer row of the same id replaces the older one. */
export async function saveAcknowledgement(
  store: Store,
  acknowledgement: StoredAcknowledgement,
): Promise<void> {
  const { createdBy, createdAt, updatedAt, ...row } = acknowledgement;
  await store.insert('acknowledgements', [
    { ...row, created_by: createdBy, created_at: sqlTime(createdAt), updated_at: sqlTime(updatedAt) },
  ]);
}

/** Those that were made since an instant and not withdrawn. */
export async function acknowledgementsSince(store: Store, instant: Millis): Promise<StoredAcknowledgement[]> {
  return store.query(
    `SELECT id, matchers, fingerprint, created_by AS createdBy, comment, ${millisOf('a.created_at')} AS createdAt,
            withdrawn, ${millisOf('a.updated_at')} AS updatedAt
     FROM {database}.acknowledgements AS a FINAL
     WHERE NOT withdrawn AND a.created_at >= {instant:DateTime64(3, 'UTC')} ORDER BY a.created_at, id`,
    { instant: sqlTime(instant) },
  );
}
