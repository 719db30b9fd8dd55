import { z } from 'zod';
import { durationSchema } from '../base/duration-schema.ts';
import { mappingSchema } from '../decode/mapping.ts';
import { isSegmentFeature, MAX_SEGMENT_FEATURES } from '../event/segments.ts';
import { kafkaSchema } from '../ingest/kafka/options.ts';
import { changeDetectorsSchema } from '../metrics/change-detector-options.ts';
import { notifyOptionsShape } from '../notify/receiver-options.ts';
import { storeSchema } from '../store/options.ts';

const count = z.int().min(1);

/** Addresses that end up in messages and logs must not carry a password there. */
const publicUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), 'must not contain a user or password');

/** The TTL of the tables predictions and labels. */
const LABELS_KEPT = 90 * 24 * 3_600_000;

const labelsSchema = z
  .strictObject({
    delay: durationSchema
      .prefault('0s')
      .describe(
        "How long after a prediction its label is expected. A window's performance is evaluated this much later.",
      ),
    horizon: durationSchema
      .refine((duration) => duration <= LABELS_KEPT, {
        error: 'must be 90d or shorter: predictions and labels are not kept longer',
      })
      .prefault('30d')
      .describe(
        'How long after its end the labels of a window may come. Until then its performance is computed anew when they do.',
      ),
    mature_coverage: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe(
        'The share of predictions with a label from which on a window is mature. Alerts about windows that are not say so, until horizon.',
      ),
  })
  .describe(
    'Present when the model gets labels: then its predictions are kept one by one until they are joined.',
  );

const segmentsSchema = z
  .array(
    z.string().refine(isSegmentFeature, {
      error: 'must be the name of a feature of 1 to 256 characters, without "=", "," and "\\"',
    }),
  )
  .max(MAX_SEGMENT_FEATURES)
  .refine((names) => new Set(names).size === names.length, 'must not name a feature twice')
  .default([])
  .describe(
    'Features by whose values, and those of each pair of them, the model is looked at in slices, such as country=DE.',
  );

const modelSchema = z.strictObject({
  task: z
    .enum(['classification', 'regression'])
    .default('classification')
    .describe('What the model answers with: classes or numbers.'),
  positive: z
    .string()
    .optional()
    .describe('The class that precision, recall and f1 are about, and whose probability is the score.'),
  threshold: z
    .number()
    .default(0.5)
    .describe('Where an event has a score and no prediction, it counts as positive from this score on.'),
  labels: labelsSchema.optional(),
  change_detectors: changeDetectorsSchema,
  pane: durationSchema
    .prefault('5m')
    .describe('Smallest interval of event time that is counted. Holds for baselines made from now on.'),
  learn: count.default(5_000).describe('Events from which a model without a baseline learns one.'),
  numeric: z
    .array(z.string())
    .default([])
    .describe('Features that are numeric whatever their values look like.'),
  categorical: z
    .array(z.string())
    .default([])
    .describe('Features that are categorical even when their values are numbers.'),
  text: z
    .array(z.string())
    .default([])
    .describe('Features that hold text: they are profiled by its length, words and symbols.'),
  embedding: z
    .array(z.string())
    .default([])
    .describe('Features that hold vectors of one length: they are profiled by length and direction.'),
  multivariate: z
    .boolean()
    .default(true)
    .describe('Whether all numeric features together are profiled as well, as the feature __multivariate__.'),
  segments: segmentsSchema,
});

const ingestSchema = z
  .strictObject({
    max_message_bytes: count
      .default(1_048_576)
      .describe('Longest message that is decoded; longer ones are rejected.'),
    max_age: durationSchema
      .prefault('30d')
      .describe('Events that are older than their record by more than this are rejected.'),
    max_future: durationSchema
      .prefault('1h')
      .describe('Events that are ahead of their record by more than this are rejected.'),
    allowed_lateness: durationSchema
      .prefault('2m')
      .describe(
        'How far the watermark stays behind the highest event time, to wait for events out of order.',
      ),
    idle_timeout: durationSchema
      .prefault('1m')
      .describe(
        'A partition that is read to its end and silent for this long does not hold evaluation back.',
      ),
    flush_interval: durationSchema
      .prefault('10s')
      .describe('How often open chunks are written to the store; also when a backlog has been read.'),
    chunk_records: count
      .max(1_000_000_000)
      .default(100_000)
      .describe('Records after which a chunk ends and its offset is committed: 1000000000 at most.'),
    max_models: count
      .default(1_000)
      .describe(
        'Models that may have a baseline before driftd learns no further one by itself, and models that learn at a time.',
      ),
    unknown_models: z
      .enum(['accept', 'reject'])
      .default('accept')
      .describe('What to do with events of models that are not listed under models.'),
    reject_limit: z
      .strictObject({
        share: z
          .number()
          .min(0)
          .max(1)
          .default(0.5)
          .describe('Share of the records of a topic; 1 is never exceeded, and turns this off.'),
        window: durationSchema.prefault('5m').describe('Of the last how much time, by the clock.'),
        records: count.default(100).describe('Fewer records than this in the window say nothing.'),
        severity: z.string().min(1).default('critical').describe('The label severity of the alert.'),
      })
      .prefault({})
      .describe(
        'When more of a topic is rejected than this, /readyz is red and the alert RejectedRecords fires.',
      ),
    mapping: mappingSchema.optional(),
  })
  .prefault({})
  .describe('How records become events.');

const httpSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(9464)
      .describe('Port for /livez, /readyz, /metrics and the API; 0 takes a free one.'),
    enable_lifecycle: z
      .boolean()
      .default(false)
      .describe(
        'Whether POST /-/reload reloads configuration and rules; whoever reaches the port may then ask for it.',
      ),
    external_url: publicUrl
      .optional()
      .describe('Where people reach this instance; used in links. Default: host and port.'),
  })
  .prefault({})
  .describe('The HTTP server.');

const modelsSchema = z
  .record(z.string(), modelSchema)
  .prefault({})
  .describe('What is known of single models, by name. Models that are not listed get the defaults.');

export const configSchema = z
  .strictObject({
    store: storeSchema.prefault({ path: './driftd-data' }),
    kafka: kafkaSchema.optional(),
    ingest: ingestSchema,
    models: modelsSchema,
    rules: z
      .array(z.string().min(1))
      .default(['rules/*.yaml'])
      .describe('Rule files, as globs; relative to this file.'),
    evaluation: z
      .strictObject({
        backfill: durationSchema
          .prefault('24h')
          .describe('How far back the first evaluation of a new rule group reaches.'),
      })
      .prefault({})
      .describe('How rules are evaluated.'),
    reload: z
      .strictObject({
        interval: durationSchema
          .prefault('10s')
          .describe(
            'How often this file and the rule files are looked at for changes; 0s is never. What has changed is in force after two looks.',
          ),
      })
      .prefault({})
      .describe('How changed files come into force without a restart.'),
    ...notifyOptionsShape,
    http: httpSchema,
    grafana: z
      .strictObject({ url: publicUrl.describe('Base URL of Grafana, such as https://grafana.example.com.') })
      .optional()
      .describe('Where the dashboards are; messages then link to them.'),
    log: z
      .strictObject({
        level: z
          .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
          .default('info')
          .describe('Least severe level that is logged.'),
      })
      .prefault({})
      .describe("driftd's own log, JSON lines on stderr."),
  })
  .describe('Configuration of driftd.');

export type Config = z.output<typeof configSchema>;
export type ModelConfig = z.output<typeof modelSchema>;
