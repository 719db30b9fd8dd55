import { type ClickHouseClient, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { DriftdError, messageOf } from '../base/errors.ts';
import { releaseStartPages, withSparingAllocator } from './engine-memory.ts';

/**
 * How the engine itself is started, so that it sleeps when there is nothing to do. By default it measures the memory of the
 * process twenty times a second, and looks for merges in each table ten times a second at first and every minute only after ten.
 * An insert wakes whoever merges in any case.
 */
const ENGINE = [
  '--memory_worker_period_ms=5000',
  ...['processing', 'move_processing', 'streaming_processing'].flatMap((pool) => [
    `--background_${pool}_pool_thread_sleep_seconds_if_nothing_to_do=1`,
    `--background_${pool}_pool_task_sleep_seconds_when_no_work_multiplier=2`,
  ]),
];

/**
 * For all its statements. They are many and small: code compiled for one is used no more often than it takes to compile it, and
 * what was found for one window is not asked for again.
 */
const STATEMENTS: ClickHouseSettings = {
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
  use_query_condition_cache: 0,
};

/** One connection answers one statement after the other, so that each has one for itself: who reads does not wait behind inserts. */
export interface EmbeddedClients {
  readonly reader: ClickHouseClient;
  readonly writer: ClickHouseClient;
}

/**
 * Opens the engine in this process. The settings are made once, for all that is asked later: before each statement, the
 * connection would write them into its text, which is read anew as a whole behind each of them, rows and all.
 */
export async function embeddedClients(path: string, settings: ClickHouseSettings): Promise<EmbeddedClients> {
  const { Session, createChdbConnection } = await loadEngine();
  const connect = async (): Promise<ClickHouseClient> => {
    const options: unknown = { connection: createChdbConnection({ path }) };
    // chdb types its connection against its own copy of the client's declarations.
    const client = createClient(options as Parameters<typeof createClient>[0]);
    await client.command({ query: setting({ ...settings, ...STATEMENTS }) });
    return client;
  };
  try {
    // The engine is the process's, and whoever opens the first session of a folder starts it.
    const engine = new Session(path, { connectionArgs: ENGINE });
    try {
      const [reader, writer] = await Promise.all([connect(), connect()]);
      await releaseStartPages();
      return { reader, writer };
    } finally {
      engine.close();
    }
  } catch (error) {
    throw new DriftdError('environment', `cannot open the embedded store at ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** chdb is an optional dependency and half a gigabyte, so it is loaded only when it is asked for. */
async function loadEngine() {
  try {
    const [{ Session }, { createChdbConnection }] = await withSparingAllocator(
      async () => await Promise.all([import('chdb'), import('chdb/connection')]),
    );
    return { Session, createChdbConnection };
  } catch (error) {
    throw new DriftdError(
      'environment',
      'the embedded store needs the optional package chdb, which is not installed here: ' +
        'run "npm install chdb", or set store.url to a ClickHouse server',
      { cause: error },
    );
  }
}

function setting(settings: ClickHouseSettings): string {
  return `SET ${Object.entries(settings)
    .map(([name, value]) => `${name} = '${String(value)}'`)
    .join(', ')}`;
}
