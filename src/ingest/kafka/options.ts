import { z } from 'zod';
import { durationSchema } from '../../base/duration-schema.ts';
import { tlsSchema } from '../../base/tls-options.ts';
import { saslSchema } from './sasl/options.ts';

const topicName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected a topic name: letters, digits, dots, underscores and dashes')
  .describe('Name of the topic.');

const atLeastOneSecond = durationSchema.refine((duration) => duration >= 1_000, 'expected at least 1s');

export const kafkaSchema = z
  .strictObject({
    brokers: z
      .array(z.string().regex(/^\S+:\d+$/, 'expected host:port'))
      .min(1)
      .describe('Bootstrap brokers, as host:port.'),
    client_id: z
      .string()
      .min(1)
      .default('driftd')
      .describe("Client id, as it shows in the brokers' logs and quotas."),
    group_id: z
      .string()
      .min(1)
      .default('driftd')
      .describe('Consumer group. Instances with the same group share the partitions.'),
    from: z
      .enum(['earliest', 'latest'])
      .default('earliest')
      .describe(
        'Where to begin in a topic that the group has never read. Partitions that are added later are read from their beginning.',
      ),
    tls: tlsSchema
      .optional()
      .describe('Speaks TLS with the brokers; {} is enough where Node knows who signed their certificates.'),
    sasl: saslSchema.optional(),
    session_timeout: atLeastOneSecond
      .prefault('15s')
      .describe(
        'An instance that the group has not heard of for this long has lost its partitions. Within limits that the brokers set: ' +
          '6 s to 30 min unless they say otherwise.',
      ),
    metadata_max_age: atLeastOneSecond
      .prefault('1m')
      .describe('How often the brokers are asked for partitions that were added to the topics.'),
    predictions: z.strictObject({ topic: topicName }).describe('The topic of predictions.'),
    labels: z
      .strictObject({ topic: topicName })
      .optional()
      .describe('The topic of labels (ground truth), when there is one.'),
    dead_letter: z
      .strictObject({
        topic: topicName,
        max_bytes: z
          .int()
          .min(0)
          .default(1_000_000)
          .describe(
            "Bytes of a key and of a value beyond which they are cut; the topic's max.message.bytes has to be larger.",
          ),
      })
      .optional()
      .describe('The topic that rejected records are sent to. It has to exist.'),
  })
  .superRefine(({ predictions, labels, dead_letter: letters }, context) => {
    if (letters === undefined || ![predictions.topic, labels?.topic].includes(letters.topic)) return;
    context.addIssue({
      code: 'custom',
      path: ['dead_letter', 'topic'],
      message: 'driftd reads this topic, so that what it rejects would come back for ever; name another one',
    });
  })
  .describe('The Kafka cluster that predictions and labels come from.');

export type KafkaOptions = z.infer<typeof kafkaSchema>;
