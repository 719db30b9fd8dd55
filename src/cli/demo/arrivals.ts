import type { Millis } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;

interface Arrival {
  readonly at: Millis;
  /** Time of day: -1 at midnight, 1 at noon (UTC). */
  readonly wave: number;
}

/**
 * `count` instants in ascending order, spread over the period in proportion to a daily rhythm: four times as many at noon
 * as at midnight. One instant falls into each of `count` equal shares of the traffic, so that hours are close to their
 * expected volume.
 */
export function* arrivals(
  count: number,
  start: Millis,
  duration: Millis,
  random: Random,
): Generator<Arrival, void, undefined> {
  const minutes = Math.max(1, Math.ceil(duration / MINUTE));
  const waves = Float64Array.from({ length: minutes }, (_, minute) =>
    waveAt(start + (minute + 0.5) * MINUTE),
  );
  const ends = new Float64Array(minutes);
  let total = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    total += (1 + 0.6 * (waves[minute] as number)) * Math.min(1, duration / MINUTE - minute);
    ends[minute] = total;
  }
  let minute = 0;
  for (let index = 0; index < count; index += 1) {
    const target = ((index + random()) / count) * total;
    while (minute < minutes - 1 && target >= (ends[minute] as number)) minute += 1;
    const wave = waves[minute] as number;
    const before = minute === 0 ? 0 : (ends[minute - 1] as number);
    const within = (target - before) / (1 + 0.6 * wave);
    yield { at: Math.floor(start + Math.min(duration - 1, (minute + within) * MINUTE)), wave };
  }
}

function waveAt(at: Millis): number {
  return -Math.cos((2 * Math.PI * (at % DAY)) / DAY);
}
