import type { Clock } from '../base/clock.ts';
import type { Store } from '../store/client.ts';
import { type TopicIntake, topicIntake } from '../store/intake.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { judgeTopic, type RejectLimit } from './reject-limit.ts';

export interface RejectWatchPorts {
  readonly clock: Clock;
  readonly store: Store;
  readonly telemetry: Telemetry;
  readonly limit: RejectLimit;
}

/** Keeps an eye on how much of what is read is rejected. */
export class RejectWatch {
  readonly #ports: RejectWatchPorts;
  #recent: readonly TopicIntake[] = [];
  /** How often the store was written to when `recent` was asked for. */
  #writes: number | undefined;

  constructor(ports: RejectWatchPorts) {
    this.#ports = ports;
  }

  /** The topics of which more is rejected than may be. */
  get above(): readonly TopicIntake[] {
    return this.#recent.filter((intake) => judgeTopic(intake, this.#ports.limit) === 'above');
  }

  async look(): Promise<void> {
    const { clock, store, telemetry, limit } = this.#ports;
    const now = clock.now();
    const from = now - limit.window;
    const writes = store.writes?.(['intake']);
    // What was read passes out of the window in time; what was not comes into it with a write, unless the clock was set back.
    if (writes !== undefined && writes === this.#writes && this.#recent.every(({ first }) => first >= from))
      return;
    this.#recent = await topicIntake(store, from, now + 1);
    this.#writes = writes;
    telemetry.rejectedShare.reset();
    for (const { topic, records, rejected } of this.#recent)
      telemetry.rejectedShare.set({ topic }, rejected / Math.max(records, 1));
  }
}
