import type { Store } from '../store/client.ts';
import type { Patience } from '../store/patience.ts';
import { type ProgressRow, saveProgress } from '../store/progress.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { inserts } from './insert-sizes.ts';
import { JointInserts } from './joint-inserts.ts';
import type { FlushRows } from './open-chunk.ts';

/**
 * Writes what chunks have counted: the rows first, the progress last. Progress is what watermarks read, so a window is
 * never evaluated before its counts are there. Any part may be written twice: rows are named by their chunk.
 */
export function createChunkWriter(store: Store, patience: Patience, telemetry: Telemetry) {
  const joint = new JointInserts(store);
  return async (rows: FlushRows, progress: ProgressRow, signal: AbortSignal): Promise<void> => {
    const observed = telemetry.flushSeconds.startTimer();
    const fill = async (table: string, all: readonly object[]): Promise<void> => {
      for (const part of inserts(table, all)) {
        await patience(() => joint.insert(table, part), signal);
        telemetry.flushedRows.inc({ table }, part.length);
      }
    };
    const { intake = [], ...others } = Object.fromEntries(rows);
    await Promise.all(Object.entries(others).map(([table, all]) => fill(table, all)));
    // The one table whose rows are not named by their chunk: whoever writes all of this again would count them twice.
    await fill('intake', intake);
    await patience(() => saveProgress(joint, progress), signal);
    observed();
    telemetry.flushes.inc();
  };
}
