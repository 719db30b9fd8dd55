import { changeMethod, insideKafkajs } from './inside-kafkajs.ts';
import { type Codec, type PackedBatch, readBatches } from './record-batches.ts';

/** The newest version of the fetch request that kafkajs speaks: the one in use with all brokers since Kafka 2.3. */
const FETCH_VERSION = 11;

type Decode = (data: Buffer) => Promise<object>;

interface Codecs {
  readonly lookupCodecByAttributes: (attributes: number) => Codec | null;
}

/**
 * Makes kafkajs give record batches as they are, one for a message (see `PackedBatch`), since most of what it costs is to
 * make objects of each record. Old message formats and old brokers are read as before. For the whole process; may be
 * called any number of times.
 */
export function installFetchDecoder(): void {
  const file = `protocol/requests/fetch/v${FETCH_VERSION}/response.js`;
  changeMethod(insideKafkajs<object>(file), 'decode', decodingBatches);
}

function decodingBatches(decode: Decode): Decode {
  const codecs = insideKafkajs<Codecs>('protocol/message/compression/index.js');
  if (codecs === undefined) return decode;
  return async (data) => (await decodeFetch(data, codecs.lookupCodecByAttributes)) ?? decode(data);
}

interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly lastStartOffset: string;
  readonly abortedTransactions: ReadonlyArray<{ readonly producerId: string; readonly firstOffset: string }>;
  readonly preferredReadReplica: number;
  readonly messages: readonly PackedBatch[];
}

/** Decodes a fetch response of version 11. @returns undefined when there are messages in an old format. */
async function decodeFetch(
  data: Buffer,
  codecOf: (attributes: number) => Codec | null,
): Promise<object | undefined> {
  const reader = new Reader(data);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  const sessionId = reader.int32();
  const responses: object[] = [];
  for (let topics = reader.int32(); topics > 0; topics -= 1) {
    const topicName = reader.text();
    const partitions: FetchedPartition[] = [];
    for (let count = reader.int32(); count > 0; count -= 1) {
      const header = {
        partition: reader.int32(),
        errorCode: reader.int16(),
        highWatermark: reader.int64(),
        lastStableOffset: reader.int64(),
        lastStartOffset: reader.int64(),
        abortedTransactions: reader.list(() => ({
          producerId: reader.int64(),
          firstOffset: reader.int64(),
        })),
        preferredReadReplica: reader.int32(),
      };
      const messages = await readBatches(reader.bytes(), codecOf);
      if (messages === undefined) return undefined;
      partitions.push({ ...header, messages });
    }
    responses.push({ topicName, partitions });
  }
  // As kafkajs does: whoever is throttled waits on its own, and is not made to wait by the broker.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

/** Reads Kafka's primitive types one after the other. */
class Reader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  int16(): number {
    this.#at += 2;
    return this.#data.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#data.readInt32BE(this.#at - 4);
  }

  int64(): string {
    this.#at += 8;
    return this.#data.readBigInt64BE(this.#at - 8).toString();
  }

  text(): string {
    const length = this.int16();
    this.#at += length;
    return this.#data.toString('utf8', this.#at - length, this.#at);
  }

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let count = this.int32(); count > 0; count -= 1) items.push(read());
    return items;
  }

  bytes(): Buffer {
    const length = Math.max(0, this.int32());
    this.#at += length;
    return this.#data.subarray(this.#at - length, this.#at);
  }
}
