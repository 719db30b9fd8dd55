import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** One statement with everything that came with it, in the engine's own terms. */
export interface Statement {
  readonly sql: string;
  /** Rows for an INSERT whose text ends with `FORMAT name`; in that format, binary ones included. */
  readonly data: Uint8Array | undefined;
  /** Values for `{name:Type}` placeholders, escaped as in a TSV cell. */
  readonly params: Readonly<Record<string, string>>;
  /** For this statement only, unless it has a session. */
  readonly settings: Readonly<Record<string, string>>;
  readonly database: string | undefined;
  /** Output format of a query that names none. */
  readonly format: string;
  /** Temporary tables and settings last as long as the session. */
  readonly session: string | undefined;
}

export interface StatementResult {
  readonly bytes: Uint8Array;
  readonly elapsedSeconds: number;
  readonly resultRows: number;
  readonly resultBytes: number;
  /** Known for inserts that bring data, else 0. */
  readonly writtenRows: number;
  readonly writtenBytes: number;
}

export interface ChdbEngine {
  readonly version: string;
  /** Runs one statement. Rejects with the engine's message, `Code: N. DB::Exception: ... (NAME)`. */
  run(statement: Statement): Promise<StatementResult>;
  close(): void;
}

type Connection = { readonly __connection: never };

interface QueryAnswer {
  readonly bytes: Uint8Array;
  readonly elapsed: number;
  readonly rowsRead: number;
  readonly bytesRead: number;
}

interface InsertAnswer {
  readonly elapsed: number;
  readonly rowsWritten: number;
  readonly bytesWritten: number;
}

/** chdb's native calls. Its public ones escape parameters a second time and accept only some insert formats. */
interface NativeChdb {
  CreateConnection(path: string): Connection;
  CloseConnection(connection: Connection): void;
  QueryAsyncConnection(
    connection: Connection,
    sql: string,
    format: string,
    params?: Readonly<Record<string, string>>,
  ): Promise<QueryAnswer>;
  InsertRawAsyncConnection(
    connection: Connection,
    prefix: string,
    data: Uint8Array,
    countLines: boolean,
  ): Promise<InsertAnswer>;
}

function loadNative(): NativeChdb {
  const require = createRequire(import.meta.url);
  const loader = join(dirname(require.resolve('chdb')), 'dist', 'loader.js');
  return (require(loader) as { loadNative(): NativeChdb }).loadNative();
}

/** Opens the data folder. A process can have one open, and nobody else may have it open at the same time. */
export async function openChdb(path: string): Promise<ChdbEngine> {
  const native = loadNative();
  // Holds the folder open between statements.
  const anchor = native.CreateConnection(path);
  const version = await native.QueryAsyncConnection(anchor, 'SELECT version()', 'TabSeparated');
  const sessions = new Map<string, Connection>();
  const busy = new Set<string>();
  // Statements with parameters that run at the same time would read each other's: the engine keeps one set of them.
  let lastWithParams: Promise<unknown> = Promise.resolve();

  async function execute(connection: Connection, statement: Statement): Promise<StatementResult> {
    const prelude = preludeOf(statement);
    if (prelude !== '') await native.QueryAsyncConnection(connection, prelude, 'Null');
    const { sql, data, params, format } = statement;
    const hasParams = Object.keys(params).length > 0;
    if (data !== undefined && !hasParams) {
      const answer = await native.InsertRawAsyncConnection(connection, sql, data, false);
      return {
        ...NOTHING,
        elapsedSeconds: answer.elapsed,
        writtenRows: answer.rowsWritten,
        writtenBytes: answer.bytesWritten,
      };
    }
    const text = data === undefined ? sql : `${sql}\n${Buffer.from(data).toString()}`;
    const query = (): Promise<QueryAnswer> =>
      native.QueryAsyncConnection(connection, text, format, ...(hasParams ? [params] : []));
    const pending = hasParams ? lastWithParams.then(query) : query();
    if (hasParams) lastWithParams = pending.catch(() => {});
    const answer = await pending;
    return {
      ...NOTHING,
      bytes: answer.bytes,
      elapsedSeconds: answer.elapsed,
      resultRows: answer.rowsRead,
      resultBytes: answer.bytesRead,
    };
  }

  async function runInSession(session: string, statement: Statement): Promise<StatementResult> {
    if (busy.has(session)) {
      throw new Error(
        `Code: 373. DB::Exception: Session ${session} is locked by a concurrent client. (SESSION_IS_LOCKED)`,
      );
    }
    const connection = sessions.get(session) ?? native.CreateConnection(path);
    sessions.set(session, connection);
    busy.add(session);
    try {
      return await execute(connection, statement);
    } finally {
      busy.delete(session);
    }
  }

  return {
    version: Buffer.from(version.bytes).toString().trim(),
    run: async (statement) => {
      if (statement.session !== undefined) return runInSession(statement.session, statement);
      // A connection takes a quarter of a millisecond, and with its own the settings of one statement leave no trace.
      const connection = native.CreateConnection(path);
      try {
        return await execute(connection, statement);
      } finally {
        native.CloseConnection(connection);
      }
    },
    close: () => {
      for (const connection of [...sessions.values(), anchor]) native.CloseConnection(connection);
    },
  };
}

const NOTHING: StatementResult = {
  bytes: new Uint8Array(0),
  elapsedSeconds: 0,
  resultRows: 0,
  resultBytes: 0,
  writtenRows: 0,
  writtenBytes: 0,
};

function preludeOf({ database, settings }: Statement): string {
  const statements = database === undefined ? [] : [`USE ${quote(database, '`')}`];
  for (const [name, value] of Object.entries(settings)) {
    statements.push(`SET ${quote(name, '`')} = ${quote(value, "'")}`);
  }
  return statements.join('; ');
}

function quote(text: string, mark: string): string {
  return mark + text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`) + mark;
}
