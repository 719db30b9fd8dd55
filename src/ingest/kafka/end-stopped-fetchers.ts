import { createRequire } from 'node:module';

/** Marks what is ours, so that it is put in once. */
const ENDS = Symbol('ends');

interface Runner {
  readonly running?: unknown;
  readonly fetchManager?: { readonly stop?: () => Promise<void> };
}

/**
 * A consumer of kafkajs has one fetcher a broker, and begins with new ones when a broker comes or goes. When it is stopped at
 * that moment, the stop reaches the old ones alone: the new ones ask a consumer that gives nothing any more, at once and for
 * ever, and nothing else gets its turn in the process. So whoever asks a stopped consumer stops all fetchers.
 *
 * This changes kafkajs inside, for the whole process. Where it is not as it was in 2.2.4, nothing is changed.
 *
 * @param runnerClass the class to change, for tests.
 */
export function endStoppedFetchers(runnerClass: unknown = runnerOfKafkajs()): void {
  if (typeof runnerClass !== 'function') return;
  const { prototype } = runnerClass as { prototype?: Record<string, unknown> };
  const fetch = prototype?.['fetch'];
  if (prototype === undefined || typeof fetch !== 'function' || Object.hasOwn(fetch, ENDS)) return;
  const ending = function (this: Runner, ...args: unknown[]): unknown {
    // Not awaited: it waits for the very fetcher that asks.
    if (this.running === false) void this.fetchManager?.stop?.().catch(() => undefined);
    return Reflect.apply(fetch, this, args);
  };
  prototype['fetch'] = Object.assign(ending, { [ENDS]: true });
}

function runnerOfKafkajs(): unknown {
  try {
    return createRequire(import.meta.url)('kafkajs/src/consumer/runner');
  } catch {
    return undefined;
  }
}
