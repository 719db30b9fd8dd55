import { describe, expect, it } from 'vitest';
import { webhookHeaders } from '../../src/notify/sign.ts';
import { RetrainDesk } from '../../src/pipeline/retraining/retrain-desk.ts';
import { saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { DAY, HOUR, INSTANT, optionsOf } from '../notify/examples.ts';
import { REFERENCE } from '../pipeline/hours.ts';
import { bring, statesOf, storeRequest } from '../pipeline/retraining/stored-request.ts';
import { randomName } from '../support/random-name.ts';
import { storesOfSuite } from '../support/stores.ts';
import { startApi } from './api-server.ts';

const SECRET = `whsec_${Buffer.from('a secret of the pipeline').toString('base64')}`;
const TARGETS = optionsOf({
  retraining: [
    { name: 'pipeline', argo_events: { url: 'http://127.0.0.1:1' }, callback_secret: SECRET },
    { name: 'other', argo_events: { url: 'http://127.0.0.1:1' }, callback_secret: 'another secret' },
    { name: 'mute', argo_events: { url: 'http://127.0.0.1:1' } },
  ],
}).retraining;
const NOW = INSTANT + HOUR;

const stores = storesOfSuite('server');

interface Api {
  readonly store: Store;
  readonly url: string;
  /** Reports as a target does. */
  report(
    id: string,
    body: unknown,
    how?: { secret?: string; at?: number; headers?: object },
  ): Promise<Answer>;
  /** Asks as people do. */
  ask(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

let shared: Store | undefined;

/** @param alone whether nothing but the test's own requests may be in the store. */
async function api(alone = false): Promise<Api> {
  const now = NOW;
  if (!alone) shared ??= await stores.fresh();
  const store = alone || shared === undefined ? await stores.fresh() : shared;
  const clock = { now: () => now };
  const desk = new RetrainDesk({ clock, store, targets: () => TARGETS });
  const { url } = await startApi(now, {
    retrain: {
      clock,
      desk: () => desk,
      targets: () => TARGETS,
      ownOrigins: () => [],
    },
  });
  const exchange = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(url + path, init);
    return { status: response.status, body: await response.json() };
  };
  return {
    store,
    url,
    report: (id, value, { secret = SECRET, at = now, headers = {} } = {}) => {
      const body = typeof value === 'string' ? value : JSON.stringify(value);
      const signed = webhookHeaders({ id: 'msg_1', body, attemptAt: at }, secret);
      return exchange(`/v1/retrains/${id}`, { method: 'POST', body, headers: { ...signed, ...headers } });
    },
    ask: (method, path, body, headers = {}) =>
      exchange(path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headers: { ...(method === 'POST' && { 'content-type': 'application/json' }), ...headers },
      }),
  };
}

describe('POST /v1/retrains/ID', () => {
  it('takes what becomes of a request, from yes to the new version', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    expect(await report(id, { status: 'accepted', run: 'run 1' })).toMatchObject({
      status: 200,
      body: { id, state: 'accepted', run: 'run 1' },
    });
    expect(await report(id, { status: 'running' })).toMatchObject({ status: 200 });
    expect(await report(id, { status: 'succeeded', version: '8' })).toMatchObject({
      status: 200,
      body: { state: 'succeeded', new_version: '8' },
    });
    expect(await statesOf(store, id)).toEqual({
      state: 'succeeded',
      steps: ['requested', 'accepted', 'running', 'succeeded'],
    });
  });

  it('takes a failure with its reason', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    const { body } = await report(id, { status: 'failed', reason: 'no disk' });
    expect(body).toMatchObject({ state: 'failed', steps: [{}, { state: 'failed', reason: 'no disk' }] });
  });

  it('is the same when it comes twice', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    for (const status of ['accepted', 'running', 'accepted', 'running'])
      expect(await report(id, { status, run: 'r' })).toMatchObject({ status: 200 });
    const success = { status: 'succeeded', version: '8' };
    expect(await report(id, success)).toEqual(await report(id, success));
    expect((await statesOf(store, id)).steps).toEqual(['requested', 'accepted', 'running', 'succeeded']);
  });

  it.each([
    ['what is over begins again', ['failed'], { status: 'running' }],
    ['a success follows a failure', ['failed'], { status: 'succeeded', version: '8' }],
    ['another version succeeds', ['succeeded'], { status: 'succeeded', version: '9' }],
    ['it is accepted while it runs', ['running'], { status: 'accepted' }],
    ['it was cancelled', ['cancelled'], { status: 'running' }],
  ] as const)('is refused with 409 when %s', async (_, states, body) => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    await bring(store, id, ...states);
    const before = await statesOf(store, id);
    expect(await report(id, body)).toMatchObject({ status: 409 });
    expect(await statesOf(store, id)).toEqual(before);
  });

  it('changes nothing when the network brings late what the run said before', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    const success = { status: 'succeeded', version: '8', run: 'a' };
    for (const body of [{ status: 'running', run: 'a' }, { status: 'accepted', run: 'a' }, success])
      expect(await report(id, body)).toMatchObject({ status: 200 });
    expect(await report(id, { status: 'accepted', run: 'a' })).toMatchObject({
      status: 200,
      body: { state: 'succeeded', run: 'a' },
    });
    expect((await statesOf(store, id)).steps).toEqual(['requested', 'running', 'succeeded']);
    expect(await report(id, { status: 'accepted', run: 'b' })).toMatchObject({ status: 409 });
  });

  it.each(['accepted', 'running'])(
    'says that it was cancelled, also to a run that says %s again',
    async (status) => {
      const { store, report, ask } = await api();
      const { id } = await storeRequest(store, { id: randomName('request') });
      expect(await report(id, { status: 'running', run: 'a' })).toMatchObject({ status: 200 });
      await ask('POST', `/api/v1/retrains/${id}/cancel`, { author: 'ann' });
      expect(await report(id, { status, run: 'a' })).toMatchObject({ status: 409 });
    },
  );

  it('is taken from a run that begins after its request timed out, unless another one is at work', async () => {
    const { store, report } = await api(true);
    await storeRequest(store, { id: 'slow' });
    await bring(store, 'slow', 'sent', 'timed_out');
    await storeRequest(store, { id: 'other', at: INSTANT + 1_000 });
    const claim = { status: 'accepted', run: 'a' };
    expect(await report('slow', claim)).toMatchObject({
      status: 409,
      body: expect.stringContaining('other'),
    });
    await bring(store, 'other', 'failed');
    expect(await report('slow', claim)).toMatchObject({ status: 200, body: { state: 'accepted' } });
    expect(await report('slow', { status: 'running', run: 'a' })).toMatchObject({ status: 200 });
  });

  it('may say which request it is about, and is refused with 400 when that is another one', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    expect(await report(id, { status: 'accepted', request: 'another' })).toMatchObject({ status: 400 });
    expect((await statesOf(store, id)).steps).toEqual(['requested']);
    expect(await report(id, { status: 'accepted', request: id })).toMatchObject({ status: 200 });
  });

  it('is refused with 409 while somebody has to approve the request', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request'), suggested: true });
    expect(await report(id, { status: 'accepted' })).toMatchObject({ status: 409 });
  });

  it('belongs to the run that came first, so that a second one knows that it is one too many', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    expect(await report(id, { status: 'accepted', run: 'a' })).toMatchObject({ status: 200 });
    for (const status of ['accepted', 'running', 'failed'])
      expect(await report(id, { status, run: 'b' })).toEqual({
        status: 409,
        body: 'the run a works on this request',
      });
    expect(await report(id, { status: 'running', run: 'a' })).toMatchObject({ status: 200 });
  });

  it('takes one of two ends that are told at once', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    const answers = await Promise.all([
      report(id, { status: 'failed' }),
      report(id, { status: 'succeeded', version: '8' }),
      report(id, { status: 'succeeded', version: '9' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await statesOf(store, id)).steps).toHaveLength(2);
  });

  it('still takes the end of what took too long', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    await bring(store, id, 'timed_out');
    expect(await report(id, { status: 'succeeded', version: '8' })).toMatchObject({ status: 200 });
  });

  it('takes a baseline of the model that is in the store, and no other', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    await saveBaseline(store, REFERENCE, 'file');
    const success = { status: 'succeeded', version: '8' };
    for (const baseline of ['nothing', REFERENCE.id.slice(0, 5)])
      expect(await report(id, { ...success, baseline })).toMatchObject({ status: 422 });
    expect(await report(id, { ...success, version: '7' })).toMatchObject({ status: 422 });
    expect(await report(id, { ...success, baseline: REFERENCE.id })).toMatchObject({ status: 200 });
  });

  it.each([
    ['another secret', { secret: 'guessed' }],
    ['the secret of another target', { secret: 'another secret' }],
    ['an old signature', { at: NOW - 301_000 }],
    ['a signature from the future', { at: NOW + 301_000 }],
    ['another id than was signed', { headers: { 'webhook-id': 'msg_2' } }],
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['a time that is none', { headers: { 'webhook-timestamp': 'now' } }],
  ])('is refused with 401 for %s', async (_, how) => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    expect(await report(id, { status: 'accepted' }, how)).toMatchObject({ status: 401 });
    expect((await statesOf(store, id)).steps).toEqual(['requested']);
  });

  it('is refused with 401 for a target that may not report', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request'), target: 'mute' });
    expect(await report(id, { status: 'accepted' })).toMatchObject({ status: 401 });
  });

  it('takes a signature by one of several', async () => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    const body = JSON.stringify({ status: 'accepted' });
    const good = webhookHeaders({ id: 'msg_1', body, attemptAt: NOW }, SECRET)['webhook-signature'];
    const headers = { 'webhook-signature': `v1,AAAA v1a,xyz ${good}` };
    expect(await report(id, body, { headers })).toMatchObject({ status: 200 });
  });

  it('answers 404 to those who can sign, when there is no such request', async () => {
    const { report } = await api();
    expect(await report('0123', { status: 'accepted' })).toMatchObject({ status: 404 });
    expect(await report('0123', { status: 'accepted' }, { secret: 'guessed' })).toMatchObject({
      status: 401,
    });
  });

  it.each([
    ['no JSON', 'accepted'],
    ['no status', {}],
    ['a status that is none', { status: 'done' }],
    ['a state that only driftd tells', { status: 'compared' }],
    ['a success without a version', { status: 'succeeded' }],
    ['something that it does not know', { status: 'running', progress: 7 }],
    ['a reason as long as a book', { status: 'failed', reason: 'x'.repeat(1_001) }],
  ])('is refused with 400 when it is %s', async (_, body) => {
    const { store, report } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    expect(await report(id, body)).toMatchObject({ status: 400 });
  });

  it('reads 64 KiB and no more', async () => {
    const { store, report, ask } = await api();
    const { id } = await storeRequest(store, { id: randomName('request') });
    const body = JSON.stringify({ status: 'failed', reason: 'x'.repeat(100_000) });
    expect(await report(id, body)).toMatchObject({ status: 413 });
    expect(await ask('GET', `/v1/retrains/${id}`)).toMatchObject({ status: 405 });
  });
});

