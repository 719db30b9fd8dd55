import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
  TupleParam,
} from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ClickHouseServer, startClickHouse } from './clickhouse-server.ts';
import { randomName } from './random-name.ts';

let server: ClickHouseServer;
let client: ClickHouseClient;

beforeAll(async () => {
  server = await startClickHouse();
  client = quietClient({ url: server.url });
});

afterAll(async () => {
  await client?.close();
  await server?.stop();
});

/** Failures are what many of these tests are about; the client need not log them. */
function quietClient(options: ClickHouseClientConfigOptions): ClickHouseClient {
  return createClient({ ...options, log: { level: ClickHouseLogLevel.OFF } });
}

function clientOfThisTest(options: ClickHouseClientConfigOptions): ClickHouseClient {
  const client = quietClient(options);
  onTestFinished(() => client.close());
  return client;
}

async function createTable(): Promise<string> {
  const table = randomName('t');
  await client.command({
    query: `CREATE TABLE ${table} (id UInt64, name String) ENGINE = MergeTree ORDER BY id;`,
  });
  return table;
}

async function rowsOf<T>(query: string, query_params: Record<string, unknown> = {}): Promise<T[]> {
  return (await client.query({ query, query_params, format: 'JSONEachRow' })).json<T>();
}

const tenThousand = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `row ${id}` }));

describe('the ClickHouse stand-in', () => {
  it('answers a ping with and without a query', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
  });

  it('takes ten thousand rows in one insert and counts them in the summary', async () => {
    const table = await createTable();

    const { summary, executed } = await client.insert({ table, values: tenThousand, format: 'JSONEachRow' });

    expect(executed).toBe(true);
    expect(summary?.written_rows).toBe('10000');
    expect(await rowsOf(`SELECT count() AS n, sum(id) AS s FROM ${table}`)).toEqual([
      { n: 10_000, s: 49_995_000 },
    ]);
  });

  it('compresses both ways when asked to', async () => {
    const table = await createTable();
    const zipped = clientOfThisTest({ url: server.url, compression: { request: true, response: true } });

    await zipped.insert({
      table,
      values: tenThousand,
      format: 'JSONEachRow',
      columns: ['id', 'name'],
    });
    const result = await zipped.query({ query: `SELECT * FROM ${table} ORDER BY id`, format: 'JSONEachRow' });

    expect(result.response_headers['content-encoding']).toBe('gzip');
    expect(await result.json()).toEqual(tenThousand);
  });

  it('reads parameters as the client writes them', async () => {
    const values = {
      text: 'it\'s a "tab\t", a line\nand a back\\slash',
      list: ["it's", 'a\\b', 'c\nd'],
      nothing: null,
      when: new Date('2026-11-22T08:00:00.123Z'),
      pair: new TupleParam([1, "o'clock"]),
      map: { "k'1": 1 },
    };
    const [row] = await rowsOf(
      `SELECT {text:String} AS text, {list:Array(String)} AS list, {nothing:Nullable(String)} AS nothing,
        toUnixTimestamp64Milli({when:DateTime64(3)}) AS when, {pair:Tuple(UInt8, String)} AS pair, {map:Map(String, UInt8)} AS map`,
      values,
    );
    expect(row).toEqual({ ...values, when: values.when.getTime(), pair: [1, "o'clock"] });
  });

  it('reads parameters too large for a URL from a form', async () => {
    const query_params = { ids: Array.from({ length: 5_000 }, (_, id) => id) };
    const query = 'SELECT length({ids:Array(UInt32)}) AS n';
    const result = await client.query({
      query,
      query_params,
      format: 'JSONEachRow',
      use_multipart_params: true,
    });
    expect(await result.json()).toEqual([{ n: 5_000 }]);
  });

  it('applies settings to the statement that brought them and to no other', async () => {
    const query = "SELECT getSetting('max_block_size') AS n";
    const clickhouse_settings = { max_block_size: '1234', wait_end_of_query: 1 } as const;
    const result = await client.query({ query, clickhouse_settings, format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ n: 1234 }]);
    expect(await rowsOf(query)).not.toEqual([{ n: 1234 }]);
  });

  it('works in the database that the client names', async () => {
    const database = randomName('db');
    await client.command({ query: 'CREATE DATABASE {database:Identifier}', query_params: { database } });
    const inside = clientOfThisTest({ url: server.url, database });
    await inside.command({ query: 'CREATE TABLE t (x Int8) ENGINE = Memory' });
    await inside.command({ query: 'INSERT INTO t VALUES (1), (2)' });
    expect(await rowsOf(`SELECT sum(x) AS s FROM ${database}.t`)).toEqual([{ s: 3 }]);
  });

  it('keeps temporary tables for as long as a session', async () => {
    const session_id = randomName('session');
    await client.command({ query: 'CREATE TEMPORARY TABLE mine (x Int8)', session_id });
    await client.insert({ table: 'mine', values: [{ x: 7 }], format: 'JSONEachRow', session_id });
    const result = await client.query({ query: 'SELECT x FROM mine', format: 'JSONEachRow', session_id });
    expect(await result.json()).toEqual([{ x: 7 }]);
    await expect(rowsOf('SELECT x FROM mine')).rejects.toMatchObject({ code: '60' });
  });

  it('runs statements side by side, each with its own parameters', async () => {
    const query =
      'SELECT {x:UInt32} AS x, count() AS n FROM numbers(200000) WHERE number % 7 = {x:UInt32} % 7';
    const asked = Array.from({ length: 24 }, (_, x) => x);
    const answers = await Promise.all(asked.map((x) => rowsOf<{ x: number }>(query, { x })));
    expect(answers.map(([row]) => row?.x)).toEqual(asked);
  });

  it('sends the bytes of a binary format unchanged both ways', async () => {
    const table = await createTable();
    await client.insert({ table, values: tenThousand.slice(0, 300), format: 'JSONEachRow' });
    const exported = await client.exec({ query: `SELECT * FROM ${table} ORDER BY id FORMAT RowBinary` });
    const copy = await createTable();
    const imported = await client.exec({
      query: `INSERT INTO ${copy} FORMAT RowBinary`,
      values: exported.stream,
    });
    imported.stream.resume();
    expect(await rowsOf(`SELECT * FROM ${copy} ORDER BY id`)).toEqual(tenThousand.slice(0, 300));
  });

  it('accepts an insert that turns out to be empty', async () => {
    const table = await createTable();
    const response = await fetch(`${server.url}/?query=INSERT+INTO+${table}+FORMAT+JSONEachRow`, {
      method: 'POST',
    });
    expect(response.status).toBe(200);
  });

  it.each([
    ['SELECT * FROM no_such_table', { code: '60', type: 'UNKNOWN_TABLE' }],
    ['SELEC 1', { code: '62', type: 'SYNTAX_ERROR' }],
    ['SELECT 1; SELECT 2', { code: '62', type: 'SYNTAX_ERROR' }],
    ["SELECT throwIf(number = 3, 'three') FROM numbers(5)", { code: '395' }],
    ['SELECT nope FROM numbers(1)', { code: '47', type: 'UNKNOWN_IDENTIFIER' }],
  ])('fails as a server does: %s', async (query, expected) => {
    await expect(rowsOf(query)).rejects.toMatchObject(expected);
  });

  it('refuses rows that do not fit, and a setting that does not exist', async () => {
    const table = await createTable();
    const insert = client.insert({ table, values: [{ id: 'seven', name: 'x' }], format: 'JSONEachRow' });
    await expect(insert).rejects.toMatchObject({ code: '27' });
    const query = client.query({ query: 'SELECT 1', clickhouse_settings: { no_such_setting: 1 } });
    await expect(query).rejects.toMatchObject({ code: '115', type: 'UNKNOWN_SETTING' });
  });

  it('gives code and status of a failure in the headers, and lets a GET change nothing', async () => {
    const missing = await fetch(`${server.url}/?query=SELECT+*+FROM+no_such_table&query_id=abc`);
    expect(missing.status).toBe(404);
    expect(missing.headers.get('x-clickhouse-exception-code')).toBe('60');
    expect(missing.headers.get('x-clickhouse-query-id')).toBe('abc');
    expect(await missing.text()).toMatch(
      /^Code: 60\. DB::Exception: .*\(UNKNOWN_TABLE\) \(version 26\.7.*\)\n$/,
    );
    const write = await fetch(`${server.url}/?query=CREATE+TABLE+x+(a+Int8)+ENGINE=Memory`);
    expect(write.headers.get('x-clickhouse-exception-code')).toBe('164');
  });
});

