import { atOnce, type Steps } from '../base/steps.ts';
import type { PredictionEvent } from '../event/events.ts';
import { type Baseline, type BaselineContent, type BaselineFeature, sealSteps } from './baseline.ts';
import { CountedRow } from './counted-row.ts';
import { DerivationSurvey, type DerivedFeatures, NOTHING_DERIVED } from './derived/derivation-survey.ts';
import { HeldOutCoin } from './derived/held-out-coin.ts';
import { EventReader } from './event-reader.ts';
import { isFeatureName } from './feature-name.ts';
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
import { type DeclaredKinds, type FeatureKind, FeatureSurvey, NOTHING_DECLARED } from './feature-survey.ts';
import type { NaturalSpread } from './natural-spread.ts';
import { ScoreTally } from './score-means.ts';
import { SegmentBuilder, type SegmentPerformance } from './segment-builder.ts';
import type { SegmentIndex } from './segment-index.ts';
import { type SegmentNames, SegmentSurvey } from './segment-survey.ts';
import { type FeatureBlocks, TimeBlocks } from './time-blocks.ts';

export interface BaselineLimits {
  /** Features that are profiled; further ones are left out and counted. */
  readonly features: number;
  /** Categories that are kept by name, the most frequent first. */
  readonly categories: number;
}

export const DEFAULT_BASELINE_LIMITS: BaselineLimits = { features: 2_000, categories: 1_000 };

/** First pass over the reference: finds kinds, grids and categories. Memory is bounded by the limits, not by the rows. */
export class BaselineSurvey {
  readonly #limits: BaselineLimits;
  readonly #declared: DeclaredKinds;
  readonly #multivariate: boolean;
  readonly #features = new Map<string, FeatureSurvey>();
  readonly #derivations = new DerivationSurvey();
  readonly #segments: SegmentSurvey | undefined;
  readonly #leftOut = new Set<string>();
  #derived: DerivedFeatures | undefined;

  /**
   * @param multivariate whether all numeric features are profiled together as well.
   * @param segments features by whose values slices are profiled besides the whole.
   */
  constructor(
    declared: DeclaredKinds = NOTHING_DECLARED,
    limits: BaselineLimits = DEFAULT_BASELINE_LIMITS,
    multivariate = true,
    segments: readonly string[] = [],
  ) {
    this.#declared = declared;
    this.#limits = limits;
    this.#multivariate = multivariate;
    this.#segments = segments.length === 0 ? undefined : new SegmentSurvey(segments);
  }

  add(event: PredictionEvent): void {
    this.#derived = undefined;
    this.#survey(PREDICTION_FEATURE)?.add(event.prediction);
    this.#survey(SCORE_FEATURE)?.add(event.score);
    for (const name of Object.keys(event.features)) {
      // A user's feature of that name would be mixed up with the model's output.
      if (!isOutputFeature(name)) this.#survey(name)?.add(event.features[name]);
    }
    if (this.#derivations.wantsNext()) this.#derivations.take(event.features);
    this.#segments?.add(event);
  }

  #survey(name: string): FeatureSurvey | undefined {
    const known = this.#features.get(name);
    if (known !== undefined) return known;
    // The two outputs come first, and on top of the limit.
    if (!isFeatureName(name) || this.#features.size >= this.#limits.features + 2) {
      this.#leaveOut(name);
      return undefined;
    }
    const created = new FeatureSurvey(name, this.#declared);
    this.#features.set(name, created);
    return created;
  }

  #leaveOut(name: string): void {
    if (this.#leftOut.size < this.#limits.features) this.#leftOut.add(name);
  }

  /**
   * Names of features that are not profiled: past the limit, not usable, or derived and called like one that events bring.
   * At most as many as the limit.
   */
  get leftOut(): ReadonlySet<string> {
    for (const name of this.derived().leftOut) this.#leaveOut(name);
    return this.#leftOut;
  }

  /** What is derived from the features, and how that is profiled. */
  derived(): DerivedFeatures {
    return atOnce(this.derivedSteps());
  }

  /** Finds what `derived` gives, which is there at once afterwards. No event may be added in between. */
  *derivedSteps(): Steps<DerivedFeatures> {
    if (this.#derived !== undefined) return this.#derived;
    const kinds = new Map<string, FeatureKind>();
    for (const [name, survey] of this.#features) {
      if (!isOutputFeature(name)) kinds.set(name, survey.kind);
      yield;
    }
    this.#derived = yield* this.#derivations.fitSteps(kinds, {
      multivariate: this.#multivariate,
      limit: this.#limits.features,
    });
    return this.#derived;
  }

  /** The slices that are large enough; undefined where none were asked for. */
  segments(): SegmentNames | undefined {
    return this.#segments?.names();
  }

  /** How the features are profiled that events bring, and the model's output. Embeddings and texts are not among them. */
  specs(): Map<string, FeatureSpec> {
    return atOnce(this.specSteps());
  }

