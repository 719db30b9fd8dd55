import type { Millis } from '../base/clock.ts';
import { Mutex } from '../base/mutex.ts';
import type { Baseline } from '../profile/baseline.ts';
import { EventRecorder } from '../profile/event-recorder.ts';
import type { Activation } from '../store/baselines.ts';

/** A baseline with what is needed to count under it. */
export interface ActiveBaseline {
  readonly baseline: Baseline;
  readonly recorder: EventRecorder;
}

export interface BaselineStore {
  /** The same list again where it is certain that nothing has changed. */
  listActivations(): Promise<readonly Activation[]>;
  /** Those that are there, by id. Unpacked when called, since that takes much longer than having them. */
  loadBaselines(ids: readonly string[]): Promise<ReadonlyMap<string, () => Baseline>>;
}

interface Entry {
  readonly appliesFrom: Millis;
  readonly baselineId: string;
  readonly active: ActiveBaseline;
}

/** Baselines that are loaded at once: few enough for memory, enough to spare the store most of the questions. */
const AT_ONCE = 8;

/** Which baseline an event is profiled under. Look-up order: that of (model, version), that of the model, none. */
export class BaselineDirectory {
  readonly #store: BaselineStore;
  /** Loaded once: baselines never change. */
  readonly #baselines = new Map<string, () => ActiveBaseline>();
  /** By model, then by version ('' = all), in order of appliesFrom. */
  #entries = new Map<string, Map<string, Entry[]>>();
  readonly #revisions = new Map<string, number>();
  /** What `entries` were made of; undefined while a baseline of it was not there. */
  #made: readonly Activation[] | undefined;
  readonly #mutex = new Mutex();
  #unpacked = 0;

  constructor(store: BaselineStore) {
    this.#store = store;
  }

  /** Reads the activations anew. Calls wait for one another, so that an older list never replaces a newer one. */
  refresh(): Promise<void> {
    return this.#mutex.run(() => this.#refresh());
  }

  async #refresh(): Promise<void> {
    const activations = await this.#store.listActivations();
    if (activations === this.#made) return;
    const entries = new Map<string, Map<string, Entry[]>>();
    await this.#load(activations.map(({ baselineId }) => baselineId));
    for (const activation of activations) {
      const active = this.#baselines.get(activation.baselineId);
      if (active === undefined) continue;
      const versions = entries.get(activation.model) ?? new Map<string, Entry[]>();
      entries.set(activation.model, versions);
      const list = versions.get(activation.version) ?? [];
      versions.set(activation.version, list);
      const { appliesFrom, baselineId } = activation;
      list.push({
        appliesFrom,
        baselineId,
        get active() {
          return active();
        },
      });
    }
    for (const model of new Set([...entries.keys(), ...this.#entries.keys()])) {
      if (signature(entries.get(model)) === signature(this.#entries.get(model))) continue;
      this.#revisions.set(model, this.revision(model) + 1);
    }
    this.#entries = entries;
    this.#made = activations.every(({ baselineId }) => this.#baselines.has(baselineId))
      ? activations
      : undefined;
  }

  async #load(ids: readonly string[]): Promise<void> {
    // In order: the store keeps neighbours together.
    const unknown = [...new Set(ids)].filter((id) => !this.#baselines.has(id)).sort();
    for (let from = 0; from < unknown.length; from += AT_ONCE) {
      const loaded = await this.#store.loadBaselines(unknown.slice(from, from + AT_ONCE));
      for (const [id, unpack] of loaded)
        this.#baselines.set(
          id,
          once(() => {
            const active = activate(unpack());
            this.#unpacked += 1;
            return active;
          }),
        );
    }
  }

  at(model: string, version: string, timestamp: Millis): ActiveBaseline | undefined {
    return this.activation(model, version, timestamp)?.active;
  }

  /** The activation in force for an instant, with the event time from which it applies. */
  activation(model: string, version: string, timestamp: Millis): Entry | undefined {
    const versions = this.#entries.get(model);
    if (versions === undefined) return undefined;
    return newest(versions.get(version), timestamp) ?? newest(versions.get(''), timestamp);
  }

  /** The baselines in force for a model at an instant: one for all versions ('') and those of single versions. */
  inForce(model: string, timestamp: Millis): Map<string, Entry> {
    const found = new Map<string, Entry>();
    for (const [version, list] of this.#entries.get(model) ?? []) {
      const entry = newest(list, timestamp);
      if (entry !== undefined) found.set(version, entry);
    }
    return found;
  }

  models(): string[] {
    return [...this.#entries.keys()].sort();
  }

  /** How many models have a baseline. */
  get size(): number {
    return this.#entries.size;
  }

  /** How many baselines were unpacked so far. Each takes as long as thousands of events, so who causes it may want to know. */
  get unpacked(): number {
    return this.#unpacked;
  }

  /** True when events of every version of the model find a baseline, from some event time on. */
  has(model: string): boolean {
    return this.#entries.get(model)?.has('') ?? false;
  }

  /** A number that changes whenever the activations of a model do. */
  revision(model: string): number {
    return this.#revisions.get(model) ?? 0;
  }
}

/** Makes the value when it is first asked for, and forgets how. */
function once<T>(make: () => T): () => T {
  let state: { readonly value: T } | { readonly make: () => T } = { make };
  return () => {
    if ('make' in state) state = { value: state.make() };
    return state.value;
  };
}

function activate(baseline: Baseline): ActiveBaseline {
  return {
    baseline,
    recorder: new EventRecorder(baseline.features, baseline.derivations, baseline.segments),
  };
}

function newest(list: readonly Entry[] | undefined, timestamp: Millis): Entry | undefined {
  return list?.findLast((entry) => entry.appliesFrom <= timestamp);
}

function signature(versions: Map<string, Entry[]> | undefined): string {
  if (versions === undefined) return '';
  return JSON.stringify(
    [...versions].map(([version, list]) => [
      version,
      list.map(({ appliesFrom, baselineId }) => [appliesFrom, baselineId]),
    ]),
  );
}
