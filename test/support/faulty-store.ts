import { DriftdError } from '../../src/base/errors.ts';
import type { Store } from '../../src/store/client.ts';

/** A store that fails on demand. What it does not fail at it does for real. */
export interface FaultyStore extends Store {
  /** The insert after this many more fails, as for a process that dies there; nothing fails while undefined. */
  insertsLeft: number | undefined;
}

export function faultyStore(store: Store): FaultyStore {
  const faulty: FaultyStore = {
    ...store,
    insertsLeft: undefined,
    insert: async (table, rows) => {
      if (rows.length === 0) return;
      if (faulty.insertsLeft === 0)
        throw new DriftdError('defect', `the insert into ${table} failed on purpose`);
      if (faulty.insertsLeft !== undefined) faulty.insertsLeft -= 1;
      await store.insert(table, rows);
    },
  };
  return faulty;
}
