import type { PredictionEvent } from '../event/events.ts';
import type { RawFeatures } from '../event/raw-features.ts';
import type { BaselineSegments } from './baseline-segment.ts';
import { type ColumnLayout, columnLayout, type RecordedFeature } from './column-layout.ts';
import type { ColumnCounts } from './column-tables.ts';
import { type Derivation, derivedNames, type ReconstructionDerivation } from './derived/derivation.ts';
import { type Deriver, deriverFor } from './derived/deriver.ts';
import { EventColumns } from './event-columns.ts';
import { EventReader, featureValue } from './event-reader.ts';
import {
  type CountedProfile,
  emptyCounts,
  type FeatureSpec,
  type Recorder,
  recorderFor,
  SCORE_FEATURE,
} from './feature-spec.ts';
import { type Admit, RawRecorder } from './raw-recorder.ts';
import { RawSource } from './raw-source.ts';
import type { SegmentCounts } from './segment-counts.ts';
import { SegmentRecorder } from './segment-recorder.ts';

/** What has been counted of some events, by the position of the feature. Whole after `settle`. */
export interface EventCounts {
  readonly profiles: readonly CountedProfile[];
  /** The same, as they are counted from columns. */
  readonly columns: ColumnCounts;
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
  /** First what events bring, the score last among it; then what is derived, at last from columns. */
  readonly features: readonly RecordedFeature[];
  /** Undefined where the baseline has no slices. */
  readonly segments: SegmentRecorder | undefined;
  readonly #reader: EventReader;
  readonly #layout: ColumnLayout;
  readonly #columns: EventColumns;
  readonly #raw: RawRecorder;
  /** How many of the features lie in messages as they are. */
  readonly #lying: number;
  /** Of categorical features. */
  readonly #recorders: ReadonlyArray<Recorder | undefined>;
  readonly #derivers: readonly SourcedDeriver[];
  readonly #into: Array<number | null> = [];

  constructor(
    specs: ReadonlyMap<string, { readonly spec: FeatureSpec }>,
    derivations: readonly Derivation[],
    segments?: BaselineSegments,
  ) {
    const [byColumn, byRow] = parted(derivations);
    const last = byColumn.flatMap(derivedNames);
    const names = [...specs.keys()]
      .filter((name) => !last.includes(name))
      .sort((a, b) => Number(a === SCORE_FEATURE) - Number(b === SCORE_FEATURE));
    this.#reader = new EventReader(names, byRow);
    this.features = [...this.#reader.features, ...last].map((name): RecordedFeature => {
      const feature = specs.get(name);
      if (feature === undefined) throw new TypeError(`the baseline derives ${name} and does not profile it`);
      return { name, spec: feature.spec };
    });
    this.#lying = this.#reader.brought - (specs.has(SCORE_FEATURE) ? 1 : 0);
    this.#layout = columnLayout(this.features, this.#lying, byColumn);
    this.#columns = new EventColumns(this.#layout.shape);
    this.#raw = new RawRecorder(this.#columns, this.#layout.raw);
    this.#recorders = this.features.map(({ spec }) =>
      spec.kind === 'categorical' ? recorderFor(spec) : undefined,
    );
    this.#derivers = byRow.map((derivation) => {
      const deriver = deriverFor(derivation);
      return { deriver, source: new RawSource(deriver.sources) };
    });
    this.segments = segments && new SegmentRecorder(this.features, segments);
  }

  /** Counts of no event. @param mayBegin asked before a slice takes memory. */
  empty(admitOf: (feature: string) => Admit, mayBegin: () => boolean = () => true): EventCounts {
    const profiles = this.features.map(({ spec }) => emptyCounts(spec));
    return {
      profiles,
      columns: {
        numeric: profiles.filter((profile) => profile.kind === 'numeric'),
        categorical: profiles.filter((profile) => profile.kind === 'categorical'),
      },
      admits: this.features.map(({ name }) => admitOf(name)),
      segments: this.segments?.empty(mayBegin),
    };
  }

  record(event: PredictionEvent, counts: EventCounts): void {
    const { raw } = event;
    // What can fail of it comes before the row is begun.
    if (raw !== undefined) this.#raw.bind(raw);
    this.#columns.begin(counts.columns);
    if (raw !== undefined) this.#recordRaw(event, raw, counts);
    else this.#recordObject(event, counts);
    if (counts.segments === undefined || this.segments === undefined) return;
    for (const { feature, column } of this.#layout.derived) {
      const value = this.#columns.derived(column);
      this.segments.row.takeNumber(feature, Number.isNaN(value) ? null : value);
    }
    this.segments.record(event, counts.segments, counts.profiles);
  }

  /** Brings what waits into the counts that it belongs to. */
  settle(): void {
    this.#columns.settle();
  }

  #recordRaw(event: PredictionEvent, raw: RawFeatures, counts: EventCounts): void {
    this.#raw.record(raw, counts.columns, counts.admits, this.segments?.row);
    let next = this.#lying;
    if (next < this.#reader.brought) {
      // Not as it lies there: it may come from the probabilities.
      this.#recordValue(next, event.score, counts);
      next += 1;
    }
    for (let d = 0; d < this.#derivers.length; d += 1) {
      const { deriver, source } = this.#derivers[d] as SourcedDeriver;
      source.look(raw);
      deriver.derive(source.read, this.#into);
      for (let k = 0; k < deriver.names.length; k += 1, next += 1) {
        this.#recordValue(next, this.#into[k], counts);
      }
    }
  }

  #recordObject(event: PredictionEvent, counts: EventCounts): void {
    const { values } = this.#reader;
    const count = this.#reader.read(event);
    for (let i = 0; i < count; i += 1) this.#recordValue(i, values[i], counts);
    const { uncounted, shape } = this.#layout;
    for (let i = 0; i < uncounted.length; i += 1) {
      const value = featureValue(event, uncounted[i] as string);
      this.#columns.put(shape.grids.length + i, isFiniteNumber(value) ? value : Number.NaN);
    }
  }

  #recordValue(i: number, value: unknown, { profiles, admits }: EventCounts): void {
    const profile = profiles[i] as CountedProfile;
    const column = this.#layout.columnOf[i] as number;
    if (column < 0) {
      const cell = this.#recorders[i]?.(profile, value, admits[i] as Admit) as number;
      this.segments?.row.take(i, cell, value);
      return;
    }
    this.segments?.row.takeNumber(i, value);
    if (isFiniteNumber(value)) {
      this.#columns.put(column, value);
      return;
    }
    this.#columns.put(column, Number.NaN);
    if (value === null || value === undefined) profile.missing += 1;
    else profile.invalid += 1;
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Those that are computed from columns, and those that are computed from one event after the other. */
function parted(derivations: readonly Derivation[]): [ReconstructionDerivation[], Derivation[]] {
  const byColumn: ReconstructionDerivation[] = [];
  const byRow: Derivation[] = [];
  for (const derivation of derivations) {
    if (derivation.kind === 'reconstruction') byColumn.push(derivation);
    else byRow.push(derivation);
  }
  return [byColumn, byRow];
}
