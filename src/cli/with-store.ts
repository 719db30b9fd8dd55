import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { openStore, type Store } from '../store/client.ts';
import { migrate } from '../store/migrate.ts';
import type { CommandContext } from './context.ts';

/** Does something with the store that a configuration names, its tables up to date. */
export async function withStore<T>(
  file: string,
  { environment }: Pick<CommandContext, 'environment'>,
  work: (config: Config, store: Store) => Promise<T>,
): Promise<T> {
  const config = await loadConfig(file, environment);
  const store = await openStore(config.store);
  try {
    await migrate(store);
    return await work(config, store);
  } finally {
    await store.close();
  }
}
