import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { Statement } from './chdb-engine.ts';
import { exceptionMessage } from './clickhouse-error.ts';
import { hasSeveralStatements } from './sql-statements.ts';

const DECODERS: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, Buffer>(gunzip),
  br: promisify<Buffer, Buffer>(brotliDecompress),
  deflate: promisify<Buffer, Buffer>(inflate),
};

/** What the HTTP interface itself understands; every other parameter is a setting for the engine to judge. */
const NOT_SETTINGS = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'role',
  'wait_end_of_query',
  'buffer_size',
  'compress',
  'decompress',
  'quota_key',
  'stacktrace',
  'client_protocol_version',
]);

/** Reads a query from a request the way ClickHouse does: the `query` parameter first, then the body as its continuation. */
export async function readStatement(request: IncomingMessage, url: URL): Promise<Statement> {
  const fields = new URLSearchParams(url.search);
  let body = await readBody(request);
  const contentType = request.headers['content-type'] ?? '';
  if (contentType.startsWith('multipart/form-data')) {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    for (const [name, value] of form) if (typeof value === 'string') fields.set(name, value);
    body = Buffer.alloc(0);
  }
  if (fields.has('role')) {
    throw new Error(exceptionMessage(512, 'SET_NON_GRANTED_ROLE', 'The stand-in server has no roles'));
  }
  const inUrl = fields.get('query') ?? '';
  const isInsert = /^\s*INSERT\b/i.test(inUrl);
  const sql = inUrl === '' || isInsert ? inUrl || body.toString() : `${inUrl}\n${body.toString()}`;
  if (sql.trim() === '') throw new Error(exceptionMessage(62, 'SYNTAX_ERROR', 'Syntax error: Empty query'));
  if (hasSeveralStatements(sql)) {
    throw new Error(exceptionMessage(62, 'SYNTAX_ERROR', 'Syntax error (Multi-statements are not allowed)'));
  }
  return {
    sql,
    data: isInsert && (body.length > 0 || expectsData(inUrl)) ? body : undefined,
    params: entries(fields, (name) => (name.startsWith('param_') ? name.slice('param_'.length) : undefined)),
    settings: {
      ...entries(fields, (name) => (name.startsWith('param_') || NOT_SETTINGS.has(name) ? undefined : name)),
      // A GET may be repeated by any proxy on the way, so ClickHouse lets it change nothing.
      ...(request.method === 'GET' ? { readonly: '2' } : {}),
    },
    database: fields.get('database') ?? header(request, 'x-clickhouse-database'),
    format: fields.get('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated',
    session: fields.get('session_id') ?? undefined,
  };
}

/** `INSERT ... FORMAT name`, and nothing behind it. */
function expectsData(sql: string): boolean {
  return /\bFORMAT\s+\w+\s*$/i.test(sql) && !/\bSELECT\b/i.test(sql);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const body = await buffer(request);
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || body.length === 0) return body;
  const decode = DECODERS[encoding];
  if (decode === undefined) {
    const text = `Unknown compression method ${encoding}`;
    throw new Error(exceptionMessage(89, 'UNKNOWN_COMPRESSION_METHOD', text));
  }
  return decode(body);
}

function entries(
  fields: URLSearchParams,
  rename: (name: string) => string | undefined,
): Record<string, string> {
  const found: [string, string][] = [];
  for (const [name, value] of fields) {
    const renamed = rename(name);
    if (renamed !== undefined) found.push([renamed, value]);
  }
  return Object.fromEntries(found);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
