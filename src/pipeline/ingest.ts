import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { DriftdEvent } from '../event/events.ts';
import type { Lease } from '../ingest/record.ts';
import type { Store } from '../store/client.ts';
import type { Patience } from '../store/patience.ts';
import { chunkAt } from '../store/progress.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import { createChunkWriter } from './chunk-writer.ts';
import type { SendDeadLetters } from './dead-letters.ts';
import type { Learning } from './learning.ts';
import type { ModelPolicies } from './model-policy.ts';
import { DEFAULT_CHUNK_BOUNDS } from './open-chunk.ts';
import { OutcomeTally } from './outcome-tally.ts';
import { PartitionWorker } from './partition-worker.ts';
import type { WorkerOptions } from './worker-ports.ts';

export interface IngestParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly store: Store;
  readonly patience: Patience;
  readonly decode: Decoder;
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
  readonly learning: Learning;
  readonly options: Omit<WorkerOptions, 'maxPendingBytes'>;
  readonly sendDeadLetters?: SendDeadLetters | undefined;
  /** Called for each valid event, once for each time that it is read. */
  readonly onEvent?: (topic: string, event: DriftdEvent) => void;
  /** Called while a full chunk waits for a baseline; for a process where nobody else would make it. */
  readonly whileWaiting?: () => Promise<void>;
}

/** How often a full chunk looks whether the baseline that it waits for has been made. */
const SETTLE_PAUSE = 500;

/** Bytes of rows that wait for a flush: of all partitions together, and what each may have however many there are. */
const PENDING = 32 * 1024 * 1024;
const LEAST_PENDING = 2 * 1024 * 1024;

/** Makes the worker of a partition: log records in, rows of mergeable profiles out, exactly once. */
export type OpenPartition = (topic: string, partition: number, lease: Lease) => PartitionWorker;

export function createIngest(parts: IngestParts): OpenPartition {
  const { telemetry, store, patience, logger, learning } = parts;
  const write = createChunkWriter(store, patience, telemetry);
  /** Where the newest gap of a partition ends that was told: whoever begins a chunk anew comes upon its gap again. */
  const told = new Map<string, number>();
  const tellGap = (topic: string, partition: number, from: number, to: number): void => {
    const key = `${topic}/${partition}`;
    if (to <= (told.get(key) ?? 0)) return;
    told.set(key, to);
    telemetry.gapRecords.inc({ topic }, to - from);
    logger.error(
      { topic, partition, from, to, records: to - from },
      'the log dropped records before they were read; retention is shorter than the time driftd was away',
    );
  };
  let partitions = 0;
  const maxPendingBytes = (): number => Math.max(LEAST_PENDING, PENDING / partitions);
  return (topic, partition, lease) => {
    partitions += 1;
    const end = (): void => {
      partitions -= 1;
      // Another instance tells of it now.
      telemetry.partitionLag.remove({ topic, partition });
      telemetry.partitionOffset.remove({ topic, partition });
    };
    lease.signal.addEventListener('abort', end, { once: true });
    const tally = new OutcomeTally();
    const tell = (): void =>
      tally.drain({
        event: (kind, count) => telemetry.events.inc({ kind }, count),
        reject: (reason, count) => telemetry.rejects.inc({ topic, reason }, count),
        late: (count) => telemetry.lateEvents.inc({ topic }, count),
        overflow: (bound, count) => telemetry.overflow.inc({ bound }, count),
      });
    return new PartitionWorker(
      {
        topic,
        partition,
        directory: parts.directory,
        policies: parts.policies,
        bounds: DEFAULT_CHUNK_BOUNDS,
        wantsSample: (model, sampled) => learning.wantsSample(model, sampled),
        onOverflow: (bound) => tally.overflow(bound),
      },
      lease,
      {
        clock: parts.clock,
        decode: parts.decode,
        chunkAt: (offset, signal) => patience(() => chunkAt(store, topic, partition, offset), signal),
        write,
        ...(parts.sendDeadLetters && { sendDeadLetters: parts.sendDeadLetters }),
        settleLearning: async (models, signal) => {
          while (!(await patience(() => learning.isSettled(models), signal))) {
            await parts.whileWaiting?.();
            await sleep(SETTLE_PAUSE, undefined, { signal });
          }
        },
        observe: {
          batch: (_topic, _partition, records, lag) => {
            telemetry.records.inc({ topic }, records);
            telemetry.partitionLag.set({ topic, partition }, lag);
            tell();
          },
          outcome: (outcome) => {
            tally.add(outcome);
            if (outcome.kind === 'ok') parts.onEvent?.(topic, outcome.value);
          },
          late: () => {
            tally.late += 1;
          },
          flushed: ({ endOffset }) => {
            telemetry.partitionOffset.set({ topic, partition }, endOffset);
            tell();
          },
          gap: (from, to) => tellGap(topic, partition, from, to),
          rewound: (_topic, _partition, offset) => {
            telemetry.rewinds.inc();
            logger.info({ topic, partition, offset }, 'reading the open chunk again under a new baseline');
          },
        },
      },
      { ...parts.options, maxPendingBytes },
    );
  };
}
