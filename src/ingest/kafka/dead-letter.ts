import type { Message } from 'kafkajs';
import type { LogRecord } from '../record.ts';

/** A record that was rejected, with where it stood and why. */
export interface DeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly record: LogRecord;
  readonly reason: string;
  readonly detail: string;
}

/** The headers that a dead letter has besides those of the record itself. */
export const DEAD_LETTER_HEADERS = {
  topic: '__driftd.errors.topic',
  partition: '__driftd.errors.partition',
  offset: '__driftd.errors.offset',
  reason: '__driftd.errors.reason',
  detail: '__driftd.errors.detail',
  timestamp: '__driftd.errors.timestamp',
  size: '__driftd.errors.value.size',
} as const;

/** Bytes of the record's own headers, names included, beyond which they are left out. */
const OWN_HEADERS_LIMIT = 16_384;

/** Bytes of the value of a dead letter that the topic did not take otherwise. */
const BARE_BYTES = 1_024;

/**
 * A dead letter as a message: the record's key, value, headers and timestamp, and headers that say where it stood and what
 * was wrong with it. A key or a value of more than `maxBytes` is cut.
 */
export function deadLetterMessage(letter: DeadLetter, maxBytes: number): Message {
  const { topic, partition, reason, detail } = letter;
  const { offset, timestamp, key, value } = letter.record;
  return {
    key: cut(key, maxBytes),
    value: cut(value, maxBytes),
    ...(isInstant(timestamp) && { timestamp: String(timestamp) }),
    headers: {
      ...ownHeaders(letter.record),
      [DEAD_LETTER_HEADERS.topic]: topic,
      [DEAD_LETTER_HEADERS.partition]: String(partition),
      [DEAD_LETTER_HEADERS.offset]: String(offset),
      [DEAD_LETTER_HEADERS.reason]: reason,
      [DEAD_LETTER_HEADERS.detail]: detail.toWellFormed(),
      ...(timestamp !== undefined && { [DEAD_LETTER_HEADERS.timestamp]: String(timestamp) }),
      [DEAD_LETTER_HEADERS.size]: String(value?.length ?? 0),
    },
  };
}

/** The same for a topic that refuses it for its size, its headers or its timestamp. */
export function bareDeadLetterMessage(letter: DeadLetter): Message {
  const { headers: _, ...record } = letter.record;
  const { timestamp: __, ...message } = deadLetterMessage({ ...letter, record }, BARE_BYTES);
  return message;
}

/** About how many bytes a message takes in a batch. */
export function sizeOf({ key, value, headers = {} }: Message): number {
  return 64 + (key?.length ?? 0) + (value?.length ?? 0) + headersSize(headers);
}

function cut(bytes: Buffer | null | undefined, limit: number): Buffer | null {
  return bytes?.subarray(0, limit) ?? null;
}

/** Kafka writes -1 where a record has no timestamp. */
function isInstant(timestamp: number | undefined): boolean {
  return timestamp !== undefined && timestamp >= 0;
}

function ownHeaders({ headers = {} }: LogRecord): NonNullable<Message['headers']> {
  const own = headers as NonNullable<Message['headers']>;
  return headersSize(own) > OWN_HEADERS_LIMIT ? {} : own;
}

function headersSize(headers: NonNullable<Message['headers']>): number {
  let size = 0;
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) size += name.length + 8 + (one?.length ?? 0);
  }
  return size;
}
