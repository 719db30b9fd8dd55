import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ChdbEngine, StatementResult } from './chdb-engine.ts';
import { describeFailure, exceptionMessage } from './clickhouse-error.ts';
import { type Login, loginOf } from './clickhouse-login.ts';
import { readStatement } from './clickhouse-request.ts';

const compress = promisify<Buffer | Uint8Array, Buffer>(gzip);

/** ClickHouse's HTTP interface in front of an engine: as much of it as @clickhouse/client can tell from the real one. */
export function createClickHouseServer(engine: ChdbEngine, login: Login): Server {
  const server = createServer((request, response) => {
    answer(engine, login, request, response).catch((error) => response.destroy(error));
  });
  server.keepAliveTimeout = KEEP_ALIVE_SECONDS * 1000;
  return server;
}

const KEEP_ALIVE_SECONDS = 30;

async function answer(
  engine: ChdbEngine,
  login: Login,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  response.setHeader('X-ClickHouse-Server-Display-Name', 'driftd-test');
  if (url.pathname === '/ping') {
    response.end('Ok.\n');
    return;
  }
  response.setHeader('X-ClickHouse-Query-Id', url.searchParams.get('query_id') ?? randomUUID());
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  let body: Uint8Array;
  try {
    checkLogin(loginOf(request, url), login);
    const statement = await readStatement(request, url);
    const isEmptyInsert = statement.data !== undefined && statement.data.length === 0;
    if (isEmptyInsert) {
      body = new Uint8Array(0);
    } else {
      const result = await engine.run(statement);
      response.setHeader('X-ClickHouse-Summary', JSON.stringify(summaryOf(result)));
      response.setHeader('X-ClickHouse-Format', formatOf(statement.sql) ?? statement.format);
      body = result.bytes;
    }
  } catch (error) {
    const failure = describeFailure(error instanceof Error ? error.message : String(error), engine.version);
    response.statusCode = failure.status;
    response.setHeader('X-ClickHouse-Exception-Code', String(failure.code));
    body = Buffer.from(failure.body);
  }
  // What is left of a body that was never read would be taken for the next request.
  request.resume();
  if (wantsGzip(request, url)) {
    response.setHeader('Content-Encoding', 'gzip');
    body = await compress(body);
  }
  response.end(body);
}

function checkLogin(given: Login, expected: Login): void {
  if (given.user === expected.user && given.password === expected.password) return;
  const text = `${given.user}: Authentication failed: password is incorrect, or there is no user with such name`;
  throw new Error(exceptionMessage(516, 'AUTHENTICATION_FAILED', text));
}

function summaryOf(result: StatementResult): Record<string, string> {
  return {
    read_rows: String(result.resultRows + result.writtenRows),
    read_bytes: String(result.resultBytes + result.writtenBytes),
    written_rows: String(result.writtenRows),
    written_bytes: String(result.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(result.resultRows),
    result_bytes: String(result.resultBytes),
    elapsed_ns: String(Math.round(result.elapsedSeconds * 1e9)),
  };
}

function formatOf(sql: string): string | undefined {
  return /\bFORMAT\s+(\w+)\s*;?\s*$/i.exec(sql)?.[1];
}

function wantsGzip(request: IncomingMessage, url: URL): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  return url.searchParams.get('enable_http_compression') === '1' && /\bgzip\b/.test(accepted);
}
