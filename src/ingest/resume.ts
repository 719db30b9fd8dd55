/** A chunk as the store knows it: the last one of its partition that starts at or before an offset. */
export interface StoredChunk {
  readonly start: number;
  /** The offset behind the last record that was flushed. */
  readonly end: number;
  readonly maxRecords: number;
}

/** How to go on in a partition. */
export type ResumePoint =
  /** Open a chunk at the first record. A chunk that was begun before keeps the size it was begun with. */
  | { readonly action: 'read'; readonly maxRecords: number; readonly gap: number }
  /** Commit `offset` and go on from there: what lies below is in the store, under a start that the log has lost. */
  | { readonly action: 'skip'; readonly offset: number };

/**
 * Decides how to go on when the log gives us a record at `first`.
 *
 * Usually `first` is the start of a chunk, known or new. When retention has eaten that start, reading goes on behind
 * what the store has, under a new start: nothing is counted twice, and what was lost unread is known as `gap`.
 *
 * @param fetched the offset of the first entry that the log still has, which is below `first` when control records
 *   of a transaction come first.
 */
export function resumeAt(
  first: number,
  fetched: number,
  stored: StoredChunk | undefined,
  maxRecords: number,
): ResumePoint {
  if (stored === undefined) return { action: 'read', maxRecords, gap: 0 };
  if (first === stored.start) return { action: 'read', maxRecords: stored.maxRecords, gap: 0 };
  if (first < stored.end) return { action: 'skip', offset: stored.end };
  return { action: 'read', maxRecords, gap: Math.max(0, fetched - stored.end) };
}
