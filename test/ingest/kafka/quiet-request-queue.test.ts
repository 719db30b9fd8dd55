import { createRequire } from 'node:module';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { quietRequestQueue } from '../../../src/ingest/kafka/quiet-request-queue.ts';

interface Queue {
  push(request: object): void;
  fulfillRequest(response: object): void;
  maybeThrottle(millis: number): void;
}

type QueueClass = new (options: object) => Queue;

const Original = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as QueueClass;

/** A queue of kafkajs' own kind, one request at a time; `sent` are the requests that went out. */
function queueOf(Queue: QueueClass): { queue: Queue; sent: number[]; push: (id: number) => void } {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const logger = { debug: () => undefined, warn: () => undefined };
  const queue = new Queue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger });
  const sent: number[] = [];
  const push = (correlationId: number): void =>
    queue.push({
      entry: { correlationId, resolve: () => undefined, reject: () => undefined },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  return { queue, sent, push };
}

function answer(queue: Queue, correlationId: number): void {
  queue.fulfillRequest({ correlationId, payload: null, size: 0 });
}

describe('a request queue of kafkajs', () => {
  it('arms timers for ever once it was used, which is why it is changed', () => {
    const { queue, push } = queueOf(class extends Original {});
    push(1);
    answer(queue, 1);
    for (let i = 0; i < 10; i += 1) vi.runOnlyPendingTimers();
    expect(vi.getTimerCount()).toBe(1);
  });

  it('has no timer while nothing waits, when it is quiet', () => {
    class Quiet extends Original {}
    quietRequestQueue(Quiet);
    const { queue, sent, push } = queueOf(Quiet);
    push(1);
    push(2);
    expect(sent).toEqual([1]);
    answer(queue, 1);
    expect(sent).toEqual([1, 2]);
    answer(queue, 2);
    vi.runOnlyPendingTimers();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('still sends what the broker has asked it to hold back, once the time is over', () => {
    class Quiet extends Original {}
    quietRequestQueue(Quiet);
    const { queue, sent, push } = queueOf(Quiet);
    queue.maybeThrottle(500);
    push(1);
    vi.advanceTimersByTime(499);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(11);
    expect(sent).toEqual([1]);
    answer(queue, 1);
    vi.runOnlyPendingTimers();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is changed once, however often it is asked for', () => {
    class Quiet {
      scheduleCheckPendingRequests(): void {}
    }
    quietRequestQueue(Quiet);
    const changed = Quiet.prototype.scheduleCheckPendingRequests;
    quietRequestQueue(Quiet);
    expect(Quiet.prototype.scheduleCheckPendingRequests).toBe(changed);
  });

  it.each([
    ['is not there', undefined],
    ['is no class', {}],
    ['has no such method', class {}],
    [
      'has something else by that name',
      class {
        get scheduleCheckPendingRequests(): number {
          return 1;
        }
      },
    ],
  ])('is left alone where it %s', (_, queueClass) => {
    const before = Object.keys(Object(queueClass));
    expect(() => quietRequestQueue(queueClass)).not.toThrow();
    expect(Object.keys(Object(queueClass))).toEqual(before);
  });

  it('does as before where it keeps what waits in another way', () => {
    let scheduled = 0;
    class Changed {
      scheduleCheckPendingRequests(): void {
        scheduled += 1;
      }
    }
    quietRequestQueue(Changed);
    new Changed().scheduleCheckPendingRequests();
    expect(scheduled).toBe(1);
  });
});
