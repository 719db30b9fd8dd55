import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DriftdError } from '../../src/base/errors.ts';
import { openStore, type Store } from '../../src/store/client.ts';
import type { StoreOptions } from '../../src/store/options.ts';
import { startClickHouse } from '../support/clickhouse-server.ts';
import { startHttpSink } from '../support/http-sink.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const REJECT = { partition: 0, reason: 'x', size: 1, timestamp: '2026-11-22 08:00:00.000' };

describe.each(STORE_KINDS)('a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('keeps the parameters of queries that run at the same time apart', async () => {
    const store = await stores.bare();
    const numbers = Array.from({ length: 100 }, (_, i) => i);
    const answers = await Promise.all(
      numbers.map((i) =>
        i % 3 === 0
          ? store.query<{ x: number }>(`SELECT ${i} AS x`)
          : store.query<{ x: number }>('SELECT {x:UInt32} AS x', { x: i }),
      ),
    );
    expect(answers.map((rows) => rows[0]?.x)).toEqual(numbers);
  });

  it('gives back any text as it went in', async () => {
    const store = await stores.fresh();
    const texts = [
      "it's",
      'a\nb\tc\r\n',
      '; SELECT 1;\n\n-- ',
      '\\N \\" \\',
      '\u0000\u2028🐛',
      '{x:String}',
      '',
      "'); DROP",
    ];
    await store.insert(
      'rejects',
      texts.map((detail, offset) => ({ ...REJECT, topic: detail, offset, detail, payload: detail })),
    );
    const rows = await store.query('SELECT topic, detail, payload FROM {database}.rejects ORDER BY offset');
    expect(rows).toEqual(texts.map((text) => ({ topic: text, detail: text, payload: text })));
    for (const text of texts) {
      expect(await store.query('SELECT {text:String} AS text', { text })).toEqual([{ text }]);
    }
  });

  it('gives whole numbers back as numbers, and says infinity in a word', async () => {
    const store = await stores.bare();
    const rows = await store.query('SELECT toUInt64(9007199254740991) AS big, -1 / 0 AS low, 1 / 0 AS high');
    expect(rows).toEqual([{ big: Number.MAX_SAFE_INTEGER, low: '-inf', high: 'inf' }]);
  });

  it('takes rows of many months in one insert', async () => {
    const store = await stores.fresh();
    const rows = Array.from({ length: 240 }, (_, month) => ({
      model: 'm',
      version: '1',
      prediction_id: `p${month}`,
      timestamp: new Date(Date.UTC(2006, month)).toISOString().slice(0, 10),
      prediction: 'a',
      ordinal: '1',
    }));
    await store.insert('predictions', rows);
    expect(await store.query('SELECT count() AS c FROM {database}.predictions')).toEqual([{ c: 240 }]);
  });

  it('does nothing for an insert without rows', async () => {
    const store = await stores.bare();
    await expect(store.insert('no_such_table', [])).resolves.toBeUndefined();
  });

  it.each([
    ['a table that does not exist', (store: Store) => store.query('SELECT * FROM {database}.nope')],
    ['text that is no SQL', (store: Store) => store.command('SELEC 1')],
    ['a parameter of the wrong type', (store: Store) => store.query('SELECT {x:UInt8} AS x', { x: 'seven' })],
    ['a row that does not fit', (store: Store) => store.insert('rejects', [{ ...REJECT, offset: 'seven' }])],
  ])('calls %s a defect of ours, which waiting does not mend', async (_, work) => {
    const store = await stores.fresh();
    const error = await work(store).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DriftdError);
    expect(error).toMatchObject({ code: 'defect', retryable: false });
    expect((error as Error).message).toContain(store.location);
    expect((error as Error).cause).toBeDefined();
  });

  it('waits for an engine that is short of memory', async () => {
    const store = await stores.bare();
    const hungry = store.query(
      'SELECT length(groupArray(number)) AS n FROM numbers(10000000) SETTINGS max_memory_usage = 1000000',
    );
    await expect(hungry).rejects.toMatchObject({ code: 'environment', retryable: true });
  });
});

async function behindProxy(
  options: { readonly requestTimeout?: number } = {},
): Promise<{ store: Store; proxy: TcpProxy }> {
  const server = await startClickHouse();
  onTestFinished(() => server.stop());
  const proxy = await startTcpProxy(server.port);
  onTestFinished(() => proxy.stop());
  const store = await openServer({
    url: `http://127.0.0.1:${proxy.port}`,
    request_timeout: options.requestTimeout ?? 20_000,
  });
  return { store, proxy };
}

