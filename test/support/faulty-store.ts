import { DriftdError } from '../../src/base/errors.ts';
import type { Store } from '../../src/store/client.ts';

/** A store that fails on demand. What it does not fail at it does for real. */
export interface FaultyStore extends Store {
  /** The insert after this many more fails, as for a process that dies there; nothing fails while undefined. */
  insertsLeft: number | undefined;
  /** The insert into this table after `calls` more of them fails, once. */
  failsAt: { readonly table: string; readonly calls: number } | undefined;
  /** While true, the store cannot be reached, which is worth another try. */
  away: boolean;
  /** Calls while it was away. */
  knocks: number;
}

export function faultyStore(store: Store): FaultyStore {
  const knock = (): void => {
    if (!faulty.away) return;
    faulty.knocks += 1;
    throw new DriftdError('environment', 'the store cannot be reached, on purpose', { retryable: true });
  };
  const faulty: FaultyStore = {
    ...store,
    insertsLeft: undefined,
    failsAt: undefined,
    away: false,
    knocks: 0,
    query: async (sql, params) => {
      knock();
      return store.query(sql, params);
    },
    insert: async (table, rows) => {
      if (rows.length === 0) return;
      knock();
      const { failsAt } = faulty;
      const strikes = failsAt?.table === table && failsAt.calls === 0;
      if (failsAt?.table === table)
        faulty.failsAt = strikes ? undefined : { table, calls: failsAt.calls - 1 };
      if (strikes || faulty.insertsLeft === 0) {
        throw new DriftdError('defect', `the insert into ${table} failed on purpose`);
      }
      if (faulty.insertsLeft !== undefined) faulty.insertsLeft -= 1;
      await store.insert(table, rows);
    },
  };
  return faulty;
}
