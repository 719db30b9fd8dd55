import { changeMethod, insideKafkajs, type KafkajsClass } from './inside-kafkajs.ts';

interface Runner {
  readonly running: boolean;
  readonly fetchManager?: { readonly stop: () => Promise<void> };
}

type Fetch = (this: Runner, ...args: never[]) => unknown;

/**
 * A consumer of kafkajs has one fetcher a broker, and begins with new ones when a broker comes or goes. When it is stopped at
 * that moment, the stop reaches the old ones alone: the new ones ask a consumer that gives nothing any more, at once and for
 * ever, and nothing else gets its turn in the process. So whoever asks a stopped consumer stops all fetchers.
 *
 * @param runner the class to change, for tests.
 */
export function endStoppedFetchers(runner = insideKafkajs<KafkajsClass>('consumer/runner.js')): void {
  changeMethod(runner?.prototype, 'fetch', ending);
}

function ending(fetch: Fetch): Fetch {
  return function (...args) {
    // Not awaited: it waits for the very fetcher that asks.
    if (!this.running) void this.fetchManager?.stop().catch(() => undefined);
    return fetch.apply(this, args);
  };
}
