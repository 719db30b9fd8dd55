import { describe, expect, it } from 'vitest';
import {
  LabelWatch,
  type LogPosition,
  type Look,
  type WatchedModel,
} from '../../src/pipeline/label-watch.ts';
import type { Arrival, LogRange } from '../../src/store/label-arrivals.ts';
import { HOUR, MINUTE, MORNING } from '../support/events.ts';

const HOURLY: WatchedModel = {
  model: 'fraud',
  horizon: 100 * HOUR,
  periodsAt: (at) => [{ from: at - HOUR, to: at }],
};

/** A log in which labels come, told by what predictions they are of. */
class Log {
  offset = 0;
  readonly #entries: Array<Arrival & { readonly offset: number }> = [];
  readonly ranges: LogRange[] = [];

  /** @param hour of the predictions, from MORNING on */
  label(hour: number, count: number): void {
    const minute = MORNING + hour * HOUR + 5 * MINUTE;
    this.#entries.push({ model: 'fraud', minute, count, offset: this.offset });
    this.offset += count;
  }

  readonly ports = {
    position: async (): Promise<LogPosition> => [{ topic: 'labels', partition: 0, offset: this.offset }],
    arrivalsIn: async (ranges: readonly LogRange[]): Promise<Arrival[]> => {
      this.ranges.push(...ranges);
      return this.#entries.filter(({ offset }) =>
        ranges.some(({ from, to }) => offset >= from && offset < to),
      );
    },
  };
}

function at(hour: number, change: Partial<Look> = {}): Look {
  const judged = Array.from({ length: hour - 1 }, (_, i) => MORNING + (i + 1) * HOUR);
  return { instant: MORNING + hour * HOUR, judged, models: [HOURLY], ageLimits: [], ...change };
}

/** The windows to compute anew, by the hour at which they end. */
async function due(watch: LabelWatch, log: Log, look: Look): Promise<number[]> {
  const found = await watch.look(look, log.ports);
  const instants = found.get('fraud') ?? [];
  for (const instant of instants) watch.computed('fraud', instant, 100);
  return instants.map((instant) => (instant - MORNING) / HOUR);
}

async function begun(log: Log): Promise<LabelWatch> {
  const watch = new LabelWatch();
  await watch.look(at(1), log.ports);
  for (let hour = 1; hour <= 60; hour += 1) watch.computed('fraud', MORNING + hour * HOUR, 100);
  return watch;
}

describe('a watch for late labels', () => {
  it('asks for nothing while nothing comes, and only for what is new', async () => {
    const log = new Log();
    const watch = await begun(log);
    expect(await due(watch, log, at(2))).toEqual([]);
    expect(log.ranges).toEqual([]);
    log.label(0, 10);
    await due(watch, log, at(3));
    log.label(1, 10);
    await due(watch, log, at(4));
    expect(log.ranges).toEqual([
      { topic: 'labels', partition: 0, from: 0, to: 10 },
      { topic: 'labels', partition: 0, from: 10, to: 20 },
    ]);
  });

  it('computes a window anew for a twentieth of its predictions at once, for fewer after a tenth of its age', async () => {
    const log = new Log();
    const watch = await begun(log);
    await due(watch, log, at(40));
    log.label(0, 5);
    log.label(9, 4);
    expect(await due(watch, log, at(41))).toEqual([1]);
    expect(await due(watch, log, at(42))).toEqual([]);
    // 31 hours old and more, so they wait for three and a half; the look before they came counts.
    expect(await due(watch, log, at(43))).toEqual([]);
    expect(await due(watch, log, at(44))).toEqual([10]);
    expect(await due(watch, log, at(45))).toEqual([]);
  });

  it('adds up what comes in many small parts', async () => {
    const log = new Log();
    const watch = await begun(log);
    await due(watch, log, at(50));
    const times: number[] = [];
    for (let hour = 51; hour < 56; hour += 1) {
      log.label(0, 2);
      if ((await due(watch, log, at(hour))).length > 0) times.push(hour);
    }
    expect(times).toEqual([53]);
  });

  it('lets go of windows past the horizon, after it has computed what was still waiting', async () => {
    const log = new Log();
    const watch = await begun(log);
    const models = [{ ...HOURLY, horizon: 20 * HOUR }];
    await due(watch, log, at(20, { models }));
    log.label(0, 1);
    expect(await due(watch, log, at(21, { models }))).toEqual([]);
    expect(await due(watch, log, at(23, { models }))).toEqual([1]);
    log.label(0, 50);
    expect(await due(watch, log, at(24, { models }))).toEqual([]);
  });

  it('looks at a window when it comes of the age at which a rule wants it, with and without labels', async () => {
    const log = new Log();
    const watch = await begun(log);
    const ageLimits = [5 * HOUR];
    await due(watch, log, at(3, { ageLimits }));
    expect(await due(watch, log, at(6, { ageLimits }))).toEqual([1]);
    // Of exactly that age at one instant, and older at the next: a rule may ask for either.
    expect(await due(watch, log, at(7, { ageLimits }))).toEqual([1, 2]);
  });

  it('leaves nothing out after a restart', async () => {
    const log = new Log();
    const watch = await begun(log);
    await due(watch, log, at(50));
    log.label(0, 1);
    await due(watch, log, at(51));
    log.label(1, 10);
    expect(await due(watch, log, at(52))).toEqual([2]);
    // The first label still waits: whoever takes over begins before it.
    const next = new LabelWatch(watch.position);
    expect(await due(next, log, at(53))).toEqual([1, 2]);
    expect(next.position).toEqual([{ topic: 'labels', partition: 0, offset: 11 }]);
  });

  it('computes everything at the end of a log', async () => {
    const log = new Log();
    const watch = await begun(log);
    await due(watch, log, at(50));
    log.label(0, 1);
    expect(await due(watch, log, at(51, { isLast: true }))).toEqual([1]);
    expect(await due(watch, log, at(51, { isLast: true }))).toEqual([]);
  });
});
