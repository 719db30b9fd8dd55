import { DriftdError } from '../base/errors.ts';
import type { Store } from './client.ts';

/** The same store, for work that must leave no trace: whatever would change it is a defect. */
export function readOnly(store: Store): Store {
  const refuse = async (): Promise<never> => {
    throw new DriftdError('defect', 'something wanted to write to a store that is only to be read');
  };
  return { ...store, command: refuse, insert: refuse };
}

/** Whether the store has driftd's tables. Where it has not, there is no history to read. */
export async function hasHistory(store: Store): Promise<boolean> {
  const tables = await store.query(
    "SELECT name FROM system.tables WHERE database = {name:String} AND name = 'profile_parts'",
    { name: store.database },
  );
  return tables.length > 0;
}
