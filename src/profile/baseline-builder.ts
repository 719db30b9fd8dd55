import type { Millis } from '../base/clock.ts';
import type { PredictionEvent } from '../event/events.ts';
import { type Baseline, type ReferenceValue, sealBaseline } from './baseline.ts';
import {
  emptyProfile,
  type FeatureProfile,
  type FeatureSpec,
  isOutputFeature,
  PREDICTION_FEATURE,
  type Recorder,
  recorderFor,
  SCORE_FEATURE,
} from './feature-spec.ts';
import { type DeclaredKinds, FeatureSurvey, NOTHING_DECLARED } from './feature-survey.ts';

export interface BaselineLimits {
  /** Features that are profiled; further ones are left out and counted. */
  readonly features: number;
  /** Categories that are kept by name, the most frequent first. */
  readonly categories: number;
}

export const DEFAULT_BASELINE_LIMITS: BaselineLimits = { features: 2_000, categories: 1_000 };

/** Longest name of a feature, in UTF-16 units. */
const NAME_LENGTH = 256;

/** First pass over the reference: finds kinds, grids and categories. Memory is bounded by the limits, not by the rows. */
export class BaselineSurvey {
  readonly #limits: BaselineLimits;
  readonly #declared: DeclaredKinds;
  readonly #features = new Map<string, FeatureSurvey>();
  readonly #leftOut = new Set<string>();

  constructor(declared: DeclaredKinds = NOTHING_DECLARED, limits: BaselineLimits = DEFAULT_BASELINE_LIMITS) {
    this.#declared = declared;
    this.#limits = limits;
  }

  add(event: PredictionEvent): void {
    this.#survey(PREDICTION_FEATURE)?.add(event.prediction);
    this.#survey(SCORE_FEATURE)?.add(event.score);
    for (const name of Object.keys(event.features)) {
      // A user's feature of that name would be mixed up with the model's output.
      if (!isOutputFeature(name)) this.#survey(name)?.add(event.features[name]);
    }
  }

  #survey(name: string): FeatureSurvey | undefined {
    const known = this.#features.get(name);
    if (known !== undefined) return known;
    // The two outputs come first, and on top of the limit.
    if (!isUsable(name) || this.#features.size >= this.#limits.features + 2) {
      if (this.#leftOut.size < this.#limits.features) this.#leftOut.add(name);
      return undefined;
    }
    const created = new FeatureSurvey(name, this.#declared);
    this.#features.set(name, created);
    return created;
  }

  /** Names of features that are not profiled: past the limit, or not usable. At most as many as the limit. */
  get leftOut(): ReadonlySet<string> {
    return this.#leftOut;
  }

  specs(): Map<string, FeatureSpec> {
    const specs = new Map<string, FeatureSpec>();
    for (const [name, survey] of this.#features) {
      const spec = survey.spec(this.#limits.categories);
      if (spec !== undefined) specs.set(name, spec);
    }
    return specs;
  }
}

/** The empty name stands for the model as a whole, and the store takes no text with half a surrogate pair. */
function isUsable(name: string): boolean {
  return name !== '' && name.length <= NAME_LENGTH && name.isWellFormed();
}

/** Second pass over the same reference: counts it under the specs that the survey found. */
export class BaselineBuilder {
  readonly #features: Array<readonly [name: string, recorder: Recorder, profile: FeatureProfile]>;
  readonly #specs: ReadonlyMap<string, FeatureSpec>;
  #rows = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  constructor(specs: ReadonlyMap<string, FeatureSpec>) {
    this.#specs = specs;
    this.#features = [...specs].map(([name, spec]) => [name, recorderFor(spec), emptyProfile(spec)]);
  }

  add(event: PredictionEvent): void {
    this.#rows += 1;
    this.#from = Math.min(this.#from, event.timestamp);
    this.#to = Math.max(this.#to, event.timestamp);
    for (const [name, record, profile] of this.#features)
      record(profile, featureValue(event, name), () => false);
  }

  finish(about: {
    model: string;
    version: string | undefined;
    pane: Millis;
    performance: ReadonlyMap<string, ReferenceValue>;
  }): Baseline {
    const features = this.#features.map(([name, , reference]) => {
      const spec = this.#specs.get(name);
      if (spec === undefined) throw new TypeError(`no spec for ${name}`);
      return [name, { spec, reference }] as const;
    });
    return sealBaseline({
      ...about,
      rows: this.#rows,
      from: this.#from,
      to: this.#to,
      features: new Map(features),
    });
  }
}

/** The raw value of a feature or pseudo feature in an event. */
export function featureValue(event: PredictionEvent, name: string): unknown {
  if (name === PREDICTION_FEATURE) return event.prediction;
  if (name === SCORE_FEATURE) return event.score;
  return Object.hasOwn(event.features, name) ? event.features[name] : undefined;
}
