import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DriftdError } from '../../src/base/errors.ts';
import type { Store } from '../../src/store/client.ts';
import type { ProxyMode } from '../support/tcp-proxy.ts';

/**
 * Does to a store inside the process what the proxy does to one behind a socket. The mode stands in a file, since
 * whoever decides on it is another process.
 */
export function spoiledStore(store: Store, modeFile: string): Store {
  const mode = (): ProxyMode => readFileSync(modeFile, 'utf8') as ProxyMode;
  const change = async (from: ProxyMode): Promise<void> => {
    while (mode() === from) await sleep(20);
  };
  const fail = (): never => {
    throw new DriftdError('environment', 'the store cannot be reached, on purpose', { retryable: true });
  };
  const spoiled = async <T>(work: () => Promise<T>): Promise<T> => {
    const found = mode();
    if (found === 'refuse') return fail();
    if (found === 'hang') await change('hang');
    const result = await work();
    if (found === 'drop-answers') await change('drop-answers');
    return found === 'drop-answers' || found === 'cut-answers' ? fail() : result;
  };
  return {
    ...store,
    command: (sql, params) => spoiled(() => store.command(sql, params)),
    query: (sql, params) => spoiled(() => store.query(sql, params)),
    insert: (table, rows) => spoiled(() => store.insert(table, rows)),
  };
}