  /** Finds what `specs` gives, a feature a step. */
  *specSteps(): Steps<Map<string, FeatureSpec>> {
    const specs = new Map<string, FeatureSpec>();
    for (const [name, survey] of this.#features) {
      const spec = survey.spec(this.#limits.categories);
      if (spec !== undefined) specs.set(name, spec);
      yield;
    }
    return specs;
  }
}

/** Turns the time blocks of a feature into what they say about its natural variability. */
export type SpreadOf = (
  feature: Pick<BaselineFeature, 'spec' | 'reference'>,
  blocks: FeatureBlocks,
) => readonly NaturalSpread[];

/** What the rows do not tell of their baseline. */
export interface AboutBaseline
  extends Pick<BaselineContent, 'model' | 'version' | 'pane' | 'performance' | 'calibration'> {
  /** How well the model did in each slice. */
  readonly segmentPerformance?: SegmentPerformance;
}

interface CountedFeature {
  readonly spec: FeatureSpec;
  readonly record: Recorder;
  readonly profile: FeatureProfile;
  /** Of features that may say something of the score, which it does not of itself. */
  readonly scores: ScoreTally | undefined;
}

function* countedSteps(
  specs: ReadonlyMap<string, FeatureSpec>,
  derived: DerivedFeatures,
): Steps<Map<string, CountedFeature>> {
  const counted = new Map<string, CountedFeature>();
  for (const [name, spec] of [...specs, ...derived.specs]) {
    counted.set(name, {
      spec,
      record: recorderFor(spec),
      profile: emptyProfile(spec),
      scores: isOutputFeature(name) ? undefined : new ScoreTally(spec),
    });
    yield;
  }
  return counted;
}

/** Second pass over the same reference: counts it under the specs that the survey found. */
export class BaselineBuilder {
  readonly #derived: DerivedFeatures;
  readonly #reader: EventReader;
  readonly #coin = new HeldOutCoin();
  /** In the order of the reader's features. */
  readonly #features: readonly CountedFeature[];
  readonly #blocks: TimeBlocks;
  readonly #scoreOf: (event: PredictionEvent) => unknown;
  readonly #segments: SegmentBuilder | undefined;
  readonly #row: CountedRow | undefined;
  #rows = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  /**
   * @param segments the slices to be profiled besides the whole.
   * @param counted what `steps` has made of the specs before; not given by others.
   */
  constructor(
    specs: ReadonlyMap<string, FeatureSpec>,
    derived: DerivedFeatures = NOTHING_DERIVED,
    segments?: SegmentNames,
    counted: ReadonlyMap<string, CountedFeature> = atOnce(countedSteps(specs, derived)),
  ) {
    this.#derived = derived;
    this.#reader = new EventReader(counted.keys(), derived.derivations);
    this.#features = this.#reader.features.map((name) => {
      const feature = counted.get(name);
      if (feature === undefined) throw new TypeError(`no spec for ${name}`);
      return feature;
    });
    this.#blocks = new TimeBlocks(this.#features.map(({ spec }) => spec));
    // A model without scores whose predictions are numbers, a regression, is as good as one with.
    this.#scoreOf = specs.has(SCORE_FEATURE) ? ({ score }) => score : ({ prediction }) => prediction;
    this.#segments =
      segments &&
      new SegmentBuilder(
        segments,
        this.#features.map(({ spec }, i) => [this.#reader.features[i] as string, spec]),
      );
    this.#row = segments && new CountedRow(this.#features.map(({ spec }) => spec));
  }

  /** Does what the constructor does, a feature a step. */
  static *steps(
    specs: ReadonlyMap<string, FeatureSpec>,
    derived: DerivedFeatures,
    segments: SegmentNames | undefined,
  ): Steps<BaselineBuilder> {
    return new BaselineBuilder(specs, derived, segments, yield* countedSteps(specs, derived));
  }

  /** Finds the slices that an event is counted in; undefined where there are none. */
  get segments(): SegmentIndex | undefined {
    return this.#segments?.index;
  }

  /** Derived features are counted on the rows that they were not fitted on. */
  add(event: PredictionEvent): void {
    this.#rows += 1;
    this.#from = Math.min(this.#from, event.timestamp);
    this.#to = Math.max(this.#to, event.timestamp);
    const slot = this.#blocks.slotOf(event.timestamp);
    const count = this.#reader.read(event, this.#coin.isHeldOut());
    const score = this.#scoreOf(event);
    const isScored = typeof score === 'number' && Number.isFinite(score);
    for (let i = 0; i < count; i += 1) {
      const { record, profile, scores } = this.#features[i] as CountedFeature;
      const value = this.#reader.values[i];
      const cell = record(profile, value, () => false);
      this.#blocks.add(i, slot, cell);
      this.#row?.take(i, cell, value);
      if (isScored) scores?.add(cell, score);
    }
    if (this.#row !== undefined) this.#segments?.add(event, this.#row, count);
  }

  /** @param spreadOf finds the natural variability; without it, none is known. */
  finish(about: AboutBaseline, spreadOf: SpreadOf = () => []): Baseline {
    return atOnce(this.finishSteps(about, spreadOf));
  }

  /** Does what `finish` does, a feature a step. No event may be added in between. */
  *finishSteps({ segmentPerformance, ...about }: AboutBaseline, spreadOf: SpreadOf): Steps<Baseline> {
    const features = new Map<string, BaselineFeature>();
    for (const [i, { spec, profile: reference, scores }] of this.#features.entries()) {
      const natural = spreadOf({ spec, reference }, this.#blocks.blocksOf(i));
      const scoreMeans = scores?.means();
      features.set(this.#reader.features[i] as string, {
        spec,
        reference,
        natural,
        ...(scoreMeans !== undefined && { scoreMeans }),
      });
      yield;
    }
    return yield* sealSteps({
      ...about,
      rows: this.#rows,
      from: this.#from,
      to: this.#to,
      features,
      derivations: this.#derived.derivations,
      ...(this.#segments && { segments: this.#segments.finish(segmentPerformance) }),
    });
  }
}
