import type { Millis } from './clock.ts';
import { messageOf } from './errors.ts';
import { within } from './within.ts';

/** Even when time is up, each resource gets this long: closing a socket is quick. */
const LEAST: Millis = 200;

interface NamedStop {
  readonly name: string;
  readonly stop: () => Promise<void>;
}

/** What has to be ended when driftd ends: each resource names its own stop, and the last one opened goes first. */
export class Stops {
  readonly #stops: NamedStop[] = [];

  add(name: string, stop: () => Promise<void>): void {
    this.#stops.push({ name, stop });
  }

  /** Runs all stops within `limit`, whatever becomes of the others; one that does not end in time is left behind. */
  async run(limit: Millis, onFailure: (name: string, why: string) => void): Promise<void> {
    const deadline = performance.now() + limit;
    for (const { name, stop } of this.#stops.splice(0).reverse()) {
      try {
        await within(Math.max(LEAST, deadline - performance.now()), stop());
      } catch (error) {
        onFailure(name, messageOf(error));
      }
    }
  }
}
