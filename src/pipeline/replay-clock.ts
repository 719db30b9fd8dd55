import type { Millis } from '../base/clock.ts';

/** So many events that bear one another out are believed, wherever in time they are. */
const WITNESSES = 10;

/**
 * How far event time has come in a log that does not say when it took its records. Some clocks are wrong: what is far ahead
 * of all else, and is borne out by fewer than ten events, is not believed.
 */
export class ReplayClock {
  readonly #ahead: Millis;
  readonly #gap: Millis;
  /** The highest event times of each topic, ascending. */
  readonly #highest = new Map<string, Millis[]>();

  /**
   * @param ahead how far a clock may run ahead of the others.
   * @param gap how long the log may be silent before its last few events.
   */
  constructor({ ahead, gap }: { readonly ahead: Millis; readonly gap: Millis }) {
    this.#ahead = ahead;
    this.#gap = gap;
  }

  take(topic: string, timestamp: Millis): void {
    let highest = this.#highest.get(topic);
    if (highest === undefined) {
      highest = [];
      this.#highest.set(topic, highest);
    }
    if (highest.length === WITNESSES) {
      if (timestamp <= (highest[0] as Millis)) return;
      highest.shift();
    }
    const behind = highest.findLastIndex((time) => time <= timestamp);
    highest.splice(behind + 1, 0, timestamp);
  }

  /** A topic is read again, and no event shall bear itself out. */
  rewind(topic: string): void {
    const highest = this.#highest.get(topic) ?? [];
    const believed = believedTime(highest, this.#gap);
    this.#highest.set(
      topic,
      highest.filter((time) => time <= believed),
    );
  }

  /** While there is more to come: a few events far ahead of all others are a wrong clock, or will be borne out. */
  now(): Millis {
    return this.#believed(this.#ahead);
  }

  /** When nothing more comes: the last few events may stand behind a gap. */
  end(): Millis {
    return this.#believed(this.#gap);
  }

  #believed(tolerance: Millis): Millis {
    return Math.max(0, ...Array.from(this.#highest.values(), (times) => believedTime(times, tolerance)));
  }
}

function believedTime(ascending: readonly Millis[], tolerance: Millis): Millis {
  let believed = ascending[0] ?? 0;
  for (const time of ascending) {
    if (time - believed > tolerance) break;
    believed = time;
  }
  return believed;
}
