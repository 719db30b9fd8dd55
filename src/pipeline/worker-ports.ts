import type { Clock, Millis } from '../base/clock.ts';
import type { Outcome } from '../base/outcome.ts';
import type { PackedBytes } from '../base/packed-bytes.ts';
import type { DriftdEvent, RejectReason } from '../event/events.ts';
import type { ChunkLimits } from '../ingest/chunk.ts';
import type { StoredChunk } from '../ingest/resume.ts';
import type { ProgressRow } from '../store/progress.ts';
import type { SendDeadLetters } from './dead-letters.ts';
import type { FlushRows } from './open-chunk.ts';

/** What a worker needs from the outside. Store calls retry until the lease's signal aborts. */
export interface WorkerPorts {
  readonly clock: Clock;
  readonly decode: (
    payload: Buffer | PackedBytes | null,
    recordTime: Millis | undefined,
  ) => Outcome<DriftdEvent, RejectReason>;
  readonly chunkAt: (offset: number, signal: AbortSignal) => Promise<StoredChunk | undefined>;
  /** Undefined where rejects go nowhere but to the store. */
  readonly sendDeadLetters?: SendDeadLetters;
  readonly write: (rows: FlushRows, progress: ProgressRow, signal: AbortSignal) => Promise<void>;
  /**
   * Asked when a chunk is full that had events without a baseline: resolves once it is known whether they stay without
   * one. Whether one has come meanwhile, the directory says.
   */
  readonly settleLearning: (models: ReadonlySet<string>, signal: AbortSignal) => Promise<void>;
  readonly observe: {
    readonly batch: (topic: string, partition: number, records: number, lag: number) => void;
    readonly outcome: (outcome: Outcome<DriftdEvent, RejectReason>) => void;
    readonly late: (topic: string) => void;
    readonly flushed: (progress: ProgressRow) => void;
    /** Offsets in [from, to) were lost before they were read. */
    readonly gap: (from: number, to: number) => void;
    readonly rewound: (topic: string, partition: number, offset: number) => void;
  };
}

export interface WorkerOptions {
  readonly limits: ChunkLimits;
  readonly allowedLateness: Millis;
  /** Records between two heartbeats and breaths of the event loop. There is one as well behind each baseline that was unpacked. */
  readonly sliceRecords: number;
  /** Rows that take more than this are flushed at once. */
  readonly maxPendingBytes: () => number;
}
