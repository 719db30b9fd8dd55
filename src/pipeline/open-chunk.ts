import type { Millis } from '../base/clock.ts';
import type { Outcome } from '../base/outcome.ts';
import type { DriftdEvent, PredictionEvent, RejectReason } from '../event/events.ts';
import { segmentsOf } from '../event/segments.ts';
import type { Chunk } from '../ingest/chunk.ts';
import type { LogRecord } from '../ingest/record.ts';
import { copyOf, type NarrowProfile } from '../profile/compact-profiles.ts';
import type { EventCounts } from '../profile/event-recorder.ts';
import type { CountedProfile } from '../profile/feature-spec.ts';
import { paneStart } from '../profile/pane.ts';
import type { SegmentCounts } from '../profile/segment-counts.ts';
import { KEPT_FEATURES, learningSampleRow } from '../store/learning-samples.ts';
import { type LogPlace, labelRow, predictionRow } from '../store/predictions.ts';
import { profilePartRow } from '../store/profile-parts.ts';
import { rejectRow } from '../store/rejects.ts';
import type { Bound } from '../telemetry/bounds.ts';
import type { ActiveBaseline, BaselineDirectory } from './baseline-directory.ts';
import { ChunkCounts } from './chunk-counts.ts';
import type { ModelPolicies } from './model-policy.ts';
import { PendingRows } from './pending-rows.ts';
import { VersionBound } from './version-bound.ts';

/** How much of one chunk is kept by name. The rest goes to `other`, and is counted. */
export interface ChunkBounds {
  /** Versions of each model. How many models there are is bounded by what a chunk may touch. */
  readonly versions: number;
  /** New categories per feature. */
  readonly categories: number;
  /** New categories of all features together. */
  readonly allCategories: number;
  /** Length of a category's name, in UTF-16 units. */
  readonly categoryLength: number;
  /** Profiles of all segments and panes together. */
  readonly segmentProfiles: number;
  /** Rows of rejected records per reason. */
  readonly rejects: number;
}

export const DEFAULT_CHUNK_BOUNDS: ChunkBounds = {
  versions: 100,
  categories: 1_000,
  allCategories: 20_000,
  categoryLength: 256,
  segmentProfiles: 200_000,
  rejects: 1_000,
};

export interface ChunkContext {
  readonly topic: string;
  readonly partition: number;
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
  readonly bounds: ChunkBounds;
  /** True while a chunk that gave `sampled` events of a model without a baseline to its sample shall give more. */
  readonly wantsSample: (model: string, sampled: number) => boolean;
  readonly onOverflow: (bound: Bound) => void;
}

/** Rows to write, by table. */
export type FlushRows = ReadonlyMap<string, readonly object[]>;

interface Group {
  readonly model: string;
  readonly version: string;
  readonly pane: Millis;
  readonly end: Millis;
  readonly active: ActiveBaseline;
  readonly counts: EventCounts;
  dirty: boolean;
}

/** What becomes a row. */
interface Part {
  readonly group: Group;
  readonly segment: string;
  readonly feature: string;
  readonly profile: NarrowProfile;
}

export interface DrainOptions {
  /**
   * The highest event time of the partition. Rows of segments in panes that end later are left out, since they are many, and would
   * be written at each flush. No window that ends later is looked at before more is seen, or all is quiet.
   */
  readonly seen?: Millis | undefined;
  /** Rows of profiles take their counts when they are written. Up to so many are made of copies, so that counting may go on before. */
  readonly mostCopied?: number;
}

/** Times are told apart at this width when a chunk counts what it touches: it must not depend on a baseline's panes. */
const TOUCH_WIDTH: Millis = 60_000;

function touchOf(timestamp: Millis): number {
  return Math.floor(timestamp / TOUCH_WIDTH);
}

/** What one chunk has counted so far. Lives in memory until the chunk is closed; flushes write cumulative rows. */
export class OpenChunk {
  readonly chunk: Chunk;
  readonly counts: ChunkCounts;
  readonly #context: ChunkContext;
  readonly #groups = new Map<string, Group>();
  readonly #touched = new Set<string>();
  readonly #versions: VersionBound;
  readonly #admitted = new Map<string, Set<string>>();
  #allAdmitted = 0;
  #segmentProfiles = 0;
  #holdsBack = false;
  /** Models of which an event had no baseline. */
  readonly unprofiled = new Set<string>();
  /** The revision of the directory under which each model was first seen. */
  readonly #revisions = new Map<string, number>();
  readonly #sampled = new Map<string, number>();
  #last: Group | undefined;
  #lastTouch = Number.NaN;
  #lastModel: string | undefined;
  #keepsLast = false;
  #segmentsLast: readonly string[] = [];
  readonly #rows = new PendingRows();
  maxEventTime: Millis = 0;
  late = 0;

