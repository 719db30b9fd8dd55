import type { WasmMemory } from '../base/wasm-memory.ts';

/** What stands at a place of a message, where there is anything. */
export const RAW_NUMBER = 1;
export const RAW_STRING = 2;
/** A string with escapes in it, so that its bytes are not its text. */
export const RAW_ESCAPED = 3;
export const RAW_TRUE = 4;
export const RAW_FALSE = 5;
export const RAW_NULL = 6;
/** An object, or a list. */
export const RAW_OTHER = 7;

/** Where a scanner leaves what it has read, by position: addresses in its memory. */
export interface RawAddresses {
  /** Words. */
  readonly stamps: number;
  /** Bytes. */
  readonly kinds: number;
  /** Doubles. */
  readonly numbers: number;
  /** Two words each. */
  readonly heads: number;
  /** Words. */
  readonly begins: number;
  readonly ends: number;
}

/**
 * The features of one event as they lie in its message, without an object made of them. They change with the next message
 * that is decoded, so whoever wants to keep them asks the event for `features`.
 */
export interface RawFeatures {
  /** Positions stay what they are for as long as this is the same. */
  readonly layout: object;
  /** Changes when a feature got a position that had none. */
  readonly revision: number;
  /** The position of a feature; -1 while no message had it. */
  position(feature: string): number;
  /** The position of the field `prediction`. */
  readonly predictionPosition: number;
  /** The memory that all of it lies in. */
  readonly memory: WasmMemory;
  readonly addresses: RawAddresses;
  /** By position: where this is `stamp`, the message has a value, and `kinds` says what: one of RAW_*. */
  readonly stamps: Int32Array;
  readonly stamp: number;
  readonly kinds: Uint8Array;
  /** By position, where the kind is RAW_NUMBER. Infinity where a double cannot hold it. */
  readonly numbers: Float64Array;
  /** The value at a position, as JSON.parse gives it; undefined where there is none, {} for an object. */
  valueAt(position: number): unknown;
}

/** What stands at a position: one of RAW_*, or 0 where the message has nothing there. */
export function rawKind(
  { stamps, stamp, kinds }: Pick<RawFeatures, 'stamps' | 'stamp' | 'kinds'>,
  position: number,
): number {
  return position >= 0 && stamps[position] === stamp ? (kinds[position] as number) : 0;
}
