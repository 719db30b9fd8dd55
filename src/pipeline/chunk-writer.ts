import type { Store } from '../store/client.ts';
import type { Patience } from '../store/patience.ts';
import { type ProgressRow, saveProgress } from '../store/progress.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { FlushRows } from './open-chunk.ts';

/** Rows in one insert: keeps the text of wide profile rows, and what the engine makes of it meanwhile, at a megabyte or two. */
const ROWS_PER_INSERT: Readonly<Record<string, number>> = { profile_parts: 250 };
const DEFAULT_ROWS = 20_000;

/**
 * Writes what a chunk has counted: the rows first, its progress last. Progress is what watermarks read, so a window is
 * never evaluated before its counts are there. Any part may be written twice: rows are named by their chunk.
 */
export function createChunkWriter(store: Store, patience: Patience, telemetry: Telemetry) {
  return async (rows: FlushRows, progress: ProgressRow, signal: AbortSignal): Promise<void> => {
    const observed = telemetry.flushSeconds.startTimer();
    for (const [table, all] of rows) {
      const size = ROWS_PER_INSERT[table] ?? DEFAULT_ROWS;
      for (let from = 0; from < all.length; from += size) {
        const part = all.slice(from, from + size);
        await patience(() => store.insert(table, part), signal);
        telemetry.flushedRows.inc({ table }, part.length);
      }
    }
    await patience(() => saveProgress(store, progress), signal);
    observed();
    telemetry.flushes.inc();
  };
}
