import type { Clock, Millis } from '../base/clock.ts';
import type { Dispatcher, Findings } from './dispatcher.ts';

/** What the evaluator needs of a dispatcher, whatever time it goes by. */
export interface Dispatching {
  takeOver(): Promise<void>;
  release(): void;
  /** All that is due before the next instant, `before`, changes the findings; undefined when no instant is due. */
  catchUp(findings: Findings, before: Millis | undefined): Promise<void>;
}

/** The daemon's: receivers live by the clock on the wall, and so do silences. */
export function byTheClock(dispatcher: Dispatcher, clock: Clock, refresh: () => Promise<void>): Dispatching {
  return {
    takeOver: () => dispatcher.takeOver(),
    release: () => dispatcher.release(),
    catchUp: async (findings, before) => {
      // Without an alert there is nothing to hold back.
      if (findings.firing.length > 0 || dispatcher.hasTold) await refresh();
      await dispatcher.step(findings, clock.now(), before);
    },
  };
}

/**
 * A replay's: between two instants time leaps from one thing that is due to the next, repeats and ends of mute times
 * included. Behind the last instant it goes on for as long as news waits to be told.
 */
export function byEventTime(dispatcher: Dispatcher): Dispatching {
  return {
    takeOver: () => dispatcher.takeOver(),
    release: () => dispatcher.release(),
    catchUp: async (findings, before) => {
      let now: Millis | undefined = findings.horizon;
      while (now !== undefined) {
        const outcome = await dispatcher.step(findings, now);
        now = outcome?.decisions.reduce<Millis | undefined>((next, { reason, dueAt }) => {
          if (dueAt === undefined || (before === undefined ? reason !== 'waiting' : dueAt >= before))
            return next;
          return Math.min(next ?? dueAt, dueAt);
        }, undefined);
      }
    },
  };
}
