import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { notificationOf, optionsOf } from './examples.ts';
import { answers, startReceiver } from './receiver-server.ts';
import { sendOnce } from './through-outbox.ts';

const NOTIFICATION = notificationOf({ receiver: 'team/webhook/0' });

async function authorizationFor(http_config: object): Promise<string | undefined> {
  const receiver = await startReceiver(answers(200));
  const options = optionsOf({
    receivers: [{ name: 'team', webhook_configs: [{ url: receiver.url, http_config }] }],
  });
  expect(await sendOnce(options, NOTIFICATION)).toMatchObject({ kind: 'sent' });
  return receiver.requests[0]?.headers.authorization;
}

describe('http_config', () => {
  it('tells the receiver who calls', async () => {
    expect(await authorizationFor({})).toBeUndefined();
    expect(await authorizationFor({ authorization: { credentials: 't0ken' } })).toBe('Bearer t0ken');
    expect(await authorizationFor({ authorization: { type: 'ApiKey', credentials: 'k' } })).toBe('ApiKey k');
    expect(await authorizationFor({ basic_auth: { username: 'us', password: 'pä:ss' } })).toBe(
      `Basic ${Buffer.from('us:pä:ss').toString('base64')}`,
    );
  });

  it('takes one way to say so', () => {
    const both = { authorization: { credentials: 'a' }, basic_auth: { username: 'b', password: 'c' } };
    expect(() =>
      optionsOf({ receivers: [{ name: 'a', webhook_configs: [{ url: 'http://x', http_config: both }] }] }),
    ).toThrow('either authorization or basic_auth');
  });

  it("trusts an authority of the receiver's own, and only for it", async () => {
    const authority = createAuthority();
    const server = createServer(authority.issue('localhost', { names: ['localhost'] }), (_, response) => {
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    const attempt = (http_config: object) =>
      sendOnce(
        optionsOf({ receivers: [{ name: 'team', webhook_configs: [{ url, http_config }] }] }),
        NOTIFICATION,
      );
    expect(await attempt({ tls_config: { ca: authority.cert } })).toMatchObject({ kind: 'sent' });
    expect(await attempt({})).toEqual({ kind: 'retry', reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });
});
