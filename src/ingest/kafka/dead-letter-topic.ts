import { Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import type { Logger } from 'pino';
import { DriftdError, messageOf } from '../../base/errors.ts';
import { kafkaClientConfig } from './client-config.ts';
import { bareDeadLetterMessage, type DeadLetter, deadLetterMessage, sizeOf } from './dead-letter.ts';
import { kafkaError, protocolErrors } from './kafka-errors.ts';
import type { KafkaOptions } from './options.ts';

export interface DeadLetterTopic {
  /** Fails when the topic is not there or may not be looked at. */
  check(): Promise<void>;
  /**
   * Produces letters; when this returns, the brokers have all of them. When it fails, they may have some.
   *
   * @returns how many were cut.
   */
  send(letters: readonly DeadLetter[]): Promise<number>;
  close(): Promise<void>;
}

/** Bytes in one request, which is one batch of each partition: topics take batches of a megabyte by default. */
const REQUEST_BYTES = 512 * 1024;
const REQUEST_TIMEOUT = 10_000;

/** What is wrong with single messages, and not with the topic. */
const OF_THE_MESSAGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_TIMESTAMP', 'INVALID_RECORD'];

/** Writes to the dead-letter topic. Connects when it is first asked to send. */
export function createDeadLetterTopic(
  options: KafkaOptions,
  { topic, max_bytes: maxBytes }: NonNullable<KafkaOptions['dead_letter']>,
  logger: Logger,
): DeadLetterTopic {
  const kafka = new Kafka(kafkaClientConfig(options, logger));
  let connected: Promise<Producer> | undefined;
  const producer = (): Promise<Producer> => {
    connected ??= connect(kafka).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
  const produce = async (messages: Message[]): Promise<void> => {
    await (await producer()).send({ topic, messages, acks: -1, timeout: REQUEST_TIMEOUT });
  };
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw deadLetterError(error, topic, options.brokers);
    }
  };
  return {
    check: () =>
      attempt(async () => {
        const admin = kafka.admin();
        try {
          await admin.connect();
          await admin.fetchTopicMetadata({ topics: [topic] });
        } finally {
          await admin.disconnect().catch(() => undefined);
        }
      }),
    send: (letters) =>
      attempt(async () => {
        let shortened = 0;
        for (const group of groupsOf(letters, maxBytes)) {
          try {
            await produce(group.map(({ message }) => message));
            shortened += group.filter(({ isCut }) => isCut).length;
          } catch (error) {
            if (!isOfTheMessage(error)) throw error;
            // One by one, since it may be about any of them.
            for (const ready of group) if (await produceSomehow(produce, ready)) shortened += 1;
          }
        }
        return shortened;
      }),
    close: async () => {
      await (await connected)?.disconnect().catch(() => undefined);
    },
  };
}

async function connect(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
}

/** @returns whether the topic has no more than the beginning of the letter. */
async function produceSomehow(
  produce: (messages: Message[]) => Promise<void>,
  { letter, message, isCut }: Ready,
): Promise<boolean> {
  try {
    await produce([message]);
    return isCut;
  } catch (error) {
    if (!isOfTheMessage(error)) throw error;
    await produce([bareDeadLetterMessage(letter)]);
    return true;
  }
}

function isOfTheMessage(error: unknown): boolean {
  return protocolErrors(error).some((type) => OF_THE_MESSAGE.includes(type));
}

interface Ready {
  readonly letter: DeadLetter;
  readonly message: Message;
  readonly isCut: boolean;
}

function* groupsOf(letters: readonly DeadLetter[], maxBytes: number): Generator<Ready[]> {
  let group: Ready[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const message = deadLetterMessage(letter, maxBytes);
    const size = sizeOf(message);
    if (group.length > 0 && bytes + size > REQUEST_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    const { key, value } = letter.record;
    group.push({ letter, message, isCut: Math.max(key?.length ?? 0, value?.length ?? 0) > maxBytes });
    bytes += size;
  }
  if (group.length > 0) yield group;
}

/** Retryable, unless waiting does not mend it: then driftd stops, since it would lose what it promised to keep. */
function deadLetterError(error: unknown, topic: string, brokers: readonly string[]): DriftdError {
  const types = protocolErrors(error);
  const fail = (message: string): DriftdError => new DriftdError('environment', message, { cause: error });
  if (types.includes('UNKNOWN_TOPIC_OR_PARTITION') || types.includes('INVALID_TOPIC_EXCEPTION')) {
    return fail(
      `the dead-letter topic ${topic} does not exist: create it, or leave kafka.dead_letter out of the configuration`,
    );
  }
  if (types.includes('TOPIC_AUTHORIZATION_FAILED')) {
    return fail(
      `Kafka refuses driftd the dead-letter topic ${topic}: its user needs WRITE and DESCRIBE on it`,
    );
  }
  if (isOfTheMessage(error)) {
    return fail(
      `the dead-letter topic ${topic} takes no dead letters: ${messageOf(error)}. Look at its configuration`,
    );
  }
  const { message, retryable } = kafkaError(error, brokers);
  return new DriftdError('environment', `dead letters wait for ${topic}: ${message}`, {
    cause: error,
    retryable,
  });
}