describe('/api/v1/retrains', () => {
  it('lists requests, the newest first, by model and state', async () => {
    const { store, ask } = await api(true);
    await storeRequest(store, { id: 'a', at: INSTANT - DAY });
    await storeRequest(store, { id: 'b', model: 'churn' });
    await bring(store, 'a', 'sent', 'failed');
    const ids = async (query: string): Promise<string[]> => {
      const { body } = await ask('GET', `/api/v1/retrains${query}`);
      return (body as { retrains: Array<{ id: string }> }).retrains.map(({ id }) => id);
    };
    expect(await ids('')).toEqual(['b', 'a']);
    expect(await ids('?limit=1')).toEqual(['b']);
    expect(await ids('?model=fraud')).toEqual(['a']);
    expect(await ids('?state=requested')).toEqual(['b']);
    for (const query of ['?state=done', '?limit=0', '?limit=1001', '?page=2'])
      expect(await ask('GET', `/api/v1/retrains${query}`)).toMatchObject({ status: 400 });
    expect(await ask('GET', '/api/v1/retrains/a')).toMatchObject({
      status: 200,
      body: {
        id: 'a',
        state: 'failed',
        steps: [{ state: 'requested' }, { state: 'sent' }, { state: 'failed' }],
      },
    });
    expect(await ask('GET', '/api/v1/retrains/c')).toMatchObject({ status: 404 });
    expect(await ask('GET', '/api/v1/retrains/a/b/c')).toMatchObject({ status: 404 });
    expect(await ask('POST', '/api/v1/retrains', {})).toMatchObject({ status: 405 });
  });

  it('approves a suggestion once, and puts it into the outbox under its own id', async () => {
    const { store, ask } = await api(true);
    const { id } = await storeRequest(store, { suggested: true });
    const approve = () => ask('POST', `/api/v1/retrains/${id}/approve`, { author: 'ann' });
    expect(await approve()).toMatchObject({
      status: 200,
      body: { state: 'requested', steps: [{ state: 'suggested' }, { state: 'requested', author: 'ann' }] },
    });
    expect(await approve()).toMatchObject({ status: 200 });
    const rows = await store.query('SELECT id, kind, receiver, status FROM {database}.notifications FINAL');
    expect(rows).toEqual([{ id, kind: 'retrain', receiver: 'pipeline', status: 'pending' }]);
    expect(await ask('POST', '/api/v1/retrains/none/approve', { author: 'ann' })).toMatchObject({
      status: 404,
    });
  });

  it('approves none while another one is at work, none that was declined, and none for a target that is gone', async () => {
    const { store, ask } = await api(true);
    await storeRequest(store, { id: 'busy', at: NOW - HOUR });
    await storeRequest(store, { id: 'waiting', suggested: true });
    await storeRequest(store, { id: 'declined', suggested: true, model: 'churn' });
    await storeRequest(store, { id: 'gone', suggested: true, model: 'score', target: 'nowhere' });
    const approve = (id: string) => ask('POST', `/api/v1/retrains/${id}/approve`, { author: 'ann' });
    expect(await approve('waiting')).toMatchObject({ status: 409, body: expect.stringContaining('busy') });
    await bring(store, 'busy', 'failed');
    expect(await approve('waiting')).toMatchObject({ status: 200 });
    expect(
      await ask('POST', '/api/v1/retrains/declined/cancel', { author: 'bob', reason: 'known' }),
    ).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await approve('declined')).toMatchObject({ status: 409 });
    expect(await approve('gone')).toMatchObject({ status: 409 });
  });

  it('approves one of two suggestions for a model that two processes approve at once', async () => {
    const { store } = await api(true);
    await storeRequest(store, { id: 'a', suggested: true });
    await storeRequest(store, { id: 'b', suggested: true });
    const desk = (through: Store) =>
      new RetrainDesk({ clock: { now: () => NOW }, store: through, targets: () => TARGETS });
    // Each has looked for others before the other has written.
    const meanwhile = interrupted(store, 'retrain_states', async () => {
      expect(await desk(store).approve('a', 'ann')).toMatchObject({ kind: 'done' });
    });
    expect(await desk(meanwhile).approve('b', 'bob')).toEqual({
      kind: 'conflict',
      message: 'the request a for fraud was first',
    });
    expect((await statesOf(store, 'b')).steps).toEqual(['suggested', 'requested', 'cancelled']);
    expect(await store.query('SELECT id FROM {database}.notifications FINAL')).toEqual([{ id: 'a' }]);
  });

  it('approves none when an evaluation asks for a model meanwhile', async () => {
    const { store } = await api(true);
    await storeRequest(store, { id: 'b', suggested: true });
    const asking = interrupted(
      store,
      'retrain_states',
      async () => void (await storeRequest(store, { id: 'a' })),
    );
    const desk = new RetrainDesk({ clock: { now: () => NOW }, store: asking, targets: () => TARGETS });
    expect(await desk.approve('b', 'ann')).toMatchObject({ kind: 'conflict' });
    expect((await statesOf(store, 'b')).state).toBe('cancelled');
  });

  it('does not approve what was approved and then called off', async () => {
    const { store, ask } = await api(true);
    const { id } = await storeRequest(store, { suggested: true });
    const decide = (verb: string) => ask('POST', `/api/v1/retrains/${id}/${verb}`, { author: 'ann' });
    expect(await decide('approve')).toMatchObject({ status: 200 });
    expect(await decide('cancel')).toMatchObject({ status: 200 });
    expect(await decide('approve')).toMatchObject({ status: 409 });
  });

  it('holds a suggestion back while one that was given up is tried again', async () => {
    const { store, ask } = await api(true);
    const { id } = await storeRequest(store, { id: 'retried' });
    await bring(store, id, 'undelivered');
    await storeRequest(store, { id: 'waiting', suggested: true });
    const approve = () => ask('POST', '/api/v1/retrains/waiting/approve', { author: 'ann' });
    // The row that the request came with waits in the outbox.
    expect(await approve()).toMatchObject({ status: 409, body: expect.stringContaining('retried') });
    await bring(store, id, 'sent', 'failed');
    expect(await approve()).toMatchObject({ status: 200 });
  });

  it('refuses decisions of nobody, and those that another page sends through a browser', async () => {
    const { store, ask } = await api(true);
    const { id } = await storeRequest(store, { suggested: true });
    const path = `/api/v1/retrains/${id}/approve`;
    expect(await ask('POST', path, {})).toMatchObject({ status: 400 });
    const origin = { origin: 'https://evil.example' };
    expect(await ask('POST', path, { author: 'ann' }, origin)).toMatchObject({ status: 403 });
    expect(await ask('POST', path, { author: 'ann' }, { 'content-type': 'text/plain' })).toMatchObject({
      status: 415,
    });
    expect(await ask('GET', path)).toMatchObject({ status: 405 });
    expect((await statesOf(store, id)).state).toBe('suggested');
  });
});

/** A store that does something before its next write to a table. */
function interrupted(store: Store, table: string, first: () => Promise<void>): Store {
  let isFirst = true;
  return {
    ...store,
    insert: async (into, rows) => {
      if (into === table && isFirst) {
        isFirst = false;
        await first();
      }
      await store.insert(into, rows);
    },
  };
}
