import type { Millis } from '../base/clock.ts';
import type { ChunkProfiles, ChunkProgress } from '../store/chunk-audit.ts';

/** What can be wrong with the chunks of a partition. A closed list. */
type FindingKind =
  /** Offsets in two chunks: counted twice. */
  | 'overlap'
  /** Offsets in no chunk, and nothing says why. */
  | 'gap'
  /** Offsets in no chunk, as driftd noticed when it came upon them. */
  | 'known_gap'
  /** Offsets in no chunk, which may have held records or not. */
  | 'hole'
  /** A chunk with more records than offsets, or more events than records. */
  | 'impossible_count'
  /** Profiles of a chunk that is not known. */
  | 'orphan_profiles'
  /** Profiles that count further than their chunk, which another one follows. */
  | 'profiles_beyond_chunk'
  /** A pane whose features count different numbers of events. */
  | 'torn_pane'
  /** A chunk whose profiles count other events than it read. */
  | 'wrong_count';

export interface Finding {
  readonly kind: FindingKind;
  /** False for what may be as it should. */
  readonly certain: boolean;
  readonly topic: string;
  readonly partition: number;
  /** Offsets in [from, to). */
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly action: string;
}

/** Rows are gone after 90 days, each table at its own pace; what is nearly as old is not compared. */
const COMPARED_FOR: Millis = 80 * 24 * 3_600_000;

const REPORT = 'this is a defect of driftd; please report it, with this output';

/**
 * Checks that the chunks of each partition follow on one another, and that profiles count what their chunks read.
 *
 * The newest chunk of a partition is in motion: its profiles are written before its progress, and it may be read again
 * after a crash or under a new baseline. So only those before it have to agree with their profiles.
 */
export function findFaults(
  chunks: readonly ChunkProgress[],
  profiles: readonly ChunkProfiles[],
  now: Millis,
): Finding[] {
  const partitions = new Map<string, { chunks: ChunkProgress[]; profiles: ChunkProfiles[] }>();
  const partitionOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }) => {
    const key = JSON.stringify([topic, partition]);
    const found = partitions.get(key) ?? { chunks: [], profiles: [] };
    partitions.set(key, found);
    return found;
  };
  for (const chunk of chunks) partitionOf(chunk).chunks.push(chunk);
  for (const profile of profiles) partitionOf(profile).profiles.push(profile);
  return [...partitions.values()].flatMap((partition) => [
    ...sequenceFaults(partition.chunks),
    ...partition.chunks.flatMap(countFaults),
    ...profileFaults(partition.chunks, partition.profiles, now),
  ]);
}

/** Faults between chunks, which come in the order of the log. */
function sequenceFaults(chunks: readonly ChunkProgress[]): Finding[] {
  const findings: Finding[] = [];
  let end: number | undefined;
  for (const chunk of chunks) {
    if (end !== undefined) findings.push(...boundaryFaults(end, chunk));
    end = Math.max(end ?? 0, chunk.end);
  }
  return findings;
}

function boundaryFaults(end: number, chunk: ChunkProgress): Finding[] {
  const { start, readFrom, gap } = chunk;
  if (start < end) {
    const to = Math.min(end, chunk.end);
    return [
      finding('overlap', chunk, start, to, {
        message: `the chunk at ${start} begins before the one in front of it ends: ${to - start} offsets are counted twice`,
        action: `compare the two in progress and profile_parts; ${REPORT}`,
      }),
    ];
  }
  if (readFrom === null) {
    if (start === end) return [];
    return [
      finding('hole', chunk, end, start, {
        certain: false,
        message: `${start - end} offsets are in no chunk; whether they held records was not kept when this was written`,
        action:
          'markers of transactions and compaction leave such holes; nothing to do where the topic has them',
      }),
    ];
  }
  const findings: Finding[] = [];
  const lostFrom = readFrom - gap;
  if (end < lostFrom) {
    findings.push(
      finding('gap', chunk, end, lostFrom, {
        message: `${lostFrom - end} offsets are in no chunk, and nothing says why`,
        action: `windows of their time lack what they held, unless a chunk was deleted from progress; ${REPORT}`,
      }),
    );
  }
  if (gap > 0) {
    findings.push(
      finding('known_gap', chunk, lostFrom, readFrom, {
        message: `${gap} offsets were lost: the log had dropped them before they were read, or the group was moved past them`,
        action: 'windows of their time lack what they held; keep the topic longer than driftd may be away',
      }),
    );
  }
  return findings;
}

