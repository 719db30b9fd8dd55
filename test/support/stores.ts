import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openStore, type Store } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { StoreOptions } from '../../src/store/options.ts';
import { type ClickHouseServer, startClickHouse } from './clickhouse-server.ts';
import { randomName } from './random-name.ts';

/** The two ways to a store; suites that talk to one run over both. */
export const STORE_KINDS = ['embedded', 'server'] as const;

export type StoreKind = (typeof STORE_KINDS)[number];

export interface Stores {
  /** What to hand to openStore for a database of this name. */
  options(database: string): StoreOptions;
  /** A store on a database of its own, with all tables; closed at the end of the suite. */
  fresh(): Promise<Store>;
  /** A store on a database of its own that was not even created. */
  bare(database?: string): Promise<Store>;
}

/**
 * Starts an engine for the suite that this is called in, and ends it with the suite. A process can have one embedded
 * engine, so a file calls this for `embedded` once.
 */
export function storesOfSuite(kind: StoreKind): Stores {
  const opened: Store[] = [];
  let folder = '';
  let server: ClickHouseServer | undefined;

  beforeAll(async () => {
    if (kind === 'server') server = await startClickHouse();
    else folder = await mkdtemp(join(tmpdir(), 'driftd-store-'));
  });
  afterAll(async () => {
    for (const store of opened) await store.close();
    await server?.stop();
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  const options = (database: string): StoreOptions =>
    server === undefined
      ? { path: folder, database }
      : { url: server.url, database, username: 'default', password: '', request_timeout: 20_000 };
  const bare = async (database = randomName('test')): Promise<Store> => {
    const store = await openStore(options(database));
    opened.push(store);
    return store;
  };
  return {
    options,
    bare,
    fresh: async () => {
      const store = await bare();
      await migrate(store);
      return store;
    },
  };
}
