import { describe, expect, it, onTestFinished } from 'vitest';
import { type Sink, type SinkOptions, type SinkRequest, startSink } from '../../../src/cli/demo/sink.ts';
import { webhookHeaders } from '../../../src/notify/sign.ts';

const SECRET = `whsec_${Buffer.from('a secret of the demo').toString('base64')}`;

async function sinkWith(
  options: Partial<SinkOptions> = {},
): Promise<{ readonly sink: Sink; readonly requests: readonly SinkRequest[] }> {
  const requests: SinkRequest[] = [];
  const sink = await startSink({
    host: '127.0.0.1',
    port: 0,
    onRequest: (request) => requests.push(request),
    ...options,
  });
  onTestFinished(() => sink.close());
  return { sink, requests };
}

function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers });
}

describe('the sink', () => {
  it('answers like Slack and hands the message over', async () => {
    const { sink, requests } = await sinkWith({ secret: SECRET });
    const response = await post(`${sink.url}/slack?x=1`, '{"text":"näh"}', {
      'content-type': 'application/json',
    });
    expect([response.status, await response.text()]).toEqual([200, 'ok']);
    expect(requests).toEqual([
      {
        path: '/slack',
        headers: expect.objectContaining({ 'content-type': 'application/json' }),
        body: '{"text":"näh"}',
        signed: undefined,
      },
    ]);
  });

  it('accepts a retraining request whose signature is right', async () => {
    const { sink, requests } = await sinkWith({ secret: SECRET });
    const body = '{"model":"fraud","why":"drïft"}';
    const headers = webhookHeaders({ id: 'msg_1', body, attemptAt: 1_772_409_600_000 }, SECRET);
    expect((await post(`${sink.url}/retrain`, body, headers)).status).toBe(202);
    // A sender that rotates its secrets signs with both.
    const both = { ...headers, 'webhook-signature': `v1,AAAA v1a,BBBB ${headers['webhook-signature']}` };
    expect((await post(`${sink.url}/retrain`, body, both)).status).toBe(202);
    expect(requests.map(({ path, signed }) => [path, signed])).toEqual([
      ['/retrain', true],
      ['/retrain', true],
    ]);
  });

  it('takes a secret that is plain text', async () => {
    const { sink } = await sinkWith({ secret: 'plain' });
    const headers = webhookHeaders({ id: 'msg_1', body: '{}', attemptAt: 0 }, 'plain');
    expect((await post(`${sink.url}/retrain`, '{}', headers)).status).toBe(202);
  });

  it.each<[string, string, Record<string, string>]>([
    ['without a signature', '{}', { 'webhook-signature': '' }],
    ['with another body', '{"a":1}', {}],
    ['with another id', '{}', { 'webhook-id': 'msg_2' }],
    ['with another time', '{}', { 'webhook-timestamp': '1' }],
    ['with a signature of another kind', '{}', { 'webhook-signature': 'v2,AAAA' }],
  ])('refuses a retraining request %s, and hands it over as unsigned', async (_, body, changed) => {
    const { sink, requests } = await sinkWith({ secret: SECRET });
    const headers = { ...webhookHeaders({ id: 'msg_1', body: '{}', attemptAt: 0 }, SECRET), ...changed };
    expect((await post(`${sink.url}/retrain`, body, headers)).status).toBe(401);
    expect(requests.map(({ signed }) => signed)).toEqual([false]);
  });

  it('does not judge signatures when it has no secret', async () => {
    const { sink, requests } = await sinkWith();
    expect((await post(`${sink.url}/retrain`, '{}')).status).toBe(202);
    expect(requests[0]?.signed).toBeUndefined();
  });

  it('knows two paths and one method', async () => {
    const { sink, requests } = await sinkWith();
    expect((await post(`${sink.url}/`, '')).status).toBe(404);
    expect((await post(`${sink.url}//`, '')).status).toBe(404);
    expect((await fetch(`${sink.url}/slack`)).status).toBe(405);
    expect(requests).toEqual([]);
  });

  it('takes a mebibyte and no more', async () => {
    const { sink, requests } = await sinkWith();
    expect((await post(`${sink.url}/slack`, 'x'.repeat(1024 * 1024))).status).toBe(200);
    expect((await post(`${sink.url}/slack`, 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(requests).toHaveLength(1);
  });

  it('says so when the port is taken or the secret is no secret', async () => {
    const { sink } = await sinkWith();
    const port = Number(new URL(sink.url).port);
    await expect(sinkWith({ port })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining(`cannot listen on 127.0.0.1:${port}`),
    });
    await expect(sinkWith({ secret: 'whsec_???' })).rejects.toMatchObject({ code: 'input' });
  });
});