function countFaults(chunk: ChunkProgress): Finding[] {
  const { start, end, records, predictions, labels, rejected } = chunk;
  if (records <= end - start && predictions + labels + rejected <= records) return [];
  return [
    finding('impossible_count', chunk, start, end, {
      message: `${end - start} offsets, ${records} records, ${predictions} predictions, ${labels} labels and ${rejected} rejects cannot be`,
      action: REPORT,
    }),
  ];
}

function profileFaults(
  chunks: readonly ChunkProgress[],
  profiles: readonly ChunkProfiles[],
  now: Millis,
): Finding[] {
  const newest = chunks.at(-1);
  // Where nothing is known of a partition, its first flush is on its way.
  if (newest === undefined) return [];
  const byStart = new Map(profiles.map((profile) => [profile.start, profile]));
  const known = new Set(chunks.map(({ start }) => start));
  const orphans = profiles.filter(
    ({ start, writtenAt }) => !known.has(start) && start < newest.end && isCompared(writtenAt, now),
  );
  return [
    ...orphans.map((profile) =>
      finding('orphan_profiles', profile, profile.start, profile.end, {
        message: `profiles of a chunk at ${profile.start} that progress does not know: what they count may be counted elsewhere, too`,
        action: `if other chunks cover these offsets, delete them: ALTER TABLE profile_parts DELETE WHERE topic = '${profile.topic}' AND partition = ${profile.partition} AND chunk_start = ${profile.start}`,
      }),
    ),
    ...chunks
      .slice(0, -1)
      .filter(({ writtenAt }) => isCompared(writtenAt, now))
      .flatMap((chunk) => settledFaults(chunk, byStart.get(chunk.start))),
  ];
}

function isCompared(writtenAt: Millis, now: Millis): boolean {
  return now - writtenAt < COMPARED_FOR;
}

/** What is wrong with the profiles of a chunk that is done. */
function settledFaults(chunk: ChunkProgress, profiles: ChunkProfiles | undefined): Finding[] {
  const { start, end, readFrom, predictions, unprofiled } = chunk;
  const { end: reached = end, torn = 0, events = 0, baselines = 0 } = profiles ?? {};
  const findings: Finding[] = [];
  if (reached > end) {
    findings.push(
      finding('profiles_beyond_chunk', chunk, end, reached, {
        message: `profiles of the chunk at ${start} count up to ${reached}, but it ends at ${end}: the next one counts ${reached - end} offsets again`,
        action: `a flush was cut off just before retention took the chunk's start, or ${REPORT}`,
      }),
    );
  }
  if (torn > 0) {
    findings.push(
      finding('torn_pane', chunk, start, end, {
        message: `in ${torn} panes of the chunk at ${start} features count different numbers of events`,
        action: REPORT,
      }),
    );
  }
  // What was counted again under another baseline left rows that nobody reads; what was read before it was kept is unknown.
  const decidable = readFrom !== null && baselines <= 1 && reached <= end && torn === 0;
  if (decidable && events !== predictions - unprofiled) {
    findings.push(
      finding('wrong_count', chunk, start, end, {
        message: `the chunk at ${start} has ${predictions - unprofiled} predictions to profile, and its profiles count ${events}`,
        action: REPORT,
      }),
    );
  }
  return findings;
}

function finding(
  kind: FindingKind,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  from: number,
  to: number,
  about: { readonly message: string; readonly action: string; readonly certain?: boolean },
): Finding {
  return { kind, certain: true, topic, partition, from, to, ...about };
}
