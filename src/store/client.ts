import { Agent } from 'node:https';
import { resolve } from 'node:path';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { DriftdError, messageOf } from '../base/errors.ts';
import { tlsFailure } from '../base/tls-failure.ts';
import { tlsConnectionOptions } from '../base/tls-options.ts';
import { embeddedClients } from './embedded.ts';
import type { StoreOptions } from './options.ts';
import { writeCountsOf } from './write-counts.ts';

/** An open store: a ClickHouse server or the embedded engine, spoken to in the same way. */
export interface Store {
  readonly database: string;
  /** Where it is, without secrets; for logs. */
  readonly location: string;
  /** Runs a statement that gives no rows. */
  command(sql: string, params?: Params): Promise<void>;
  /** Runs a query; `{name:Type}` in it is a parameter, `{database}` the database's name. */
  query<Row>(sql: string, params?: Params): Promise<Row[]>;
  /** Inserts rows in one block, so that readers see all of them or none. */
  insert(table: string, rows: ReadonlyArray<object>): Promise<void>;
  /** How many inserts it makes use of at a time; further ones wait. */
  readonly writers: number;
  /** How often tables were written to. Undefined for a server, where others write as well. */
  readonly writes?: (tables: readonly string[]) => number;
  close(): Promise<void>;
}

type Params = Readonly<Record<string, unknown>>;

interface WithHeaders {
  readonly response_headers: Readonly<Record<string, unknown>>;
}

const SETTINGS = {
  // Offsets and counts stay below 2^53.
  output_format_json_quote_64bit_integers: 0,
  // "inf" and "nan" instead of null, so that sums which overflow come back as what they are.
  output_format_json_quote_denormals: 1,
  // An acknowledged insert is a stored insert.
  async_insert: 0,
  max_insert_block_size: '1048576',
  // A replay of ten years writes to more months at once than the server's default allows.
  max_partitions_per_insert_block: '0',
  // Parameters are the only place where instants meet SQL as text.
  date_time_input_format: 'best_effort',
} as const;

const MAX_CONNECTIONS = 10;
/** The embedded engine writes one after another. While it does, the next one is put into words. */
const EMBEDDED_WRITERS = 2;

export async function openStore(options: StoreOptions): Promise<Store> {
  const embedded = 'path' in options;
  const location = embedded ? options.path : new URL(options.url).origin;
  const { reader, writer } = embedded
    ? await embeddedClients(options.path, SETTINGS)
    : both(serverClient(options));
  const database = options.database;
  const place = (sql: string): string => sql.replaceAll('{database}', database);
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeError(error, location);
    }
  };
  const check = embedded ? () => undefined : checkSender;
  const written = embedded ? writeCountsOf(resolve(options.path), database) : undefined;
  return {
    database,
    location,
    writers: embedded ? EMBEDDED_WRITERS : MAX_CONNECTIONS,
    ...(written && { writes: (tables) => written.of(tables) }),
    command: (sql, params) =>
      attempt(async () => {
        check(await writer.command({ query: place(sql), ...(params && { query_params: { ...params } }) }));
      }).finally(() => written?.note()),
    query: <Row>(sql: string, params?: Params) =>
      attempt(async () => {
        const result = await reader.query({
          query: place(sql),
          format: 'JSONEachRow',
          ...(params && { query_params: { ...params } }),
        });
        check(result);
        return (await result.json()) as Row[];
      }),
    insert: (table, rows) =>
      attempt(async () => {
        if (rows.length === 0) return;
        check(await writer.insert({ table: `${database}.${table}`, values: rows, format: 'JSONEachRow' }));
      }).finally(() => written?.note(table)),
    close: async () => {
      await reader.close();
      if (writer !== reader) await writer.close();
    },
  };
}

/** A client of a server has a connection for each statement. */
function both(client: ClickHouseClient) {
  return { reader: client, writer: client };
}

function serverClient(options: Extract<StoreOptions, { url: string }>): ClickHouseClient {
  try {
    return createClient({
      url: options.url,
      username: options.username,
      password: options.password,
      request_timeout: options.request_timeout,
      application: 'driftd',
      keep_alive: { enabled: true },
      // The client's own TLS options know no server name, and with a certificate they log in by it instead of by password.
      ...(options.tls && {
        http_agent: new Agent({
          keepAlive: true,
          maxSockets: MAX_CONNECTIONS,
          ...tlsConnectionOptions(options.tls),
        }),
      }),
      max_open_connections: MAX_CONNECTIONS,
      compression: { request: false, response: true },
      clickhouse_settings: { ...SETTINGS, wait_end_of_query: 1 },
      // Failures come back as errors; whether one is worth a line is for the caller to say.
      log: { level: ClickHouseLogLevel.OFF },
    });
  } catch (error) {
    throw new DriftdError(
      'input',
      `store.url is not an address of a ClickHouse server: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** A page that some proxy answers with 200 reads as a result without rows, and an insert into it as a success. */
function checkSender({ response_headers: headers }: WithHeaders): void {
  if (headers['x-clickhouse-query-id'] === undefined)
    throw new Error('the answer does not come from ClickHouse');
}

/**
 * ClickHouse error codes that waiting may mend: memory limit (241), too many parts (252), too many simultaneous
 * queries (202), Keeper (999) and a table that is read-only for now (242).
 */
const PASSING_CODES = new Set(['241', '252', '202', '999', '242', '159', '160', '209', '210', '236', '319']);

function storeError(error: unknown, location: string): DriftdError {
  if (error instanceof DriftdError) return error;
  const code = (error as { code?: unknown }).code;
  const text = messageOf(error);
  if (typeof code === 'string' && /^\d+$/.test(code)) {
    const retryable = PASSING_CODES.has(code);
    if (code === '516' || code === '194' || code === '497') {
      return new DriftdError('environment', `the store at ${location} refuses this user: ${text}`, {
        cause: error,
      });
    }
    return new DriftdError(
      retryable ? 'environment' : 'defect',
      `the store at ${location} answers ${code}: ${text}`,
      {
        cause: error,
        retryable,
      },
    );
  }
  if (error instanceof RangeError || (error instanceof TypeError && code === undefined)) {
    return new DriftdError('defect', `a store call failed inside driftd: ${text}`, { cause: error });
  }
  const tls = tlsFailure(code);
  if (tls !== undefined) {
    return new DriftdError('environment', `no TLS with the store at ${location}: ${tls.advice}`, {
      cause: error,
      retryable: tls.passes,
    });
  }
  // No code of the engine's: the network, the proxy in between, or a time-out.
  return new DriftdError('environment', `cannot reach the store at ${location}: ${text || String(code)}`, {
    cause: error,
    retryable: true,
  });
}
