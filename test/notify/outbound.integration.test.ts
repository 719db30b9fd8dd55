import type { lookup } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { PostResult } from '../../src/notify/http-post.ts';
import { addressTest, networkRulesSchema } from '../../src/notify/network-rules.ts';
import { type Outbound, openOutbound } from '../../src/notify/outbound.ts';
import { answers, startReceiver } from './receiver-server.ts';

const never = new AbortController().signal;
const REFUSED = {
  kind: 'failed',
  reason: 'its address is in a network that delivery.networks keeps out of',
};

function outbound(rules: object, names: Readonly<Record<string, readonly string[]>> = {}): Outbound {
  const opened = openOutbound({
    mayCall: addressTest(networkRulesSchema.parse(rules)),
    timeout: 5_000,
    clock: systemClock,
    lookup: resolver(names),
  });
  onTestFinished(opened.close);
  return opened;
}

/** Answers each question about a name with the next of its addresses: as a name server does that wants to be trusted first. */
function resolver(names: Readonly<Record<string, readonly string[]>>): typeof lookup {
  const asked = new Map<string, number>();
  const resolve = (
    name: string,
    _: unknown,
    callback: (error: Error | null, addresses: Array<{ address: string; family: number }>) => void,
  ): void => {
    const turn = asked.get(name) ?? 0;
    asked.set(name, turn + 1);
    const known = names[name] ?? [];
    const address = known[Math.min(turn, known.length - 1)];
    if (address === undefined) callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
    else
      callback(
        null,
        address.split(' ').map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
      );
  };
  return resolve as unknown as typeof lookup;
}

async function post({ http }: Outbound, url: string): Promise<PostResult> {
  return http()({ url, body: '{}' }, never);
}

describe('a connection to a receiver', () => {
  it('is made to an address that may be called, by name and by number', async () => {
    const receiver = await startReceiver(answers(200));
    const { port } = new URL(receiver.url);
    const way = outbound({}, { 'alertmanager.svc': ['127.0.0.1'] });
    expect(await post(way, receiver.url)).toMatchObject({ kind: 'answered', status: 200 });
    expect(await post(way, `http://alertmanager.svc:${port}/`)).toMatchObject({ status: 200 });
    expect(receiver.requests).toHaveLength(2);
  });

  it('is not made to one that may not, however it is written', async () => {
    const receiver = await startReceiver(answers(200));
    const { port } = new URL(receiver.url);
    const way = outbound({ deny: ['127.0.0.0/8', '::1'] }, { evil: ['127.0.0.1'] });
    for (const host of ['127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]', '[::1]', 'evil']) {
      expect(await post(way, `http://${host}:${port}/`), host).toEqual(REFUSED);
      expect(await post(way, `https://${host}:${port}/`), host).toEqual(REFUSED);
    }
    expect(receiver.requests).toEqual([]);
  });

  it('goes to the address that was tested, though the name leads elsewhere a moment later', async () => {
    const receiver = await startReceiver(answers(200));
    const { port } = new URL(receiver.url);
    const way = outbound({ deny: ['127.0.0.2'] }, { rebound: ['127.0.0.1', '127.0.0.2'] });
    expect(await post(way, `http://rebound:${port}/`)).toMatchObject({ status: 200 });
    expect(await post(way, `http://rebound:${port}/`)).toEqual(REFUSED);
    expect(receiver.requests).toHaveLength(1);
  });

  it('takes of several addresses one that may be called', async () => {
    const receiver = await startReceiver(answers(200));
    const { port } = new URL(receiver.url);
    const way = outbound({ deny: ['127.0.0.2'] }, { mixed: ['127.0.0.2 127.0.0.1'] });
    expect(await post(way, `http://mixed:${port}/`)).toMatchObject({ status: 200 });
  });

  it('says what is wrong when there is no such name', async () => {
    expect(await post(outbound({}), 'http://nowhere/')).toEqual({ kind: 'failed', reason: 'ENOTFOUND' });
  });

  it('is tested as well when it is not one of HTTP', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const way = outbound({ deny: ['127.0.0.2'] }, { mail: ['127.0.0.1'], evil: ['127.0.0.2'] });
    const socket = way.dial('mail', port);
    await once(socket, 'connect');
    socket.destroy();
    expect(() => way.dial('127.0.0.2', port)).toThrow('may not be called');
    const [error] = (await once(way.dial('evil', port), 'error').catch((failure: unknown) => [failure])) as [
      { code?: string },
    ];
    expect(error.code).toBe('ADDRESS_REFUSED');
  });
});
