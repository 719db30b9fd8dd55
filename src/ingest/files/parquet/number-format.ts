import type { SchemaElement } from 'hyparquet';

const DAY = 86_400_000;
const TWO_32 = 4_294_967_296;
/** 1970-01-01 as a Julian day number. */
const EPOCH_JULIAN_DAY = 2_440_588;

/** How numbers lie in a column. */
export interface NumberFormat {
  /** Instants become milliseconds since 1970. */
  readonly kind: 'numeric' | 'time';
  /** True for whole numbers of 64 bits: those beyond 2^53 come as an infinity. */
  readonly isInteger: boolean;
  /** Bytes of one. */
  readonly width: number;
  /** Reads `count` numbers into `target`. */
  readonly read: (bytes: Uint8Array, start: number, count: number, target: Float64Array, at: number) => void;
}

/** Undefined for a column that holds no numbers, and for decimals of any length. */
export function numberFormat(element: SchemaElement): NumberFormat | undefined {
  const { type, converted_type: converted, logical_type: logical } = element;
  const scale = decimalScale(element);
  switch (type) {
    case 'DOUBLE':
      return { kind: 'numeric', isInteger: false, width: 8, read: readDoubles };
    case 'FLOAT':
      return each('numeric', 4, (view, at) => view.getFloat32(at, true));
    case 'INT96':
      return each('time', 12, int96Time);
    case 'INT32': {
      if (converted === 'DATE' || logical?.type === 'DATE') {
        return each('time', 4, (view, at) => view.getInt32(at, true) * DAY);
      }
      if (scale > 0) return each('numeric', 4, (view, at) => view.getInt32(at, true) / 10 ** scale);
      return isUnsigned(element)
        ? each('numeric', 4, (view, at) => view.getUint32(at, true))
        : each('numeric', 4, (view, at) => view.getInt32(at, true));
    }
    case 'INT64': {
      const perMilli = ticksPerMilli(element);
      if (perMilli !== undefined) return each('time', 8, (view, at) => timeOf(view, at, perMilli));
      if (scale > 0) return each('numeric', 8, (view, at) => decimal(view.getBigInt64(at, true), scale));
      return isUnsigned(element)
        ? integers((view, at) => safe(view.getUint32(at + 4, true), view.getUint32(at, true)))
        : integers((view, at) => safe(view.getInt32(at + 4, true), view.getUint32(at, true)));
    }
    case 'FIXED_LEN_BYTE_ARRAY': {
      const width = element.type_length ?? 0;
      if (logical?.type === 'FLOAT16') return each('numeric', 2, float16);
      if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
        return each('numeric', width, (view, at) => decimal(bigEndian(view, at, width), scale));
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

function readDoubles(
  bytes: Uint8Array,
  start: number,
  count: number,
  target: Float64Array,
  at: number,
): void {
  if (start + 8 * count > bytes.length) throw new RangeError('a page ends before its values do');
  new Uint8Array(target.buffer, target.byteOffset + 8 * at, 8 * count).set(
    bytes.subarray(start, start + 8 * count),
  );
}

function each(
  kind: NumberFormat['kind'],
  width: number,
  valueAt: (view: DataView, at: number) => number,
): NumberFormat {
  return {
    kind,
    isInteger: false,
    width,
    read(bytes, start, count, target, at) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let i = 0; i < count; i += 1) target[at + i] = valueAt(view, start + i * width);
    },
  };
}

function integers(valueAt: (view: DataView, at: number) => number): NumberFormat {
  return { ...each('numeric', 8, valueAt), isInteger: true };
}

function decimalScale({ converted_type: converted, logical_type: logical, scale }: SchemaElement): number {
  if (logical?.type === 'DECIMAL') return logical.scale;
  return converted === 'DECIMAL' ? (scale ?? 0) : 0;
}

function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  if (logical?.type === 'INTEGER') return !logical.isSigned;
  return converted?.startsWith('UINT') ?? false;
}

function ticksPerMilli({
  converted_type: converted,
  logical_type: logical,
}: SchemaElement): number | undefined {
  if (logical?.type === 'TIMESTAMP') {
    return logical.unit === 'NANOS' ? 1_000_000 : logical.unit === 'MICROS' ? 1_000 : 1;
  }
  if (converted === 'TIMESTAMP_MICROS') return 1_000;
  return converted === 'TIMESTAMP_MILLIS' ? 1 : undefined;
}

/** high * 2^32 + low where a double can be sure of it. */
function safe(high: number, low: number): number {
  if (high >= 0x200000 || high < -0x200000) return high < 0 ? -Infinity : Infinity;
  return high * TWO_32 + low;
}

/** Divides before it adds up, since nanoseconds since 1970 are more than a double can count. */
function timeOf(view: DataView, at: number, perMilli: number): number {
  const high = view.getInt32(at + 4, true);
  const whole = Math.floor(high / perMilli);
  const rest = (high - whole * perMilli) * TWO_32 + view.getUint32(at, true);
  return whole * TWO_32 + Math.floor(rest / perMilli);
}

/** Nanoseconds of a day, and the Julian day. */
function int96Time(view: DataView, at: number): number {
  const nanos = view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
  return (view.getInt32(at + 8, true) - EPOCH_JULIAN_DAY) * DAY + Math.floor(nanos / 1_000_000);
}

function bigEndian(view: DataView, at: number, width: number): bigint {
  let value = 0n;
  for (let i = 0; i < width; i += 1) value = (value << 8n) | BigInt(view.getUint8(at + i));
  return BigInt.asIntN(8 * width, value);
}

/** The double that is nearest to unscaled / 10^scale. */
function decimal(unscaled: bigint, scale: number): number {
  const number = Number(unscaled);
  // One rounding where both are exact.
  return Number.isSafeInteger(number) && scale <= 22 ? number / 10 ** scale : Number(`${unscaled}e-${scale}`);
}

function float16(view: DataView, at: number): number {
  const bits = view.getUint16(at, true);
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
