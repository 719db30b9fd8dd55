import type { Millis } from '../base/clock.ts';
import { seededRandom, type Random } from '../base/random.ts';
import type { PredictionEvent } from '../event/events.ts';
import { sealBaseline, type Baseline, type ReferenceValue } from './baseline.ts';
import { categoryOf } from './categorical-profile.ts';
import {
  emptyProfile,
  isOutputFeature,
  PREDICTION_FEATURE,
  recorderFor,
  SCORE_FEATURE,
  type FeatureProfile,
  type FeatureSpec,
  type Recorder,
} from './feature-spec.ts';
import { buildGrid, buildScoreGrid } from './grid.ts';
import { NumberSample } from './sample.ts';

export interface BaselineLimits {
  /** Features that are profiled; further ones are left out and counted. */
  readonly features: number;
  /** Categories that are kept by name, the most frequent first. */
  readonly categories: number;
}

export const DEFAULT_BASELINE_LIMITS: BaselineLimits = { features: 2_000, categories: 1_000 };

/** Values that are kept a numeric feature while its grid is being made. */
const SAMPLE_CAPACITY = 100_000;
/** Distinct categories that are counted while the most frequent ones are being found. */
const CATEGORY_CAPACITY = 50_000;

/** What the user says about kinds; features that are not named are inferred from their values. */
export interface DeclaredKinds {
  readonly numeric: ReadonlySet<string>;
  readonly categorical: ReadonlySet<string>;
}

export const NOTHING_DECLARED: DeclaredKinds = { numeric: new Set(), categorical: new Set() };

/** First pass over the reference: finds kinds, grids and categories. Memory is bounded by the limits, not by the rows. */
export class BaselineSurvey {
  readonly #limits: BaselineLimits;
  readonly #declared: DeclaredKinds;
  readonly #random: Random = seededRandom(1);
  readonly #features = new Map<string, FeatureSurvey>();
  readonly #leftOut = new Set<string>();

  constructor(declared: DeclaredKinds = NOTHING_DECLARED, limits: BaselineLimits = DEFAULT_BASELINE_LIMITS) {
    this.#declared = declared;
    this.#limits = limits;
  }

  add(event: PredictionEvent): void {
    for (const name of Object.keys(event.features)) {
      // A user's feature of that name would be mixed up with the model's output.
      if (!isOutputFeature(name)) this.#survey(name)?.add(event.features[name]);
    }
    this.#survey(PREDICTION_FEATURE)?.add(event.prediction);
    this.#survey(SCORE_FEATURE)?.add(event.score);
  }

  #survey(name: string): FeatureSurvey | undefined {
    const known = this.#features.get(name);
    if (known !== undefined) return known;
    // The two outputs come on top of the limit.
    if (this.#features.size >= this.#limits.features + 2) {
      if (this.#leftOut.size < this.#limits.features) this.#leftOut.add(name);
      return undefined;
    }
    const created = new FeatureSurvey(this.#random);
    this.#features.set(name, created);
    return created;
  }

  /** Names of features past the limit (themselves bounded in number). */
  get leftOut(): ReadonlySet<string> {
    return this.#leftOut;
  }

  specs(): Map<string, FeatureSpec> {
    const specs = new Map<string, FeatureSpec>();
    for (const [name, survey] of this.#features) {
      const spec = survey.spec(name, this.#declared, this.#limits.categories);
      if (spec !== undefined) specs.set(name, spec);
    }
    return specs;
  }
}

class FeatureSurvey {
  readonly #numbers: NumberSample;
  readonly #categories = new Map<string, number>();
  #numberCount = 0;
  #otherCount = 0;
  #overflow = false;

  constructor(random: Random) {
    this.#numbers = new NumberSample(SAMPLE_CAPACITY, random);
  }

  add(value: unknown): void {
    if (typeof value === 'number' && Number.isFinite(value)) {
      this.#numberCount += 1;
      this.#numbers.add(value);
      return;
    }
    const category = categoryOf(value, false);
    if (typeof category !== 'string') return;
    this.#otherCount += 1;
    this.#count(category, 1);
  }

  #count(category: string, by: number): void {
    const count = this.#categories.get(category);
    if (count !== undefined || this.#categories.size < CATEGORY_CAPACITY) {
      this.#categories.set(category, (count ?? 0) + by);
    } else {
      this.#overflow = true;
    }
  }

  spec(name: string, declared: DeclaredKinds, limit: number): FeatureSpec | undefined {
    const asCategories = declared.categorical.has(name);
    const numeric = !asCategories && (declared.numeric.has(name) || this.#numberCount > this.#otherCount);
    if (numeric) {
      const values = this.#numbers.values;
      if (values.length === 0) return undefined;
      const isShare = values.every((value) => value >= 0 && value <= 1);
      return { kind: 'numeric', grid: name === SCORE_FEATURE && isShare ? buildScoreGrid(values) : buildGrid(values) };
    }
    if (asCategories) for (const value of this.#numbers.values) this.#count(String(value), 1);
    // A feature that was never there cannot be told from one that was left out: it gets an empty list.
    const ranked = [...this.#categories].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const categories = ranked.slice(0, limit).map(([category]) => category);
    if (categories.length === 0 && (name === PREDICTION_FEATURE || name === SCORE_FEATURE)) return undefined;
    const complete = !this.#overflow && ranked.length <= limit;
    return { kind: 'categorical', categories, acceptsNumbers: asCategories, complete };
  }
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
    for (const [name, record, profile] of this.#features) record(profile, featureValue(event, name), () => false);
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
    return sealBaseline({ ...about, rows: this.#rows, from: this.#from, to: this.#to, features: new Map(features) });
  }
}

/** The raw value of a feature or pseudo feature in an event. */
export function featureValue(event: PredictionEvent, name: string): unknown {
  if (name === PREDICTION_FEATURE) return event.prediction;
  if (name === SCORE_FEATURE) return event.score;
  return Object.hasOwn(event.features, name) ? event.features[name] : undefined;
}
