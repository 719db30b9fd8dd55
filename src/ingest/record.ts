import type { Millis } from '../base/clock.ts';
import type { PackedBytes } from '../base/packed-bytes.ts';

/** One entry of a log. */
export interface LogRecord {
  readonly offset: number;
  /** When the log took it; undefined for logs that do not say (files). */
  readonly timestamp: Millis | undefined;
  readonly value: Buffer | null;
  /** The value among those around it, where it lies so: cheaper to read than a buffer of its own. */
  readonly packed?: PackedBytes | undefined;
  readonly key?: Buffer | null;
  readonly headers?: RecordHeaders;
}

/** A name may stand there more than once. */
export type RecordHeaders = Readonly<
  Record<string, Buffer | string | ReadonlyArray<Buffer | string> | undefined>
>;

/** Records in order. Whoever keeps one copies it: the next call of `at` may give the same object again. */
export interface RecordList {
  readonly length: number;
  at(index: number): LogRecord | undefined;
}

/** Consecutive entries of one partition. */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: RecordList;
  /** Where the log was asked to go on; its first record may lie behind it. */
  readonly firstOffset: number;
  /** True when the log has dropped what came next, so that this does not follow on the batch before. */
  readonly afterGap?: boolean;
  /** The last entry that the log gave, counting those that are no records (control records). */
  readonly lastOffset: number;
  /** Entries that the log holds behind lastOffset. */
  readonly lag: number;
}

/** The right to work on a partition, for as long as the group leaves it to us. */
export interface Lease {
  /** Aborts when the partition is taken away or driftd stops. */
  readonly signal: AbortSignal;
  /** Tells the group that we are alive; throws when the partition was taken away. */
  heartbeat(): Promise<void>;
  /** Records that everything below `offset` is done. */
  commit(offset: number): Promise<void>;
  /** Makes the log give the partition again from `offset` on. */
  seek(offset: number): void;
}

/** Kafka writes -1 where a record has no timestamp. */
export function recordTime(timestamp: number): Millis | undefined {
  return timestamp < 0 ? undefined : timestamp;
}
