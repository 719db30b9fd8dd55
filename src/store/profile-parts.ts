import type { Millis } from '../base/clock.ts';
import type { NarrowProfile } from '../profile/compact-profiles.ts';
import { emptyProfile, type FeatureProfile, type FeatureSpec } from '../profile/feature-spec.ts';
import type { Store } from './client.ts';
import { floatOf, type SqlFloat, sqlFloat } from './sql-number.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** Whose profile a row is. */
export interface PartKey {
  readonly model: string;
  readonly version: string;
  readonly segment: string;
  readonly pane: Millis;
  readonly baselineId: string;
}

/** The place in the log that a row counts, up to endOffset. */
export interface PartOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly chunkStart: number;
  readonly endOffset: number;
}

/** One feature's profile in one pane, as counted from one chunk. */
export function profilePartRow(
  key: PartKey,
  origin: PartOrigin,
  feature: string,
  profile: NarrowProfile,
): object {
  return {
    model: key.model,
    version: key.version,
    segment: key.segment,
    pane: sqlTime(key.pane),
    feature,
    baseline_id: key.baselineId,
    topic: origin.topic,
    partition: origin.partition,
    chunk_start: origin.chunkStart,
    end_offset: origin.endOffset,
    n: profile.n,
    missing: profile.missing,
    invalid: profile.invalid,
    // A list, which takes more, only when the row is written: a flush has thousands of rows at a time.
    get cells() {
      return listOf(profile.cells);
    },
    ...(profile.kind === 'numeric' ? numericColumns(profile) : categoricalColumns(profile)),
  };
}

function numericColumns(profile: Extract<NarrowProfile, { kind: 'numeric' }>): object {
  return {
    sum: sqlFloat(profile.sum),
    sum_sq: sqlFloat(profile.sumSquares),
    min: profile.n === 0 ? null : profile.min,
    max: profile.n === 0 ? null : profile.max,
    low_excess: sqlFloat(profile.lowExcess),
    high_excess: sqlFloat(profile.highExcess),
  };
}

function categoricalColumns(profile: Extract<NarrowProfile, { kind: 'categorical' }>): object {
  // A lone surrogate is valid in a JavaScript string and invalid in the store.
  const keys = Array.from(profile.extra.keys(), (key) => key.toWellFormed());
  return {
    extra_keys: keys,
    extra_counts: [...profile.extra.values()],
    other: profile.other,
    ...(profile.registers.length > 0 && { registers: listOf(profile.registers) }),
  };
}

/** What Array.from makes as well, in a quarter of the time: it asks an iterator for each number. */
function listOf(numbers: ArrayLike<number>): number[] {
  const list: number[] = [];
  for (let i = 0; i < numbers.length; i += 1) list.push(numbers[i] as number);
  return list;
}

interface MergedRow {
  segment: string;
  version: string;
  feature: string;
  n: number;
  missing: number;
  invalid: number;
  cells: number[];
  extra: [string[], number[]];
  other: number;
  registers: number[];
  sum: SqlFloat;
  sum_sq: SqlFloat;
  min: number | null;
  max: number | null;
  low_excess: SqlFloat;
  high_excess: SqlFloat;
}

const MERGED = `
  sum(p.n) AS n, sum(p.missing) AS missing, sum(p.invalid) AS invalid, sumForEach(p.cells) AS cells,
  sumMap(p.extra_keys, p.extra_counts) AS extra, sum(p.other) AS other,
  maxForEach(p.registers) AS registers,
  sum(p.sum) AS sum, sum(p.sum_sq) AS sum_sq, min(p.min) AS min, max(p.max) AS max,
  sum(p.low_excess) AS low_excess, sum(p.high_excess) AS high_excess`;

/** Versions of one model that are looked at in one window: those with the most events. */
export const MOST_VERSIONS = 200;

/** The same where segments are looked at, of which each has as many profiles as the whole. */
const MOST_VERSIONS_BY_SEGMENT = 5;

/** Profiles by version, then by feature. */
type MergedProfiles = Map<string, Map<string, FeatureProfile>>;

interface MergedPeriod {
  readonly model: string;
  readonly baselineId: string;
  readonly from: Millis;
  readonly to: Millis;
}

/**
 * Merges the panes in [from, to) of one model under one baseline: by version, then by feature. A producer that gives every
 * event a version of its own must not fill the memory with them.
 */
export async function mergedProfiles(
  store: Store,
  { segment, ...about }: MergedPeriod & { readonly segment: string },
  specs: ReadonlyMap<string, FeatureSpec>,
): Promise<MergedProfiles> {
  const merged = await mergedParts(store, { ...about, segments: [segment], most: MOST_VERSIONS }, specs);
  return merged.get(segment) ?? new Map();
}

/** The same of several segments in one query, of the versions with the most events; by segment, and then in that way. */
export async function mergedSegments(
  store: Store,
  about: MergedPeriod & { readonly segments: readonly string[] },
  specs: ReadonlyMap<string, FeatureSpec>,
): Promise<Map<string, MergedProfiles>> {
  return mergedParts(store, { ...about, most: MOST_VERSIONS_BY_SEGMENT }, specs);
}

