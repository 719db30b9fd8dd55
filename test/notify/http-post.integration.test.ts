import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { createPost } from '../../src/notify/http-post.ts';
import { answers, startReceiver } from './receiver-server.ts';

const never = new AbortController().signal;

describe('createPost', () => {
  it('reads the start of an endless answer and hangs up', async () => {
    let hungUp = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    const { url } = await startReceiver((response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', pour).on('close', hungUp);
      pour();
    });
    const result = await post()({ url, body: '{}' }, never);
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(result.kind === 'answered' ? result.body.length : 0).toBe(64 * 1024);
    await closed;
  });

  it('sends what it is given, byte for byte', async () => {
    const receiver = await startReceiver(answers(200));
    const body = JSON.stringify({ summary: 'größer 😀' });
    await post()({ url: `${receiver.url}/a?b=c`, body, headers: { 'webhook-id': 'x' } }, never);
    expect(receiver.requests).toMatchObject([{ path: '/a?b=c', body, headers: { 'webhook-id': 'x' } }]);
  });
});

function post(): ReturnType<typeof createPost> {
  const dispatcher = new Agent({ pipelining: 0 });
  onTestFinished(() => dispatcher.close());
  return createPost({ dispatcher, timeout: 10_000, clock: systemClock });
}
