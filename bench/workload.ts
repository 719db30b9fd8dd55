import { createTraffic } from '../src/cli/demo/traffic.ts';
import { modelPolicies } from '../src/config/model-policies.ts';
import { configSchema } from '../src/config/schema.ts';
import { createDecoder, type Decoder } from '../src/decode/decoder.ts';
import type { LogRecord } from '../src/ingest/record.ts';
import { BaselineDirectory } from '../src/pipeline/baseline-directory.ts';
import { createBaseline } from '../src/pipeline/create-baseline.ts';
import type { ModelPolicies } from '../src/pipeline/model-policy.ts';

const REFERENCE_ROWS = 20_000;

/** What a configuration says that says nothing: no labels, so no prediction is kept one by one. */
const policies = modelPolicies(configSchema.parse({}));

export interface Workload {
  readonly records: readonly LogRecord[];
  readonly bytesPerEvent: number;
  readonly featuresPerEvent: number;
  readonly decode: Decoder;
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
}

/** A seeded day of the demo's fraud model in memory, as records of a log, with a baseline of the day before. */
export async function createWorkload(events: number): Promise<Workload> {
  const traffic = createTraffic({ count: events });
  const records: LogRecord[] = [];
  for (const { topic, timestamp, value } of traffic.events()) {
    if (topic === 'predictions')
      records.push({ offset: records.length, timestamp, value: Buffer.from(value) });
  }
  const { baseline } = await createBaseline(
    async function* () {
      for (const value of traffic.reference(REFERENCE_ROWS)) {
        yield { place: 'the day before', outcome: { kind: 'ok', value } as const };
      }
    },
    { model: 'fraud', version: undefined, policy: policies('fraud') },
  );
  const directory = new BaselineDirectory({
    listActivations: async () => [
      { model: 'fraud', version: '', appliesFrom: 0, baselineId: baseline.id, reason: 'bench' },
    ],
    loadBaselines: async () => new Map([[baseline.id, () => baseline]]),
  });
  await directory.refresh();
  const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  return {
    records,
    bytesPerEvent: Math.round(bytes / records.length),
    // The two outputs of the model are profiled as well.
    featuresPerEvent: baseline.features.size - 2,
    decode: createDecoder({
      maxBytes: 1_048_576,
      maxAge: 86_400_000,
      maxFuture: 86_400_000,
      mapping: undefined,
      knowsModel: () => true,
      positiveClass: () => 'fraud',
    }),
    directory,
    policies,
  };
}
