import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { registerCodecs } from '../../../src/ingest/kafka/codecs/register-codecs.ts';
import { PackedList } from '../../../src/ingest/kafka/packed-list.ts';
import { readBatches } from '../../../src/ingest/kafka/record-batches.ts';

const require = createRequire(import.meta.url);
/** What kafkajs writes with, and reads with where it is left alone. */
const encodeBatch = require('kafkajs/src/protocol/recordBatch/v0/index.js').RecordBatch as (
  batch: object,
) => Promise<{ buffer: Buffer }>;
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (
  record: object,
) => unknown;
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (
  decoder: object,
) => Promise<{
  records: Array<{
    offset: string;
    timestamp: string;
    value: Buffer | null;
    key: Buffer | null;
    headers: Record<string, Buffer | Buffer[]>;
  }>;
}>;
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const { lookupCodecByAttributes } = require('kafkajs/src/protocol/message/compression/index.js') as {
  lookupCodecByAttributes: (attributes: number) => { decompress(packed: Buffer): Promise<Buffer> } | null;
};
const GZIP = 1;

async function batch(seed: number, count: number, compression = 0): Promise<Buffer> {
  const random = seededRandom(seed);
  const records = Array.from({ length: count }, (_, offsetDelta) =>
    encodeRecord({
      offsetDelta,
      timestampDelta: Math.floor(1e9 * (random() - 0.2)),
      key: random() < 0.5 ? null : Buffer.from('key'),
      value: random() < 0.1 ? null : Buffer.alloc(Math.floor(300 * random()), offsetDelta),
      headers:
        random() < 0.5
          ? {}
          : {
              name: Buffer.from('value'),
              many: [Buffer.from('a'), Buffer.from('b')],
            },
    }),
  );
  const { buffer } = await encodeBatch({
    compression,
    firstOffset: 5_000_000_000 + 1_000 * seed,
    firstTimestamp: 1.78e12,
    lastOffsetDelta: count - 1,
    records,
  });
  return buffer;
}

async function unpacked(
  bytes: Buffer,
  from = 0,
): Promise<Array<{ offset: number; timestamp: number; value: Buffer | null }>> {
  const batches = (await readBatches(bytes, lookupCodecByAttributes)) ?? [];
  const list = new PackedList(
    batches.map(({ records }) => records),
    from,
  );
  return Array.from({ length: list.length }, (_, i) => {
    const { offset, timestamp, value } = list.at(i) as {
      offset: number;
      timestamp: number;
      value: Buffer | null;
    };
    return { offset, timestamp, value };
  });
}

describe('a packed list', () => {
  it('gives keys and headers, too, where somebody asks for them', async () => {
    const bytes = await batch(8, 150);
    const { records } = await decodeBatch(new Decoder(bytes));
    const batches = (await readBatches(bytes, lookupCodecByAttributes)) ?? [];
    const list = new PackedList(
      batches.map((one) => one.records),
      0,
    );
    for (const [i, { key, headers }] of records.entries()) {
      const record = list.at(i);
      expect(record?.key).toEqual(key);
      expect(record?.headers).toEqual(headers);
    }
  });

  it('gives the records that kafkajs gives of the same bytes', async () => {
    registerCodecs();
    for (const compression of [0, GZIP]) {
      const bytes = await batch(7, 150, compression);
      const { records } = await decodeBatch(new Decoder(bytes));
      expect(records).toHaveLength(150);
      expect(await unpacked(bytes)).toEqual(
        records.map(({ offset, timestamp, value }) => ({
          offset: Number(offset),
          timestamp: Number(timestamp),
          value,
        })),
      );
    }
  });

  it('leaves out what lies before the wanted offset, and a batch that was cut off', async () => {
    const [first, second] = await Promise.all([batch(1, 20), batch(2, 20)]);
    const bytes = Buffer.concat([first, second]);
    expect((await unpacked(bytes, 5_000_001_015)).map(({ offset }) => offset)).toEqual([
      ...Array.from({ length: 5 }, (_, i) => 5_000_001_015 + i),
      ...Array.from({ length: 20 }, (_, i) => 5_000_002_000 + i),
    ]);
    expect(await unpacked(bytes.subarray(0, bytes.length - 1))).toHaveLength(20);
    expect(await unpacked(bytes.subarray(0, 30))).toHaveLength(0);
  });

  it('leaves messages of old formats to kafkajs', async () => {
    const bytes = await batch(3, 2);
    bytes[16] = 1;
    expect(await readBatches(bytes, lookupCodecByAttributes)).toBeUndefined();
  });
});
