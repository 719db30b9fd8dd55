import type { Millis } from './clock.ts';
import { messageOf } from './errors.ts';

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
      let timer: NodeJS.Timeout | undefined;
      const left = Math.max(LEAST, deadline - performance.now());
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`still not done after ${Math.round(left)} ms`)), left);
      });
      try {
        await Promise.race([stop(), late]);
      } catch (error) {
        onFailure(name, messageOf(error));
      } finally {
        clearTimeout(timer);
      }
    }
  }
}
