import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type HttpSink, startHttpSink } from './http-sink.ts';
import { poll } from './poll.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

async function setUp(): Promise<{ sink: HttpSink; proxy: TcpProxy; ask: (path: string) => Promise<Socket> }> {
  const sink = await startHttpSink();
  onTestFinished(() => sink.stop());
  const proxy = await startTcpProxy(sink.port);
  onTestFinished(() => proxy.stop());
  const ask = async (path: string): Promise<Socket> => {
    const socket = connect(proxy.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.setEncoding('utf8').write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    return socket;
  };
  return { sink, proxy, ask };
}

it('passes bytes both ways', async () => {
  const { ask } = await setUp();
  const socket = await ask('/a');
  expect((await once(socket, 'data'))[0]).toContain('200 OK');
});

it('loses nothing of a large answer after which the server closes the connection', async () => {
  const { sink, proxy } = await setUp();
  const body = 'x'.repeat(20_000_000);
  sink.answerAlways({ body, headers: { Connection: 'close' } });
  const response = await fetch(`http://127.0.0.1:${proxy.port}/large`);
  expect((await response.text()).length).toBe(body.length);
});

it('closes connections when nobody listens behind it', async () => {
  const { sink, ask } = await setUp();
  await sink.stop();
  const socket = await ask('/a');
  await once(socket.resume(), 'close');
  expect(sink.requests).toEqual([]);
});

it('refuses connections, cuts open ones, and listens again on the same port', async () => {
  const { proxy, ask } = await setUp();
  const open = await ask('/a');
  await once(open, 'data');
  const cut = once(open.resume(), 'close');

  await proxy.setMode('refuse');

  await cut;
  await expect(ask('/b')).rejects.toThrow('ECONNREFUSED');
  await proxy.setMode('pass');
  expect((await once(await ask('/c'), 'data'))[0]).toContain('200 OK');
});

it('holds bytes back while it hangs, and lets them go afterwards', async () => {
  const { sink, proxy, ask } = await setUp();
  await proxy.setMode('hang');
  const socket = await ask('/late');
  await expect(sink.waitFor(() => true, 100)).rejects.toThrow();

  await proxy.setMode('pass');

  expect((await once(socket, 'data'))[0]).toContain('200 OK');
});

it('swallows answers to requests that got through, and then cuts the connection', async () => {
  const { sink, proxy, ask } = await setUp();
  await proxy.setMode('drop-answers');
  const socket = await ask('/done');
  const received: unknown[] = [];
  socket.on('data', (bytes) => received.push(bytes));
  await sink.waitFor((request) => request.path === '/done', 10_000);
  await poll(() => proxy.swallowed || undefined, { timeoutMs: 10_000, what: 'swallowed answer' });
  const cut = once(socket, 'close');

  await proxy.setMode('pass');

  await cut;
  expect(received).toEqual([]);
});

it('cuts the connection as soon as an answer comes that shall get lost', async () => {
  const { sink, proxy, ask } = await setUp();
  await proxy.setMode('cut-answers');
  const socket = await ask('/done');
  const received: unknown[] = [];
  socket.on('data', (bytes) => received.push(bytes));
  await once(socket, 'close');
  expect(sink.requests.map(({ path }) => path)).toEqual(['/done']);
  expect(received).toEqual([]);
});