describe('a ClickHouse stand-in with a password', () => {
  it('lets in who knows it, by either kind of header, and nobody else', async () => {
    const locked = await startClickHouse({ user: 'driftd', password: 'let:me in' });
    onTestFinished(() => locked.stop());
    const login = async (username: string, password: string): Promise<unknown> => {
      const visitor = clientOfThisTest({ url: locked.url, username, password });
      return (await visitor.query({ query: 'SELECT 1 AS one', format: 'JSONEachRow' })).json();
    };
    await expect(login('driftd', 'let:me in')).resolves.toEqual([{ one: 1 }]);
    await expect(login('driftd', 'wrong')).rejects.toMatchObject({
      code: '516',
      type: 'AUTHENTICATION_FAILED',
    });
    await expect(login('default', '')).rejects.toMatchObject({ code: '516' });
    const headers = { 'X-ClickHouse-User': 'driftd', 'X-ClickHouse-Key': 'let:me in' };
    expect((await fetch(`${locked.url}/?query=SELECT+1`, { headers })).status).toBe(200);
    expect((await fetch(`${locked.url}/?query=SELECT+1`)).status).toBe(403);
  });
});

describe('a ClickHouse stand-in that is restarted', () => {
  it.each(['stop', 'kill'] as const)('keeps its data over a %s', async (how) => {
    const path = await mkdtemp(join(tmpdir(), 'driftd-test-'));
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    const first = await startClickHouse({ path });
    onTestFinished(() => first.kill());
    const visitor = clientOfThisTest({ url: first.url });
    await visitor.command({ query: 'CREATE TABLE kept (x UInt32) ENGINE = MergeTree ORDER BY x' });
    await visitor.insert({ table: 'kept', values: [{ x: 1 }, { x: 2 }], format: 'JSONEachRow' });

    await first[how]();
    expect((await visitor.ping()).success).toBe(false);
    const second = await startClickHouse({ path, port: first.port });
    onTestFinished(() => second.stop());

    const result = await visitor.query({ query: 'SELECT sum(x) AS s FROM kept', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ s: 3 }]);
  });
});
