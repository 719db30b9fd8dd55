import type { PredictionEvent } from '../event/events.ts';
import type { RawFeatures } from '../event/raw-features.ts';
import type { BaselineSegments } from './baseline-segment.ts';
import type { Derivation } from './derived/derivation.ts';
import { type Deriver, deriverFor } from './derived/deriver.ts';
import { EventReader } from './event-reader.ts';
import {
  emptyProfile,
  type FeatureProfile,
  type FeatureSpec,
  type Recorder,
  recorderFor,
  SCORE_FEATURE,
} from './feature-spec.ts';
import type { Grid } from './grid.ts';
import { NumberColumns } from './number-columns.ts';
import type { NumericProfile } from './numeric-profile.ts';
import { type Admit, RawRecorder } from './raw-recorder.ts';
import { RawSource } from './raw-source.ts';
import type { SegmentCounts } from './segment-counts.ts';
import { SegmentRecorder } from './segment-recorder.ts';

export interface RecordedFeature {
  readonly name: string;
  readonly spec: FeatureSpec;
}

/** What has been counted of some events, by the position of the feature. Whole after `settle`. */
export interface EventCounts {
  readonly profiles: readonly FeatureProfile[];
  /** Those of numeric features. */
  readonly numeric: readonly NumericProfile[];
  /** Whether a category that the baseline does not have may be counted by name. */
  readonly admits: readonly Admit[];
  /** What of them lies in slices; undefined where the baseline has none. */
  readonly segments: SegmentCounts | undefined;
}

interface SourcedDeriver {
  readonly deriver: Deriver;
  readonly source: RawSource;
}

/**
 * Counts whole events under one baseline: what they bring, what the model answered, and what is derived from them. Numbers
 * wait in columns before they are counted, always in the order in which they came, so that sums are the same to the last
 * bit however an event was read.
 */
export class EventRecorder {
  /** First what events bring, the score last among it; then what is derived. */
  readonly features: readonly RecordedFeature[];
  /** Undefined where the baseline has no slices. */
  readonly segments: SegmentRecorder | undefined;
  readonly #reader: EventReader;
  readonly #columns: NumberColumns;
  /** By feature: its column, or -1. */
  readonly #columnOf: Int32Array;
  readonly #categorical: ReadonlyArray<Recorder | undefined>;
  readonly #raw: RawRecorder;
  readonly #derivers: readonly SourcedDeriver[];
  readonly #into: Array<number | null> = [];

  constructor(
    specs: ReadonlyMap<string, { readonly spec: FeatureSpec }>,
    derivations: readonly Derivation[],
    segments?: BaselineSegments,
  ) {
    const names = [...specs.keys()].sort((a, b) => Number(a === SCORE_FEATURE) - Number(b === SCORE_FEATURE));
    this.#reader = new EventReader(names, derivations);
    this.features = this.#reader.features.map((name): RecordedFeature => {
      const feature = specs.get(name);
      if (feature === undefined) throw new TypeError(`the baseline derives ${name} and does not profile it`);
      return { name, spec: feature.spec };
    });
    const grids: Grid[] = [];
    this.#columnOf = Int32Array.from(this.features, ({ spec }) =>
      spec.kind === 'numeric' ? grids.push(spec.grid) - 1 : -1,
    );
    this.#columns = new NumberColumns(grids);
    this.#categorical = this.features.map(({ spec }) =>
      spec.kind === 'categorical' ? recorderFor(spec) : undefined,
    );
    this.#derivers = derivations.map((derivation) => {
      const deriver = deriverFor(derivation);
      return { deriver, source: new RawSource(deriver.sources) };
    });
    const lying = this.#reader.brought - (specs.has(SCORE_FEATURE) ? 1 : 0);
    this.#raw = new RawRecorder(this.features.slice(0, lying), this.#columns);
    this.segments = segments && new SegmentRecorder(this.features, segments);
  }

  /** Counts of no event. @param mayBegin asked before a slice takes memory. */
  empty(admitOf: (feature: string) => Admit, mayBegin: () => boolean = () => true): EventCounts {
    const profiles = this.features.map(({ spec }) => emptyProfile(spec));
    return {
      profiles,
      numeric: profiles.filter((profile) => profile.kind === 'numeric'),
      admits: this.features.map(({ name }) => admitOf(name)),
      segments: this.segments?.empty(mayBegin),
    };
  }

  record(event: PredictionEvent, counts: EventCounts): void {
    if (event.raw !== undefined) this.#columns.tablesIn(event.raw.memory);
    this.#columns.begin(counts.numeric);
    if (event.raw !== undefined) this.#recordRaw(event, event.raw, counts);
    else {
      const { values } = this.#reader;
      const count = this.#reader.read(event);
      for (let i = 0; i < count; i += 1) this.#recordValue(i, values[i], counts);
    }
    if (counts.segments !== undefined) this.segments?.record(event, counts.segments, counts.profiles);
  }

  /** Brings what waits into the counts that it belongs to. */
  settle(): void {
    this.#columns.settle();
  }

  #recordRaw(event: PredictionEvent, raw: RawFeatures, counts: EventCounts): void {
    this.#raw.record(raw, counts.profiles, counts.admits, this.segments?.row);
    let next = this.#raw.size;
    if (next < this.#reader.brought) {
      // Not as it lies there: it may come from the probabilities.
      this.#recordValue(next, event.score, counts);
      next += 1;
    }
    for (let d = 0; d < this.#derivers.length; d += 1) {
      const { deriver, source } = this.#derivers[d] as SourcedDeriver;
      source.look(raw);
      deriver.derive(source, this.#into);
      for (let k = 0; k < deriver.names.length; k += 1, next += 1) {
        this.#recordValue(next, this.#into[k], counts);
      }
    }
  }

  #recordValue(i: number, value: unknown, { profiles, admits }: EventCounts): void {
    const profile = profiles[i] as FeatureProfile;
    const column = this.#columnOf[i] as number;
    if (column < 0) {
      const cell = this.#categorical[i]?.(profile, value, admits[i] as Admit) as number;
      this.segments?.row.take(i, cell, value);
      return;
    }
    this.segments?.row.takeNumber(i, value);
    if (typeof value === 'number' && Number.isFinite(value)) this.#columns.add(column, value);
    else if (value === null || value === undefined) profile.missing += 1;
    else profile.invalid += 1;
  }
}
