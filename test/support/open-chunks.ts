import type { PredictionEvent } from '../../src/event/events.ts';
import { Chunk, DEFAULT_CHUNK_LIMITS } from '../../src/ingest/chunk.ts';
import { changeDetectorPolicy } from '../../src/metrics/change-detector-options.ts';
import { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import { DEFAULT_LABELS, type ModelPolicy } from '../../src/pipeline/model-policy.ts';
import { type ChunkContext, DEFAULT_CHUNK_BOUNDS, OpenChunk } from '../../src/pipeline/open-chunk.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import { NOTHING_DECLARED } from '../../src/profile/feature-survey.ts';
import type { Activation } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { MINUTE } from './events.ts';

/** What the configuration says of a model by default, with labels. */
export const POLICY: ModelPolicy = {
  pane: 5 * MINUTE,
  learn: 5_000,
  labels: DEFAULT_LABELS,
  task: 'classification',
  positive: undefined,
  threshold: 0.5,
  changeDetectors: changeDetectorPolicy(),
  kinds: NOTHING_DECLARED,
  multivariate: true,
  segments: [],
};

/** A directory in which these baselines hold from the beginning of time, or from where `activations` say. */
export async function directoryOf(
  baselines: readonly Baseline[],
  activations: readonly Activation[] = baselines.map(activationOf),
): Promise<BaselineDirectory> {
  const directory = new BaselineDirectory({
    listActivations: async () => [...activations],
    loadBaselines: async () => new Map(baselines.map((baseline) => [baseline.id, () => baseline])),
  });
  await directory.refresh();
  return directory;
}

export function activationOf(baseline: Baseline): Activation {
  const { id: baselineId, model, version = '' } = baseline;
  return { model, version, appliesFrom: 0, baselineId, reason: 'test' };
}

export function chunkOf(
  directory: BaselineDirectory,
  change: Partial<ChunkContext> & { readonly start?: number } = {},
): OpenChunk {
  const { start = 0, ...context } = change;
  return new OpenChunk(new Chunk(start, DEFAULT_CHUNK_LIMITS), {
    topic: 'predictions',
    partition: 0,
    directory,
    policies: () => POLICY,
    bounds: DEFAULT_CHUNK_BOUNDS,
    wantsSample: () => false,
    onOverflow: () => undefined,
    ...context,
  });
}

/** Counts events as the next records of the chunk. */
export function takeAll(open: OpenChunk, events: readonly PredictionEvent[]): void {
  for (const value of events) {
    const offset = open.chunk.end;
    open.chunk.take(offset, value.timestamp);
    open.take({ offset, timestamp: value.timestamp, value: null }, { kind: 'ok', value });
  }
}

/** Writes what has changed, as a flush does. */
export async function drainInto(store: Store, open: OpenChunk): Promise<void> {
  for (const [table, rows] of open.drain()) await store.insert(table, rows);
}
