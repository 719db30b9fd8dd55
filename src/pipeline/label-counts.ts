import type { Clock, Millis } from '../base/clock.ts';
import type { LabelCensus } from '../store/label-census.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** How often predictions and labels are counted that did not find one another: it takes a look at all of them. */
const INTERVAL: Millis = 300_000;

export interface LabelCountPorts {
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'labelJoin'>;
  readonly isActive: () => boolean;
  readonly census: () => Promise<readonly LabelCensus[]>;
}

/** Keeps the newest count of what was joined and what was not, in the instance that evaluates: two would be added up. */
export class LabelCounts {
  readonly #ports: LabelCountPorts;
  #counts: ReadonlyMap<string, Omit<LabelCensus, 'model'>> = new Map();
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(ports: LabelCountPorts) {
    this.#ports = ports;
  }

  /** Undefined for a model that has neither, and before the first count. */
  of(model: string): Omit<LabelCensus, 'model'> | undefined {
    return this.#counts.get(model);
  }

  /** Counts when it is time to. */
  async refresh(): Promise<void> {
    const { clock, telemetry, isActive, census } = this.#ports;
    if (!isActive()) {
      this.#tell([]);
      this.#countedAt = Number.NEGATIVE_INFINITY;
      return;
    }
    const now = clock.now();
    if (now - this.#countedAt < INTERVAL) return;
    const found = await census();
    this.#countedAt = now;
    this.#tell(isActive() ? found : []);
    for (const [model, counts] of this.#counts) {
      telemetry.labelJoin.set({ model, state: 'labelled' }, counts.labelled);
      telemetry.labelJoin.set({ model, state: 'prediction_without_label' }, counts.predictionsWithoutLabel);
      telemetry.labelJoin.set({ model, state: 'label_without_prediction' }, counts.labelsWithoutPrediction);
    }
  }

  #tell(found: readonly LabelCensus[]): void {
    this.#counts = new Map(found.map(({ model, ...counts }) => [model, counts]));
    this.#ports.telemetry.labelJoin.reset();
  }
}
