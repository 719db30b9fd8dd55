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
  listActivations(): Promise<Activation[]>;
  loadBaseline(id: string): Promise<Baseline | undefined>;
}

interface Entry {
  readonly appliesFrom: Millis;
  readonly active: ActiveBaseline;
}

/** Which baseline an event is profiled under. Look-up order: that of (model, version), that of the model, none. */
export class BaselineDirectory {
  readonly #store: BaselineStore;
  /** Loaded once: baselines never change. */
  readonly #baselines = new Map<string, ActiveBaseline>();
  /** By model, then by version ('' = all), in order of appliesFrom. */
  #entries = new Map<string, Map<string, Entry[]>>();
  readonly #revisions = new Map<string, number>();
  readonly #mutex = new Mutex();

  constructor(store: BaselineStore) {
    this.#store = store;
  }

  /** Reads the activations anew. Calls wait for one another, so that an older list never replaces a newer one. */
  refresh(): Promise<void> {
    return this.#mutex.run(() => this.#refresh());
  }

  async #refresh(): Promise<void> {
    const entries = new Map<string, Map<string, Entry[]>>();
    for (const activation of await this.#store.listActivations()) {
      const active = await this.#load(activation.baselineId);
      if (active === undefined) continue;
      const versions = entries.get(activation.model) ?? new Map<string, Entry[]>();
      entries.set(activation.model, versions);
      const list = versions.get(activation.version) ?? [];
      versions.set(activation.version, list);
      list.push({ appliesFrom: activation.appliesFrom, active });
    }
    for (const model of new Set([...entries.keys(), ...this.#entries.keys()])) {
      if (signature(entries.get(model)) === signature(this.#entries.get(model))) continue;
      this.#revisions.set(model, this.revision(model) + 1);
    }
    this.#entries = entries;
  }

  async #load(id: string): Promise<ActiveBaseline | undefined> {
    const known = this.#baselines.get(id);
    if (known !== undefined) return known;
    const baseline = await this.#store.loadBaseline(id);
    if (baseline === undefined) return undefined;
    const active = activate(baseline);
    this.#baselines.set(id, active);
    return active;
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

  /** True when events of every version of the model find a baseline, from some event time on. */
  has(model: string): boolean {
    return this.#entries.get(model)?.has('') ?? false;
  }

  /** A number that changes whenever the activations of a model do. */
  revision(model: string): number {
    return this.#revisions.get(model) ?? 0;
  }
}

function activate(baseline: Baseline): ActiveBaseline {
  return { baseline, recorder: new EventRecorder(baseline.features, baseline.derivations) };
}

function newest(list: readonly Entry[] | undefined, timestamp: Millis): Entry | undefined {
  return list?.findLast((entry) => entry.appliesFrom <= timestamp);
}

function signature(versions: Map<string, Entry[]> | undefined): string {
  if (versions === undefined) return '';
  return JSON.stringify(
    [...versions].map(([version, list]) => [
      version,
      list.map(({ appliesFrom, active }) => [appliesFrom, active.baseline.id]),
    ]),
  );
}
