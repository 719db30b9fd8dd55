import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Millis } from '../base/clock.ts';
import type { Steps } from '../base/steps.ts';

/** Long against what a pause costs, and short against what heartbeats and requests may wait. */
const LONGEST: Millis = 20;

export interface TurnOptions {
  /** Lets the rest of the process run. */
  readonly breathe?: () => Promise<void>;
  /** Work goes on without a pause for this long, and for the step that is being done then. */
  readonly longest?: Millis;
  /** Ends the work at the next pause: it throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Divides long work into turns, between which the rest of the process runs: heartbeats, requests, other partitions.
 *
 * @example
 * const turns = new Turns();
 * for (const event of events) {
 *   if (turns.isOver()) await turns.pause();
 *   survey.add(event);
 * }
 * const specs = await turns.drive(survey.specSteps());
 */
export class Turns {
  readonly #breathe: () => Promise<void>;
  readonly #longest: Millis;
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor({ breathe = letOthersRun, longest = LONGEST, signal }: TurnOptions = {}) {
    this.#breathe = breathe;
    this.#longest = longest;
    this.#signal = signal;
  }

  /** True when it is time to pause. Costs next to nothing, so that it may be asked for every event. */
  isOver(): boolean {
    return performance.now() - this.#since >= this.#longest;
  }

  async pause(): Promise<void> {
    await this.#breathe();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }

  /** Does all steps, with pauses between them. */
  async drive<Result>(steps: Steps<Result>): Promise<Result> {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (this.isOver()) await this.pause();
    }
  }
}