async function mergedParts(
  store: Store,
  about: MergedPeriod & { readonly segments: readonly string[]; readonly most: number },
  specs: ReadonlyMap<string, FeatureSpec>,
): Promise<Map<string, MergedProfiles>> {
  const rows = await store.query<MergedRow>(
    `SELECT p.segment AS segment, p.version AS version, p.feature AS feature, ${MERGED}
     FROM {database}.profile_parts AS p FINAL
     WHERE p.model = {model:String} AND p.segment IN {segments:Array(String)} AND p.baseline_id = {baseline:String}
       AND p.pane >= {from:DateTime64(3, 'UTC')} AND p.pane < {to:DateTime64(3, 'UTC')}
       AND p.version IN (
         SELECT version FROM {database}.profile_parts
         WHERE model = {model:String} AND segment IN {segments:Array(String)} AND baseline_id = {baseline:String}
           AND pane >= {from:DateTime64(3, 'UTC')} AND pane < {to:DateTime64(3, 'UTC')}
         GROUP BY version ORDER BY sum(n + missing + invalid) DESC, version LIMIT {most:UInt32}
       )
     GROUP BY segment, version, feature`,
    {
      most: about.most,
      model: about.model,
      segments: about.segments,
      baseline: about.baselineId,
      from: sqlTime(about.from),
      to: sqlTime(about.to),
    },
  );
  const segments = new Map<string, MergedProfiles>();
  for (const row of rows) {
    const spec = specs.get(row.feature);
    if (spec === undefined) continue;
    const versions = within(segments, row.segment);
    within(versions, row.version).set(row.feature, readProfile(spec, row));
  }
  return segments;
}

/** The map that stands under a key, a new one where there is none. */
function within<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const map = maps.get(key) ?? new Map<string, Value>();
  maps.set(key, map);
  return map;
}

function readProfile(spec: FeatureSpec, row: MergedRow): FeatureProfile {
  const profile = emptyProfile(spec);
  profile.n = row.n;
  profile.missing = row.missing;
  profile.invalid = row.invalid;
  profile.cells.set(row.cells);
  if (profile.kind === 'categorical') {
    const [keys, counts] = row.extra;
    for (const [i, key] of keys.entries()) profile.extra.set(key, counts[i] ?? 0);
    profile.other = row.other;
    profile.registers = Uint8Array.from(row.registers);
    return profile;
  }
  profile.sum = floatOf(row.sum);
  profile.sumSquares = floatOf(row.sum_sq);
  profile.min = row.min ?? Number.POSITIVE_INFINITY;
  profile.max = row.max ?? Number.NEGATIVE_INFINITY;
  profile.lowExcess = floatOf(row.low_excess);
  profile.highExcess = floatOf(row.high_excess);
  return profile;
}

/** The event time of the first pane of each version, and of its last; of one model, which costs little, or of all. */
export async function profiledPeriods(
  store: Store,
  model?: string,
): Promise<Array<{ model: string; version: string; first: Millis; last: Millis }>> {
  return store.query(
    `SELECT model, version, ${millisOf('min(pane)')} AS first, ${millisOf('max(pane)')} AS last
     FROM {database}.profile_parts WHERE segment = '' ${model === undefined ? '' : 'AND model = {model:String}'} GROUP BY model, version`,
    model === undefined ? {} : { model },
  );
}

/** The versions of a model that have panes in [from, to), in order. */
export async function profiledVersions(
  store: Store,
  { model, from, to }: { readonly model: string; readonly from: Millis; readonly to: Millis },
): Promise<string[]> {
  const rows = await store.query<{ version: string }>(
    `SELECT DISTINCT version FROM {database}.profile_parts
     WHERE model = {model:String} AND segment = '' AND pane >= {from:DateTime64(3, 'UTC')} AND pane < {to:DateTime64(3, 'UTC')}
     ORDER BY version`,
    { model, from: sqlTime(from), to: sqlTime(to) },
  );
  return rows.map(({ version }) => version);
}

/** Segments past this many are not looked at one by one. */
const MAX_SEGMENTS = 1_000;

/** The segments of a model that have panes in [from, to) under one baseline, in order of their names. */
export async function profiledSegments(
  store: Store,
  about: {
    readonly model: string;
    readonly baselineId: string;
    readonly from: Millis;
    readonly to: Millis;
  },
): Promise<string[]> {
  const rows = await store.query<{ segment: string }>(
    `SELECT DISTINCT segment FROM {database}.profile_parts
     WHERE model = {model:String} AND segment != '' AND baseline_id = {baseline:String}
       AND pane >= {from:DateTime64(3, 'UTC')} AND pane < {to:DateTime64(3, 'UTC')}
     ORDER BY segment LIMIT ${MAX_SEGMENTS}`,
    {
      model: about.model,
      baseline: about.baselineId,
      from: sqlTime(about.from),
      to: sqlTime(about.to),
    },
  );
  return rows.map(({ segment }) => segment);
}
