import type { PredictionEvent } from '../event/events.ts';
import type { Derivation } from './derived/derivation.ts';
import { deriverFor } from './derived/deriver.ts';
import { PREDICTION_FEATURE, SCORE_FEATURE } from './feature-spec.ts';

/** Computes some derived features of the event at hand, from a position of `values` on. */
type Step = (event: PredictionEvent) => void;

/**
 * Reads what is profiled of an event: the features that it brings, the model's output, and what is derived from them. Each
 * feature is looked up once, and each derivation computed once, however many of its numbers are profiled.
 */
export class EventReader {
  /** First those that events bring, then derived ones. */
  readonly features: readonly string[];
  /** Raw values of the event that was read last, by the position of the feature. */
  readonly values: unknown[];
  /** How many of the features events bring. */
  readonly brought: number;
  readonly #steps: readonly Step[];

  /** @param features to be read, in any order; derived ones among them. */
  constructor(features: Iterable<string>, derivations: readonly Derivation[]) {
    const derivers = derivations.map(deriverFor);
    const derived = new Set(derivers.flatMap(({ names }) => names));
    const brought = [...features].filter((name) => !derived.has(name));
    this.features = [...brought, ...derived];
    this.values = new Array<unknown>(this.features.length).fill(undefined);
    this.brought = brought.length;
    const { values } = this;
    let at = brought.length;
    this.#steps = derivers.map(({ names, sources, derive }): Step => {
      const first = at;
      at += names.length;
      const positions = sources.map((source) => brought.indexOf(source));
      const into: Array<number | null> = [];
      let current: PredictionEvent;
      const source = (place: number): unknown => {
        const known = positions[place] as number;
        // Vectors and texts are not profiled themselves.
        return known < 0 ? featureValue(current, sources[place] as string) : values[known];
      };
      return (event) => {
        current = event;
        derive(source, into);
        for (let i = 0; i < names.length; i += 1) values[first + i] = into[i];
      };
    });
  }

  /** @returns how many values were read, from the first one on: all, or those without the derived ones. */
  read(event: PredictionEvent, withDerived = true): number {
    for (let i = 0; i < this.brought; i += 1) {
      this.values[i] = featureValue(event, this.features[i] as string);
    }
    if (!withDerived) return this.brought;
    for (const step of this.#steps) step(event);
    return this.features.length;
  }
}

/** The raw value of a feature or pseudo feature in an event. */
export function featureValue(event: PredictionEvent, name: string): unknown {
  if (name === PREDICTION_FEATURE) return event.prediction;
  if (name === SCORE_FEATURE) return event.score;
  return Object.hasOwn(event.features, name) ? event.features[name] : undefined;
}
