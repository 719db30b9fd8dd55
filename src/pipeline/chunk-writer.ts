import type { Store } from '../store/client.ts';
import type { Patience } from '../store/patience.ts';
import { type ProgressRow, saveProgress } from '../store/progress.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { FlushRows } from './open-chunk.ts';
import { rowBytes } from './pending-rows.ts';

/** An insert is one text, which several places hold while it is on its way; with what the engine makes of it, some megabytes. */
const PROFILES_PER_INSERT = 250;
const ROWS_PER_INSERT = 20_000;
const BYTES_PER_INSERT = 4_000_000;

/**
 * Writes what a chunk has counted: the rows first, its progress last. Progress is what watermarks read, so a window is
 * never evaluated before its counts are there. Any part may be written twice: rows are named by their chunk.
 */
export function createChunkWriter(store: Store, patience: Patience, telemetry: Telemetry) {
  return async (rows: FlushRows, progress: ProgressRow, signal: AbortSignal): Promise<void> => {
    const observed = telemetry.flushSeconds.startTimer();
    const fill = async (table: string, all: readonly object[]): Promise<void> => {
      for (const part of table === 'profile_parts' ? profileInserts(all) : inserts(all)) {
        await patience(() => store.insert(table, part), signal);
        telemetry.flushedRows.inc({ table }, part.length);
      }
    };
    const { intake = [], ...others } = Object.fromEntries(rows);
    await Promise.all(Object.entries(others).map(([table, all]) => fill(table, all)));
    // The one table whose rows are not named by their chunk: whoever writes all of this again would count them twice.
    await fill('intake', intake);
    await patience(() => saveProgress(store, progress), signal);
    observed();
    telemetry.flushes.inc();
  };
}

/** Profiles are of about one size, and have no texts to speak of. */
function* profileInserts(rows: readonly object[]): Generator<readonly object[]> {
  for (let from = 0; from < rows.length; from += PROFILES_PER_INSERT) {
    yield rows.slice(from, from + PROFILES_PER_INSERT);
  }
}

function* inserts(rows: readonly object[]): Generator<readonly object[]> {
  let part: object[] = [];
  let bytes = 0;
  for (const row of rows) {
    const more = rowBytes(row);
    if (part.length >= ROWS_PER_INSERT || (part.length > 0 && bytes + more > BYTES_PER_INSERT)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += more;
  }
  if (part.length > 0) yield part;
}
