import type { ParquetType } from 'hyparquet';
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';

/** The values of a page in one of the rarer encodings, as the encoding PLAIN would have them. */
export function plainBytes(
  bytes: Uint8Array,
  encoding: string,
  type: ParquetType,
  count: number,
  typeLength: number | undefined,
): Uint8Array {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  if (count === 0) return new Uint8Array(0);
  switch (encoding) {
    case 'DELTA_BINARY_PACKED': {
      const values = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
      deltaBinaryUnpack(reader, count, values);
      return new Uint8Array(values.buffer);
    }
    case 'BYTE_STREAM_SPLIT': {
      const values = byteStreamSplit(reader, count, type, typeLength);
      return ArrayBuffer.isView(values)
        ? new Uint8Array(values.buffer)
        : Buffer.concat(values as Uint8Array[]);
    }
    case 'DELTA_LENGTH_BYTE_ARRAY':
    case 'DELTA_BYTE_ARRAY': {
      const values: Uint8Array[] = new Array(count);
      if (encoding === 'DELTA_BYTE_ARRAY') deltaByteArray(reader, count, values);
      else deltaLengthByteArray(reader, count, values);
      return type === 'BYTE_ARRAY' ? withLengths(values) : Buffer.concat(values);
    }
    default:
      throw new Error(`the encoding ${encoding} is not known`);
  }
}

function withLengths(values: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.alloc(values.reduce((sum, value) => sum + 4 + value.length, 0));
  let at = 0;
  for (const value of values) {
    bytes.writeUInt32LE(value.length, at);
    bytes.set(value, at + 4);
    at += 4 + value.length;
  }
  return bytes;
}
