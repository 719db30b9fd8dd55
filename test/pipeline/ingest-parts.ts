import pino from 'pino';
import { Availability } from '../../src/base/availability.ts';
import type { Clock } from '../../src/base/clock.ts';
import { createDecoder, type Decoder } from '../../src/decode/decoder.ts';
import { DEFAULT_CHUNK_LIMITS } from '../../src/ingest/chunk.ts';
import { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import type { SendDeadLetters } from '../../src/pipeline/dead-letters.ts';
import { createIngest, type OpenPartition } from '../../src/pipeline/ingest.ts';
import { Learning } from '../../src/pipeline/learning.ts';
import type { ModelPolicies } from '../../src/pipeline/model-policy.ts';
import type { WorkerOptions } from '../../src/pipeline/worker-ports.ts';
import { listActivations, loadBaselines, saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { learningProgress, learningSample } from '../../src/store/learning-samples.ts';
import { createPatience } from '../../src/store/patience.ts';
import { createTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';
import { HOUR, MORNING } from '../support/events.ts';

export const decode: Decoder = createDecoder({
  maxBytes: 1_000_000,
  maxAge: 30 * 24 * HOUR,
  maxFuture: HOUR,
  mapping: undefined,
  knowsModel: () => true,
  positiveClass: () => undefined,
});

/** A day behind the events of the tests. */
const CLOCK: Clock = { now: () => MORNING + 24 * HOUR };
const BACKOFF = { base: 1, max: 5, random: () => 0.5 };

/** What one process has in memory for its ingest. A crash loses all of it, so each process of a test makes its own. */
export interface IngestProcess {
  readonly directory: BaselineDirectory;
  readonly learning: Learning;
  readonly open: OpenPartition;
  readonly telemetry: Telemetry;
}

export async function ingestProcess(
  store: Store,
  policies: ModelPolicies,
  options: Partial<WorkerOptions> & {
    readonly learnsInline?: boolean;
    readonly sendDeadLetters?: SendDeadLetters;
    readonly decode?: Decoder;
  } = {},
): Promise<IngestProcess> {
  const { learnsInline = false, sendDeadLetters, decode: ownDecode = decode, ...worker } = options;
  const telemetry = createTelemetry();
  const directory = new BaselineDirectory({
    listActivations: () => listActivations(store),
    loadBaselines: (ids) => loadBaselines(store, ids),
  });
  await directory.refresh();
  const learning = new Learning(directory, policies, {
    horizon: () => Number.POSITIVE_INFINITY,
    learningProgress: () => learningProgress(store),
    learningSample: (model, events) => learningSample(store, model, events),
    adopt: async (baseline, activation) => {
      await saveBaseline(store, baseline, 'learned');
      await saveActivation(store, activation);
    },
    onLearned: () => undefined,
    onOverflow: () => telemetry.overflow.inc({ bound: 'models' }),
  });
  const open = createIngest({
    clock: CLOCK,
    logger: pino({ level: 'silent' }),
    telemetry,
    store,
    patience: createPatience(new Availability('store', () => undefined), BACKOFF),
    decode: ownDecode,
    directory,
    policies,
    learning,
    sendDeadLetters,
    ...(learnsInline && {
      whileWaiting: async () => {
        await learning.learn();
      },
    }),
    options: {
      limits: { ...DEFAULT_CHUNK_LIMITS, maxRecords: 50 },
      allowedLateness: 120_000,
      sliceRecords: 7,
      ...worker,
    },
  });
  return { directory, learning, open, telemetry };
}
