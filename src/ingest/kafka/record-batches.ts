import { presenceOf } from './response-frames.ts';

/** What kafkajs knows of a batch's codec. */
export interface Codec {
  decompress(packed: Buffer): Promise<Buffer>;
}

/** One batch of the log. kafkajs takes it for one message, with the offset of its last record. */
export interface PackedBatch {
  readonly offset: string;
  readonly baseOffset: number;
  /** True for what nobody is given: markers of transactions, and batches that were taken back. */
  isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
  /** Its records, unpacked. */
  readonly records: PackedRecords;
}

/** Records of one batch as they lie in memory. */
export interface PackedRecords {
  readonly bytes: Buffer;
  readonly count: number;
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  /** When the broker took the batch, where the topic says that this is the time of its records. */
  readonly appendTime: number | undefined;
  /** False when other bytes lie in their place by now. */
  readonly isPresent: () => boolean;
}

const MAGIC = 2;
const MAGIC_AT = 16;
/** Bytes before the length says how many follow, and those that belong to no record. */
const PREFIX = 12;
const HEADER = 61;

const CODEC_MASK = 0x07;
const APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/**
 * Takes apart what a fetch brought of one partition, in the format that Kafka writes since 0.11 (magic 2). A batch that was cut off
 * at the end is left out: the next fetch brings it whole.
 *
 * @returns undefined when there are messages in an older format.
 * @see https://kafka.apache.org/documentation/#recordbatch
 */
export async function readBatches(
  bytes: Buffer,
  codecOf: (attributes: number) => Codec | null,
): Promise<PackedBatch[] | undefined> {
  const batches: PackedBatch[] = [];
  for (let at = 0; at + HEADER <= bytes.length; ) {
    if (bytes[at + MAGIC_AT] !== MAGIC) return undefined;
    const end = at + PREFIX + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    batches.push(await readBatch(bytes, at, end, codecOf));
    at = end;
  }
  return batches;
}

async function readBatch(
  bytes: Buffer,
  at: number,
  end: number,
  codecOf: (attributes: number) => Codec | null,
): Promise<PackedBatch> {
  const baseOffset = int64(bytes, at);
  const attributes = bytes.readInt16BE(at + 21);
  const codec = (attributes & CODEC_MASK) === 0 ? null : codecOf(attributes);
  const packed = bytes.subarray(at + HEADER, end);
  const isControlRecord = (attributes & CONTROL) !== 0;
  return {
    offset: String(baseOffset + bytes.readInt32BE(at + 23)),
    baseOffset,
    isControlRecord,
    batchContext: {
      producerId: bytes.readBigInt64BE(at + 43).toString(),
      inTransaction: (attributes & TRANSACTIONAL) !== 0,
    },
    records: {
      bytes: codec === null ? packed : await codec.decompress(packed),
      isPresent: codec === null ? presenceOf(packed) : () => true,
      count: bytes.readInt32BE(at + 57),
      baseOffset,
      baseTimestamp: int64(bytes, at + 27),
      appendTime: (attributes & APPEND_TIME) === 0 ? undefined : int64(bytes, at + 35),
    },
  };
}

function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}
