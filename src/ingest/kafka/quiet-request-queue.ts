import { changeMethod, insideKafkajs, type KafkajsClass } from './inside-kafkajs.ts';

/** How often requests are looked for that have waited too long for their answer; kafkajs does so ten times a second. */
const TIMEOUT_CHECK = 2_500;

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

type Schedule = (this: RequestQueue) => void;

interface WaitingRequest {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

/**
 * A connection of kafkajs looks for requests that wait their turn. When none waits, it looks again after a millisecond,
 * for ever: hundreds of timers a second for nothing, on each connection. A look is needed only while something waits,
 * and whatever comes to wait asks for one itself. It also looks ten times a second for requests that were not answered in
 * time, which is seconds; every few seconds does.
 *
 * @param queue the class to change, for tests.
 */
export function quietRequestQueue(
  queue = insideKafkajs<KafkajsClass>('network/requestQueue/index.js'),
): void {
  changeMethod(queue?.prototype, 'scheduleCheckPendingRequests', onlyForPending);
  changeMethod(queue?.prototype, 'scheduleRequestTimeoutCheck', seldom);
}

function onlyForPending(schedule: Schedule): Schedule {
  return function () {
    if (Array.isArray(this.pending) && this.pending.length === 0) return;
    schedule.call(this);
  };
}

function seldom(): Schedule {
  return checkTimeouts;
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
