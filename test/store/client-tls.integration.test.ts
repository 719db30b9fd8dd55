import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { tlsSchema } from '../../src/base/tls-options.ts';
import { openStore, type Store } from '../../src/store/client.ts';
import { createAuthority, type Identity } from '../support/certificates.ts';
import { type ClickHouseServer, startClickHouse } from '../support/clickhouse-server.ts';
import { startTlsTerminator } from '../support/tls-terminator.ts';

const authority = createAuthority();
const LOGIN = { username: 'driftd', password: 'right-password' };
const NAMES = ['127.0.0.1'];

describe('a store on a server behind TLS', () => {
  let server: ClickHouseServer;
  beforeAll(async () => {
    server = await startClickHouse({ user: LOGIN.username, password: LOGIN.password });
  });
  afterAll(() => server?.stop());

  /** A store that reaches the server through TLS with this identity. */
  async function open(
    identity: Identity,
    options: { tls?: object; password?: string; wantsCertificate?: boolean } = {},
  ): Promise<Store> {
    const wanted = { requestCert: true, rejectUnauthorized: true, ca: authority.cert };
    const front = await startTlsTerminator(server.port, {
      ...identity,
      ...(options.wantsCertificate && wanted),
    });
    onTestFinished(() => front.stop());
    const store = await openStore({
      url: `https://127.0.0.1:${front.port}`,
      database: 'default',
      ...LOGIN,
      ...(options.password !== undefined && { password: options.password }),
      ...(options.tls && { tls: tlsSchema.parse(options.tls) }),
      request_timeout: 20_000,
    });
    onTestFinished(() => store.close());
    return store;
  }

  async function failureOf(store: Store): Promise<unknown> {
    return store.query('SELECT 1 AS x').catch((error: unknown) => error);
  }

  it('is reached with a password when its authority is known', async () => {
    const store = await open(authority.issue('clickhouse', { names: NAMES }), {
      tls: { ca: authority.cert },
    });
    expect(await store.query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
    await store.command('CREATE TABLE IF NOT EXISTS {database}.t (x UInt8) ENGINE = MergeTree ORDER BY x');
    await store.insert('t', [{ x: 1 }, { x: 2 }]);
    expect(await store.query('SELECT sum(x) AS x FROM {database}.t')).toEqual([{ x: 3 }]);
  });

  it('that wants a certificate gets one, and the password besides', async () => {
    const identity = authority.issue('clickhouse', { names: NAMES });
    const tls = { ca: authority.cert, ...authority.issue('driftd') };
    const store = await open(identity, { tls, wantsCertificate: true });
    expect(await store.query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
    const wrong = await open(identity, { tls, wantsCertificate: true, password: 'wrong-password' });
    expect(await failureOf(wrong)).toMatchObject({
      retryable: false,
      message: expect.stringContaining('refuses this user'),
    });
  });

  it('that wants a certificate and gets none says which option is missing', async () => {
    const identity = authority.issue('clickhouse', { names: NAMES });
    const store = await open(identity, { tls: { ca: authority.cert }, wantsCertificate: true });
    expect(await failureOf(store)).toMatchObject({
      code: 'environment',
      retryable: false,
      message: expect.stringMatching(/^no TLS with the store at https:.* tls\.cert_file and tls\.key_file/),
    });
  });

  it('that an unknown authority signed is not trusted, and waiting does not help', async () => {
    const store = await open(authority.issue('clickhouse', { names: NAMES }));
    expect(await failureOf(store)).toMatchObject({
      code: 'environment',
      retryable: false,
      message: expect.stringMatching(/^no TLS with the store at https:.* into tls\.ca_file$/),
    });
  });

  it('whose certificate has expired is waited for', async () => {
    const past = { names: NAMES, notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };
    const store = await open(authority.issue('clickhouse', past), { tls: { ca: authority.cert } });
    expect(await failureOf(store)).toMatchObject({
      retryable: true,
      message: expect.stringContaining('its certificate has expired'),
    });
  });

  it('with a certificate for another name is reached by that name, or not at all', async () => {
    const identity = authority.issue('clickhouse', { names: ['clickhouse.example.com'] });
    const tls = { ca: authority.cert };
    expect(await failureOf(await open(identity, { tls }))).toMatchObject({
      retryable: false,
      message: expect.stringContaining('tls.server_name'),
    });
    const named = await open(identity, { tls: { ...tls, server_name: 'clickhouse.example.com' } });
    expect(await named.query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
  });

  it('that speaks no TLS is told apart from one that is away', async () => {
    const store = await openStore({
      url: `https://127.0.0.1:${server.port}`,
      database: 'default',
      ...LOGIN,
      request_timeout: 20_000,
    });
    onTestFinished(() => store.close());
    expect(await failureOf(store)).toMatchObject({
      retryable: false,
      message: expect.stringContaining('does not speak TLS'),
    });
  });
});
