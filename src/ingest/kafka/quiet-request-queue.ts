import { createRequire } from 'node:module';

/** Marks what is ours, so that it is put in once. */
const QUIET = Symbol('quiet');

/**
 * A connection of kafkajs looks for requests that wait their turn. When none waits, it looks again after a millisecond,
 * for ever: hundreds of timers a second for nothing, on each connection. A look is needed only while something waits,
 * and whatever comes to wait asks for one itself.
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
  const quiet = function (this: { readonly pending?: unknown }): void {
    if (Array.isArray(this.pending) && this.pending.length === 0) return;
    Reflect.apply(schedule, this, []);
  };
  prototype['scheduleCheckPendingRequests'] = Object.assign(quiet, { [QUIET]: true });
}

function requestQueueOfKafkajs(): unknown {
  try {
    return createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  } catch {
    return undefined;
  }
}
