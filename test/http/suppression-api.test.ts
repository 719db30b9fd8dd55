import { describe, expect, it } from 'vitest';
import { HOUR, INSTANT } from '../notify/examples.ts';
import { startApi } from './api-server.ts';

const MATCHERS = [
  { name: 'model', value: 'fraud', isRegex: false, isEqual: true },
  { name: 'feature', value: 'am.*', isRegex: true, isEqual: false },
];
const SILENCE = {
  matchers: MATCHERS,
  startsAt: new Date(INSTANT).toISOString(),
  endsAt: new Date(INSTANT + HOUR).toISOString(),
  createdBy: 'ada',
  comment: 'migration',
};

async function call(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Promise<{ status: number; answer: unknown; allow: string | null }> {
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(url, { method, ...(body !== undefined && { headers }), ...content });
  return { status: response.status, answer: await response.json(), allow: response.headers.get('allow') };
}

describe('the API of silences', () => {
  it("makes, shows and ends one in the forms of Alertmanager's", async () => {
    const { url, memory, changes } = await startApi(INSTANT);
    const made = await call(`${url}/api/v1/silences`, 'POST', SILENCE);
    expect(made).toMatchObject({ status: 200, answer: { silenceID: 'id-1' } });
    const silence = { ...SILENCE, id: 'id-1', status: { state: 'active' }, updatedAt: expect.any(String) };
    expect((await call(`${url}/api/v1/silence/id-1`)).answer).toEqual(silence);
    expect((await call(`${url}/api/v1/silences`)).answer).toEqual([silence]);
    memory.now += 60_000;
    expect(await call(`${url}/api/v1/silence/id-1`, 'DELETE')).toMatchObject({ status: 200, answer: {} });
    expect((await call(`${url}/api/v1/silence/id-1`)).answer).toMatchObject({
      status: { state: 'expired' },
      endsAt: new Date(INSTANT + 60_000).toISOString(),
    });
    expect(changes).toEqual(['silence', 'silence expired']);
  });

  it('takes one that was read and changed', async () => {
    const { url } = await startApi(INSTANT);
    await call(`${url}/api/v1/silences`, 'POST', SILENCE);
    const { answer } = await call(`${url}/api/v1/silence/id-1`);
    const longer = { ...(answer as object), endsAt: new Date(INSTANT + 2 * HOUR).toISOString() };
    expect((await call(`${url}/api/v1/silences`, 'POST', longer)).answer).toEqual({ silenceID: 'id-1' });
    expect((await call(`${url}/api/v1/silences`)).answer).toMatchObject([{ endsAt: longer.endsAt }]);
  });

  it('shows first what holds, and only what fits the filters', async () => {
    const { url, memory } = await startApi(INSTANT);
    const later = {
      startsAt: new Date(INSTANT + HOUR).toISOString(),
      endsAt: new Date(INSTANT + 2 * HOUR).toISOString(),
    };
    const churn = [{ name: 'model', value: 'churn' }];
    await call(`${url}/api/v1/silences`, 'POST', { ...SILENCE, ...later });
    await call(`${url}/api/v1/silences`, 'POST', { ...SILENCE, matchers: churn });
    await call(`${url}/api/v1/silences`, 'POST', SILENCE);
    memory.now += 1;
    await call(`${url}/api/v1/silence/id-3`, 'DELETE');
    const ids = async (query: string): Promise<unknown> =>
      ((await call(`${url}/api/v1/silences${query}`)).answer as { id: string }[]).map(({ id }) => id);
    expect(await ids('')).toEqual(['id-2', 'id-1', 'id-3']);
    expect(await ids(`?filter=${encodeURIComponent('model="churn"')}`)).toEqual(['id-2']);
    expect(await ids('?filter=model%21%3Dchurn&filter=feature%3D~am.*')).toEqual(['id-1', 'id-3']);
    expect(await call(`${url}/api/v1/silences?filter=model`)).toMatchObject({ status: 400 });
  });

  it.each([
    ['no matchers', { ...SILENCE, matchers: [] }, 'matchers: must hold one that does not fit the empty text'],
    [
      'matchers that fit everything',
      { ...SILENCE, matchers: [{ name: 'a', value: '.*', isRegex: true }] },
      'matchers: must',
    ],
    [
      'a broken pattern',
      { ...SILENCE, matchers: [{ name: 'a', value: '(', isRegex: true }] },
      'matchers.0.value: is no regular',
    ],
    [
      'a bad label',
      { ...SILENCE, matchers: [{ name: 'a-b', value: 'x' }] },
      'matchers.0.name: must be the name',
    ],
    ['no author', { ...SILENCE, createdBy: ' ' }, 'createdBy: must say who'],
    ['no reason', { ...SILENCE, comment: '' }, 'comment: must say why'],
    [
      'an end before its start',
      { ...SILENCE, endsAt: SILENCE.startsAt },
      'endsAt: must be later than startsAt',
    ],
    ['no time', { ...SILENCE, endsAt: 'tomorrow' }, 'endsAt: must be a time such as'],
    ['no end', { ...SILENCE, endsAt: '2200-01-01T00:00:00Z' }, 'endsAt: must be before the year 2100'],
    [
      'an end that is over',
      { ...SILENCE, startsAt: '2020-01-01T00:00:00Z', endsAt: '2020-01-02T00:00:00Z' },
      'endsAt: must be in the future',
    ],
    ['an unknown id', { ...SILENCE, id: 'nobody' }, 'there is no silence nobody'],
    ['no JSON', '{', 'the body is not JSON'],
    ['a body of megabytes', { ...SILENCE, comment: 'x'.repeat(1_000_000) }, 'the body is longer than'],
  ])('refuses one with %s', async (_, body, message) => {
    const { url, changes } = await startApi(INSTANT);
    const refused = await call(`${url}/api/v1/silences`, 'POST', body);
    expect(refused).toMatchObject({ status: 400, answer: expect.stringContaining(message) });
    expect(changes).toEqual([]);
  });

  it('refuses what other sites send through a browser, whatever they send', async () => {
    const { url, memory } = await startApi(INSTANT);
    const evil = { origin: 'https://evil.example' };
    for (const type of ['application/json', 'text/plain']) {
      const sent = await call(`${url}/api/v1/silences`, 'POST', SILENCE, { ...evil, 'content-type': type });
      expect(sent).toMatchObject({ status: 403, answer: expect.stringContaining('http.external_url') });
    }
    expect(
      await call(`${url}/api/v1/silences`, 'POST', SILENCE, { 'content-type': 'text/plain' }),
    ).toMatchObject({
      status: 415,
    });
    const preflight = await fetch(`${url}/api/v1/silences`, {
      method: 'OPTIONS',
      headers: { ...evil, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(405);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(memory.silences.size).toBe(0);
  });

  it('says what it answers, and what is not there', async () => {
    const { url } = await startApi(INSTANT);
    expect(await call(`${url}/api/v1/silences`, 'PUT', SILENCE)).toMatchObject({
      status: 405,
      allow: 'GET, POST',
    });
    expect(await call(`${url}/api/v1/silence/x`)).toMatchObject({
      status: 404,
      answer: 'there is no silence x',
    });
    expect(await call(`${url}/api/v1/silence/x`, 'DELETE')).toMatchObject({ status: 404 });
    expect(await call(`${url}/api/v1/silence/x/y`)).toMatchObject({ status: 404 });
    expect(await call(`${url}/api/v1/acknowledgement/x`, 'DELETE')).toMatchObject({ status: 404 });
  });

  it('waits for the store', async () => {
    const { url } = await startApi(INSTANT, {
      suppression: {
        clock: { now: () => INSTANT },
        suppressions: () => undefined,
        ownOrigins: () => [],
        onChange: () => undefined,
      },
    });
    expect(await call(`${url}/api/v1/silences`)).toMatchObject({ status: 503 });
  });
});

describe('the API of acknowledgements', () => {
  it('makes, shows and takes one back', async () => {
    const { url, changes } = await startApi(INSTANT);
    const body = { fingerprint: 'f1', createdBy: 'ada', comment: 'on it' };
    const made = await call(`${url}/api/v1/acknowledgements`, 'POST', body);
    expect(made).toMatchObject({ status: 200, answer: { acknowledgementID: 'id-1' } });
    expect((await call(`${url}/api/v1/acknowledgements`)).answer).toEqual([
      { ...body, id: 'id-1', matchers: [], createdAt: new Date(INSTANT).toISOString() },
    ]);
    expect(await call(`${url}/api/v1/acknowledgement/id-1`, 'DELETE')).toMatchObject({ status: 200 });
    expect((await call(`${url}/api/v1/acknowledgements`)).answer).toEqual([]);
    expect(changes).toEqual(['acknowledgement', 'acknowledgement taken back']);
  });

  it('asks about whom it is', async () => {
    const { url } = await startApi(INSTANT);
    const refused = await call(`${url}/api/v1/acknowledgements`, 'POST', { createdBy: 'ada' });
    expect(refused).toMatchObject({
      status: 400,
      answer: expect.stringContaining('fingerprint of an alert'),
    });
  });
});
