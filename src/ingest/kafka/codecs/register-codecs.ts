import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
// Whole, since Node finds only the first few of its names one by one.
import kafkajs from 'kafkajs';
import { DriftdError } from '../../../base/errors.ts';
import { unpackLz4Frame } from './lz4-frame.ts';
import { MAX_UNPACKED } from './max-unpacked.ts';
import { unpackSnappy } from './snappy.ts';
import { unpackZstd } from './zstd.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

const unpackGzip = promisify(unzip) as (
  packed: Buffer,
  options: { maxOutputLength: number },
) => Promise<Buffer>;

type Packed = keyof typeof CompressionCodecs;

const CODECS: ReadonlyArray<readonly [type: Packed, unpack: (packed: Buffer) => Buffer]> = [
  [CompressionTypes.Snappy, unpackSnappy],
  [CompressionTypes.LZ4, unpackLz4Frame],
  [CompressionTypes.ZSTD, unpackZstd],
];

/**
 * Teaches kafkajs to read batches of snappy, LZ4 and zstd; it knows gzip alone, and unpacks that without end. An unknown
 * codec ends its consumer.
 * May be called any number of times: kafkajs keeps its codecs in one place for the whole process.
 */
export function registerCodecs(): void {
  for (const [type, unpack] of CODECS) {
    CompressionCodecs[type] = () => ({
      decompress: async (packed: Buffer) => unpack(packed),
      compress: () => {
        throw new DriftdError('defect', 'driftd does not write compressed batches');
      },
    });
  }
  const gzip = CompressionCodecs[CompressionTypes.GZIP]();
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    ...gzip,
    decompress: (packed: Buffer) => unpackGzip(packed, { maxOutputLength: MAX_UNPACKED }),
  });
}
