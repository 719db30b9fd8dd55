/** A chunk as the store knows it: the last one of its partition that starts at or before an offset. */
export interface StoredChunk {
  readonly start: number;
  /** From where on the log was read to its start; null when that was not kept. */
  readonly readFrom: number | null;
  /** Offsets before readFrom that were lost before they were read. */
  readonly gap: number;
  /** The offset behind the last record that was flushed. */
  readonly end: number;
  readonly maxRecords: number;
}

/** How a chunk begins. */
export interface ChunkOrigin {
  readonly maxRecords: number;
  /** Everything from here to the start of the chunk was asked for and held no record: markers, or what compaction left. */
  readonly readFrom: number;
  /** Offsets before readFrom that are in no chunk, since the log had dropped them (or somebody passed them over). */
  readonly gap: number;
}

/** How to go on in a partition. */
export type ResumePoint =
  /** Open a chunk at the first record. A chunk that was begun before keeps the size it was begun with. */
  | (ChunkOrigin & { readonly action: 'read' })
  /** Commit `offset` and go on from there: what lies below is in the store, under a start that the log has lost. */
  | { readonly action: 'skip'; readonly offset: number };

/**
 * Decides how to go on when the log gives us a record at `first`.
 *
 * Usually `first` is the start of a chunk, known or new. When retention has eaten that start, reading goes on behind
 * what the store has, under a new start: nothing is counted twice, and what was lost unread is known as `gap`.
 *
 * @param fetched where reading was asked to begin, which is below `first` when markers of a transaction come first;
 *   undefined when it has come here without a break from the end of the chunk before.
 */
export function resumeAt(
  first: number,
  fetched: number | undefined,
  stored: StoredChunk | undefined,
  maxRecords: number,
): ResumePoint {
  if (stored === undefined) return { action: 'read', maxRecords, readFrom: fetched ?? first, gap: 0 };
  if (first === stored.start) {
    const { readFrom, gap } = stored;
    return { action: 'read', maxRecords: stored.maxRecords, readFrom: readFrom ?? fetched ?? first, gap };
  }
  if (first < stored.end) return { action: 'skip', offset: stored.end };
  const readFrom = Math.max(fetched ?? stored.end, stored.end);
  return { action: 'read', maxRecords, readFrom, gap: readFrom - stored.end };
}
