import type { Millis } from '../base/clock.ts';
import type { PartitionProgress } from '../store/progress.ts';

export interface WatermarkOptions {
  readonly allowedLateness: Millis;
  /** A partition that is read to its end and has had nothing new for this long does not hold the rest back. */
  readonly idleTimeout: Millis;
}

/**
 * The event time up to which windows may be evaluated, from what is flushed: the least, over partitions, of the highest
 * event time less the allowed lateness. Idle partitions do not count; when all are idle, time goes on with the clock,
 * so that a model that has fallen silent is noticed. Events that are ahead of the clock do not take it along.
 *
 * @returns undefined while nothing is known.
 */
export function watermark(
  partitions: readonly PartitionProgress[],
  now: Millis,
  options: WatermarkOptions,
): Millis | undefined {
  if (partitions.length === 0) return undefined;
  const busy = partitions.filter((partition) => !isIdle(partition, now, options) && !isMute(partition));
  return Math.min(now, ...busy.map((partition) => partition.maxEventTime)) - options.allowedLateness;
}

/**
 * The event time that a partition has reached. Where nothing but rejects comes, that is when it was last read to its end: a
 * producer whose events cannot be read any more must not hold the windows back, since then nobody would notice.
 */
export function reachedBy(
  { caughtUp, activeAt, flushedAt, maxEventTime }: PartitionProgress,
  { idleTimeout }: WatermarkOptions,
): Millis {
  return caughtUp && flushedAt - activeAt >= idleTimeout ? Math.max(maxEventTime, flushedAt) : maxEventTime;
}

/** A partition that is read to its end and never had a valid event says nothing of the time. */
function isMute(partition: PartitionProgress): boolean {
  return partition.caughtUp && partition.maxEventTime === 0;
}

function isIdle(partition: PartitionProgress, now: Millis, options: WatermarkOptions): boolean {
  return partition.caughtUp && now - partition.activeAt >= options.idleTimeout;
}

/**
 * True when labels up to `instant` are in the store: every label partition is read as far as it has to be, or has passed
 * the instant. (Labels may be stamped long before they are sent, so a slow-stamped topic must not hold windows back.)
 *
 * @param isRead whether a partition is stored up to where its log ended when the instant was due, or later.
 */
export function labelsReached(
  partitions: readonly PartitionProgress[],
  instant: Millis,
  lateness: Millis,
  isRead: (partition: PartitionProgress) => boolean,
): boolean {
  return partitions.every((partition) => isRead(partition) || partition.maxEventTime - lateness >= instant);
}
