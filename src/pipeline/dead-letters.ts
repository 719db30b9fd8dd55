import type { DeadLetter } from '../ingest/kafka/dead-letter.ts';
import type { LogRecord } from '../ingest/record.ts';

/** Gives letters to the dead-letter topic; retries until they are there, or the signal aborts. */
export type SendDeadLetters = (letters: readonly DeadLetter[], signal: AbortSignal) => Promise<void>;

/**
 * The rejects of one partition on their way to the dead-letter topic.
 *
 * They are sent before the progress that covers them is stored, and so before their offset is committed. What lies below
 * stored progress has been sent; whatever is read again from behind it is sent again.
 */
export class DeadLetters {
  readonly #topic: string;
  readonly #partition: number;
  readonly #send: SendDeadLetters;
  /** Records below this have been sent. */
  #from = 0;
  #waiting: DeadLetter[] = [];

  constructor(topic: string, partition: number, send: SendDeadLetters) {
    this.#topic = topic;
    this.#partition = partition;
    this.#send = send;
  }

  /** Told of stored progress. */
  skipBelow(offset: number): void {
    this.#from = Math.max(this.#from, offset);
  }

  take(record: LogRecord, reason: string, detail: string): void {
    if (record.offset < this.#from) return;
    const { offset, timestamp, value, key = null, headers = {} } = record;
    const kept = { offset, timestamp, value, key, headers };
    this.#waiting.push({ topic: this.#topic, partition: this.#partition, record: kept, reason, detail });
  }

  /** Called at the end of each batch, so that no more than its own records are held. */
  async send(signal: AbortSignal): Promise<void> {
    const last = this.#waiting.at(-1);
    if (last === undefined) return;
    await this.#send(this.#waiting, signal);
    this.#waiting = [];
    this.skipBelow(last.record.offset + 1);
  }
}
