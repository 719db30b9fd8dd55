import { createRequire } from 'node:module';

/** Marks what is ours, so that it is put in once. */
const QUIET = Symbol('quiet');

/** How often requests are looked for that have waited too long for their answer; kafkajs does so ten times a second. */
const TIMEOUT_CHECK = 1_000;

/** The inside of a queue. */
interface RequestQueue {
  readonly pending?: unknown;
  readonly enforceRequestTimeout: boolean;
  readonly requestTimeout: number;
  readonly inflight: ReadonlyMap<number, WaitingRequest>;
  readonly isConnected: () => boolean;
  requestTimeoutIntervalId: NodeJS.Timeout | null;
  destroy(): void;
}

interface WaitingRequest {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

/**
 * A connection of kafkajs looks for requests that wait their turn. When none waits, it looks again after a millisecond,
 * for ever: hundreds of timers a second for nothing, on each connection. A look is needed only while something waits,
 * and whatever comes to wait asks for one itself. It also looks ten times a second for requests that were not answered in
 * time, which is seconds; once a second does.
 *
 * This changes kafkajs inside, for the whole process. Where it is not as it was in 2.2.4, nothing is changed.
 *
 * @param queueClass the class to change, for tests.
 */
export function quietRequestQueue(queueClass: unknown = requestQueueOfKafkajs()): void {
  if (typeof queueClass !== 'function') return;
  const { prototype } = queueClass as { prototype?: Record<string, unknown> };
  const schedule = prototype?.['scheduleCheckPendingRequests'];
  if (prototype === undefined || typeof schedule !== 'function' || Object.hasOwn(schedule, QUIET)) return;
  const quiet = function (this: RequestQueue): void {
    if (Array.isArray(this.pending) && this.pending.length === 0) return;
    Reflect.apply(schedule, this, []);
  };
  prototype['scheduleCheckPendingRequests'] = Object.assign(quiet, { [QUIET]: true });
  if (typeof prototype['scheduleRequestTimeoutCheck'] === 'function')
    prototype['scheduleRequestTimeoutCheck'] = checkTimeouts;
}

function checkTimeouts(this: RequestQueue): void {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  const check = (): void => {
    for (const request of this.inflight.values())
      if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
    if (!this.isConnected()) this.destroy();
  };
  this.requestTimeoutIntervalId = setInterval(check, Math.min(this.requestTimeout, TIMEOUT_CHECK));
}

function requestQueueOfKafkajs(): unknown {
  try {
    return createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  } catch {
    return undefined;
  }
}