async function openServer(
  options: Partial<Extract<StoreOptions, { url: string }>> & { url: string },
): Promise<Store> {
  const store = await openStore({
    database: 'default',
    username: 'default',
    password: '',
    request_timeout: 20_000,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

const AWAY = { name: 'DriftdError', code: 'environment', retryable: true };

describe('a store on a server', () => {
  it('can be waited for while nobody listens, and is there again afterwards', async () => {
    const { store, proxy } = await behindProxy();
    await proxy.setMode('refuse');
    const error = await store.query('SELECT 1 AS x').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(AWAY);
    expect((error as Error).message).toContain(`cannot reach the store at ${store.location}`);

    await proxy.setMode('pass');

    expect(await store.query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
  });

  it('can be waited for when it does not answer in time', async () => {
    const { store, proxy } = await behindProxy({ requestTimeout: 300 });
    await proxy.setMode('hang');
    await expect(store.query('SELECT 1 AS x')).rejects.toMatchObject(AWAY);
  });

  it('can be waited for when the connection is cut in the middle of an answer', async () => {
    const { store, proxy } = await behindProxy();
    await proxy.setMode('drop-answers');
    const query = store.query('SELECT 1 AS x').catch((thrown: unknown) => thrown);
    await expect.poll(() => proxy.swallowed, { timeout: 10_000 }).toBeGreaterThan(0);
    await proxy.setMode('refuse');
    expect(await query).toMatchObject(AWAY);
  });

  it.each([
    [502, '<html>Bad Gateway</html>'],
    [503, ''],
    [200, '<html>Log in to the network</html>'],
  ])('can be waited for when something in between answers %i', async (status, body) => {
    const between = await startHttpSink();
    onTestFinished(() => between.stop());
    between.answerAlways({ status, body });
    const store = await openServer({ url: between.url });
    await expect(store.query('SELECT 1 AS x')).rejects.toMatchObject(AWAY);
  });

  it('that refuses the user is no defect, and waiting does not help', async () => {
    const server = await startClickHouse({ user: 'driftd', password: 'right' });
    onTestFinished(() => server.stop());
    const store = await openServer({ url: server.url, username: 'driftd', password: 'wrong' });
    const error = await store.query('SELECT 1 AS x').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'environment', retryable: false });
    expect((error as Error).message).toContain('refuses this user');
    expect((error as Error).message).not.toContain('wrong');
  });

  it('that something else answers for takes nothing and gives nothing', async () => {
    const between = await startHttpSink();
    onTestFinished(() => between.stop());
    between.answerAlways({ body: 'Log in to the network' });
    const store = await openServer({ url: between.url });
    await expect(store.command('CREATE DATABASE x')).rejects.toMatchObject(AWAY);
    await expect(store.insert('rejects', [REJECT])).rejects.toMatchObject(AWAY);
  });

  it('says what is wrong with its address', async () => {
    const url = 'http://127.0.0.1:8123/?no_such_setting=1';
    await expect(openServer({ url })).rejects.toMatchObject({ code: 'input', retryable: false });
    await expect(openServer({ url })).rejects.toThrow('store.url');
  });

  it('writes nothing to the console when it fails', async () => {
    const said = vi.spyOn(console, 'error');
    onTestFinished(() => said.mockRestore());
    const store = await openServer({ url: 'http://127.0.0.1:1' });
    await expect(store.query('SELECT 1 AS x')).rejects.toMatchObject(AWAY);
    expect(said).not.toHaveBeenCalled();
  });

  it('is named without its user and password', async () => {
    // The client warns that the address has a user of its own.
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    onTestFinished(() => warned.mockRestore());
    const store = await openServer({ url: 'http://admin:secret@127.0.0.1:1' });
    expect(store.location).toBe('http://127.0.0.1:1');
    const error = await store.query('SELECT 1 AS x').catch((thrown: unknown) => thrown);
    expect((error as Error).message).not.toContain('secret');
  });
});

describe('an embedded store', () => {
  it('that cannot be opened says where, and that it is not our defect', async () => {
    const options = { path: '/dev/null/nowhere', database: 'driftd' };
    await expect(openStore(options)).rejects.toMatchObject({ code: 'environment', retryable: false });
    await expect(openStore(options)).rejects.toThrow('/dev/null/nowhere');
  });
});