  /** @param knownBelow the store knows of the records below; they are read again. */
  constructor(chunk: Chunk, context: ChunkContext, knownBelow = 0) {
    this.chunk = chunk;
    this.counts = new ChunkCounts(knownBelow);
    this.#context = context;
    this.#versions = new VersionBound(context.bounds.versions, () => context.onOverflow('versions'));
  }

  /** Counts one record. */
  take(record: LogRecord, outcome: Outcome<DriftdEvent, RejectReason>): void {
    this.counts.take(record.offset, outcome);
    if (outcome.kind === 'ok') {
      const event = outcome.value;
      if (event.timestamp > this.maxEventTime) this.maxEventTime = event.timestamp;
      if (event.kind === 'label') this.#rows.add('labels', labelRow(event, this.#place(record.offset)));
      else this.#takePrediction(event, record.offset);
    } else if (outcome.kind === 'reject') this.#reject(record, outcome.reason, outcome.detail);
  }

  /** About how much the rows take that wait for the next flush. */
  get pendingBytes(): number {
    return this.#rows.bytes;
  }

  #reject(record: LogRecord, reason: RejectReason, detail: string): void {
    const { topic, partition, bounds, onOverflow } = this.#context;
    if (this.counts.rejectedFor(reason) > bounds.rejects) {
      onOverflow('rejects');
      return;
    }
    const { offset, timestamp = 0 } = record;
    const payload = record.packed?.toBuffer() ?? record.value;
    this.#rows.add('rejects', rejectRow({ topic, partition, offset, timestamp, reason, detail, payload }));
  }

  #place(offset: number): LogPlace {
    return { topic: this.#context.topic, partition: this.#context.partition, offset };
  }

  /** The version under which a prediction is counted. */
  #versionOf({ model, version }: PredictionEvent): string {
    const last = this.#last;
    if (model === last?.model && version === last.version) return version;
    return this.#versions.counted(model, version);
  }

  #takePrediction(event: PredictionEvent, offset: number): void {
    const version = this.#versionOf(event);
    if (this.#isKept(event.model)) this.#keep(event, version, offset);
    const group = this.#group(event, version);
    if (group === undefined) {
      this.#learn(event, version, offset);
      return;
    }
    group.active.recorder.record(event, group.counts);
    group.dirty = true;
  }

  /** True when the model gets labels, so that its predictions are kept one by one. */
  #isKept(model: string): boolean {
    if (model !== this.#lastModel) {
      this.#lastModel = model;
      const { labels, segments } = this.#context.policies(model);
      this.#keepsLast = labels !== undefined;
      this.#segmentsLast = segments;
    }
    return this.#keepsLast;
  }

  #keep(event: PredictionEvent, version: string, offset: number): void {
    const { model, timestamp, predictionId, label } = event;
    if (predictionId === undefined) return;
    const place = this.#place(offset);
    const row = predictionRow(event, predictionId, place, segmentsOf(event, this.#segmentsLast));
    this.#rows.add('predictions', version === event.version ? row : { ...row, version });
    if (label !== undefined)
      this.#rows.add('labels', labelRow({ model, timestamp, predictionId, label }, place));
  }

  #learn(event: PredictionEvent, version: string, offset: number): void {
    this.#touch(event, version);
    const { topic, partition, onOverflow } = this.#context;
    this.unprofiled.add(event.model);
    this.counts.unprofiled += 1;
    const sampled = this.#sampled.get(event.model) ?? 0;
    if (!this.#context.wantsSample(event.model, sampled)) return;
    this.#sampled.set(event.model, sampled + 1);
    const place = { topic, partition, offset };
    this.#rows.add(
      'learning_samples',
      learningSampleRow(event, place, () => onOverflow('features')),
    );
  }

  #group(event: PredictionEvent, version: string): Group | undefined {
    const { model, timestamp } = event;
    const last = this.#last;
    const touch = touchOf(timestamp);
    if (
      last !== undefined &&
      this.#lastTouch === touch &&
      last.model === model &&
      last.version === version &&
      timestamp >= last.pane &&
      timestamp < last.end
    ) {
      return last;
    }
    const active = this.#context.directory.at(model, version, timestamp);
    if (active === undefined) return undefined;
    this.#touch(event, version);
    const pane = paneStart(timestamp, active.baseline.pane);
    const key = `${model}\0${version}\0${pane}\0${active.baseline.id}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = {
        model,
        version,
        pane,
        end: pane + active.baseline.pane,
        active,
        counts: active.recorder.empty(
          (feature) => this.#admitter(`${model}\0${version}\0${feature}`),
          () => this.#maySlice(active.recorder.features.length),
        ),
        dirty: false,
      };
      this.#groups.set(key, group);
    }
    this.#last = group;
    this.#lastTouch = touch;
    return group;
  }

  #touch(event: PredictionEvent, version: string): void {
    const key = `${event.model}\0${version}\0${touchOf(event.timestamp)}`;
    if (this.#touched.has(key)) return;
    this.#touched.add(key);
    if (!this.#revisions.has(event.model)) {
      this.#revisions.set(event.model, this.#context.directory.revision(event.model));
    }
    this.chunk.touch(countKeys(event.features, KEPT_FEATURES) + 2);
  }

  /** New categories are bounded per feature over the whole chunk, so that a second reading admits the same ones. */
  #admitter(key: string): (category: string) => boolean {
    let admitted = this.#admitted.get(key);
    if (admitted === undefined) {
      admitted = new Set();
      this.#admitted.set(key, admitted);
    }
    const known = admitted;
    const { categories, allCategories, categoryLength } = this.#context.bounds;
    return (category) => {
      if (known.has(category)) return true;
      const hasRoom = known.size < categories && this.#allAdmitted < allCategories;
      if (hasRoom && category.length <= categoryLength) {
        this.#allAdmitted += 1;
        known.add(category);
        return true;
      }
      this.#context.onOverflow('categories');
      return false;
    };
  }

  /** Whether profiles of so many features may begin for one more segment. */
  #maySlice(features: number): boolean {
    if (this.#segmentProfiles + features > this.#context.bounds.segmentProfiles) {
      this.#context.onOverflow('segments');
      return false;
    }
    this.#segmentProfiles += features;
    return true;
  }

  /** True when a model's activations have changed since the chunk met it: then what it counted has to be counted again. */
  isOutdated(): boolean {
    for (const [model, revision] of this.#revisions) {
      if (this.#context.directory.revision(model) !== revision) return true;
    }
    return false;
  }

  /** True when rows of segments wait for their panes to be over. */
  get holdsBack(): boolean {
    return this.#holdsBack;
  }

  /** The rows that changed since the last call, by table, each profile row with all that the chunk has counted. */
  drain({ seen = Number.POSITIVE_INFINITY, mostCopied = 0 }: DrainOptions = {}): FlushRows {
    const parts: Part[] = [];
    this.#holdsBack = false;
    for (const group of this.#groups.values()) {
      if (group.dirty) this.#wholeParts(group, parts);
      const { segments } = group.counts;
      if (segments?.hasChanged !== true) continue;
      if (group.end > seen) this.#holdsBack = true;
      else this.#segmentParts(group, segments, parts);
    }
    const copies = parts.length <= mostCopied;
    const rows = parts.map((part) => this.#partRow(part, copies));
    return new Map<string, readonly object[]>([['profile_parts', rows], ...this.#rows.drain()]);
  }

  #wholeParts(group: Group, parts: Part[]): void {
    const { recorder } = group.active;
    group.dirty = false;
    recorder.settle();
    recorder.features.forEach(({ name: feature }, i) => {
      parts.push({ group, segment: '', feature, profile: group.counts.profiles[i] as CountedProfile });
    });
  }

  #segmentParts(group: Group, segments: SegmentCounts, parts: Part[]): void {
    const { features, segments: sliced } = group.active.recorder;
    for (const [slice, profiles] of segments.drain()) {
      const segment = sliced?.names[slice] as string;
      features.forEach(({ name: feature }, i) => {
        parts.push({ group, segment, feature, profile: profiles.profile(i) });
      });
    }
  }

  #partRow({ group, segment, feature, profile }: Part, copies: boolean): object {
    const { topic, partition } = this.#context;
    const { model, version, pane, active } = group;
    const origin = { topic, partition, chunkStart: this.chunk.start, endOffset: this.chunk.end };
    const key = { model, version, segment, pane, baselineId: active.baseline.id };
    return profilePartRow(key, origin, feature, copies ? copyOf(profile) : profile);
  }
}

/** Own keys, up to `most`: of a million, the names alone would fill the memory. */
function countKeys(features: object, most: number): number {
  let count = 0;
  for (const _ in features) {
    count += 1;
    if (count >= most) break;
  }
  return count;
}
