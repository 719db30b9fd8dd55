import { expect, it, onTestFinished } from 'vitest';
import { type HttpSink, startHttpSink } from './http-sink.ts';

async function sinkOfThisTest(): Promise<HttpSink> {
  const sink = await startHttpSink();
  onTestFinished(() => sink.stop());
  return sink;
}

it('records requests byte for byte, in order, and answers ok', async () => {
  const sink = await sinkOfThisTest();
  const body = Buffer.from([0, 255, 128, 10]);
  const response = await fetch(`${sink.url}/hook?a=1`, {
    method: 'PUT',
    body,
    headers: { 'X-Kind': 'test' },
  });

  expect([response.status, await response.text()]).toEqual([200, 'ok']);
  expect(sink.requests).toHaveLength(1);
  expect(sink.requests[0]).toMatchObject({ method: 'PUT', path: '/hook?a=1', headers: { 'x-kind': 'test' } });
  expect(sink.requests[0]?.body.equals(body)).toBe(true);
});

it('goes through its next answers and then returns to the standing one', async () => {
  const sink = await sinkOfThisTest();
  sink.answerAlways((request) => ({ status: request.path === '/gone' ? 410 : 204 }));
  sink.answerNext({ status: 429, headers: { 'Retry-After': '1' }, body: 'slow down' }, 'close');

  const first = await fetch(sink.url);
  expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([
    429,
    '1',
    'slow down',
  ]);
  await expect(fetch(sink.url)).rejects.toThrow();
  expect((await fetch(`${sink.url}/gone`)).status).toBe(410);
  expect((await fetch(sink.url)).status).toBe(204);
});

it('can leave a request without an answer, and still be stopped', async () => {
  const sink = await sinkOfThisTest();
  sink.answerAlways('hang');
  const asked = fetch(`${sink.url}/wait`).catch((error: unknown) => error);
  expect((await sink.waitFor((request) => request.path === '/wait', 10_000)).method).toBe('GET');
  await sink.stop();
  expect(await asked).toBeInstanceOf(Error);
});

it('gives up waiting for a request that does not come', async () => {
  const sink = await sinkOfThisTest();
  await expect(sink.waitFor(() => true, 50)).rejects.toThrow('after 50 ms');
});
