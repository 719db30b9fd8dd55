import { murmurHash3 } from './murmur-hash-3.ts';

/** Bits of a hash that choose the register. */
const PRECISION = 10;
const REGISTERS = 2 ** PRECISION;
/** Bits of a hash of which the leading zeros are counted. */
const RANK_BITS = 32;

/** Relative standard error of an estimate: 1.04 / sqrt(1024), which is 3.25 %. Small counts are told more exactly. */
export const DISTINCT_STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

/** A HyperLogLog sketch that has seen nothing yet: 1024 registers of one byte. */
export function emptyRegisters(): Uint8Array {
  return new Uint8Array(REGISTERS);
}

/**
 * Shows a text to a sketch. A text that it has seen before changes nothing.
 *
 * One hash chooses the register, another gives the rank: the position of its first one bit, 1 to 33. A register keeps
 * the highest rank, which tells how many different texts must have come by.
 */
export function addToRegisters(registers: Uint8Array, text: string): void {
  const register = murmurHash3(text, 0) >>> (32 - PRECISION);
  const rank = Math.clz32(murmurHash3(text, 0x9747b28c)) + 1;
  if (rank > (registers[register] as number)) registers[register] = rank;
}

/** Makes `into` the sketch of the texts of both. */
export function mergeRegisters(into: Uint8Array, part: Uint8Array): void {
  for (let i = 0; i < into.length; i += 1) {
    if ((part[i] as number) > (into[i] as number)) into[i] = part[i] as number;
  }
}

/**
 * Number of different texts that a sketch has seen, from 0 to about 10^12. Relative standard error 3.25 %, less where
 * most registers are still empty (there it is linear counting); unbiased everywhere in between.
 *
 * The harmonic mean of the registers, alpha m^2 / sum 2^-M, with corrections for empty and for saturated registers.
 *
 * Reference: Flajolet, Fusy, Gandouet and Meunier, HyperLogLog (2007); the estimator is the one of Ertl, New
 * cardinality estimation algorithms for HyperLogLog sketches (2017), algorithm 6, which needs no table of biases.
 */
export function estimateDistinct(registers: Uint8Array): number {
  const multiplicity = new Uint32Array(RANK_BITS + 2);
  for (const rank of registers) multiplicity[rank]! += 1;
  const m = registers.length;
  const count = (rank: number): number => multiplicity[rank] as number;
  let sum = m * saturated(1 - count(RANK_BITS + 1) / m);
  for (let rank = RANK_BITS; rank >= 1; rank -= 1) sum = (sum + count(rank)) / 2;
  sum += m * untouched(count(0) / m);
  return m ** 2 / (2 * Math.LN2 * sum);
}

/** Ertl's sigma: x + sum over k >= 1 of x^(2^k) 2^(k-1). Infinite at 1, where every register is empty. */
function untouched(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let [power, weight, sum, before] = [share, 1, share, -1];
  while (sum !== before) {
    power *= power;
    before = sum;
    sum += power * weight;
    weight *= 2;
  }
  return sum;
}

/** Ertl's tau: (1 - x - sum over k >= 1 of (1 - x^(2^-k))^2 2^-k) / 3. */
function saturated(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [root, weight, sum, before] = [share, 1, 1 - share, -1];
  while (sum !== before) {
    root = Math.sqrt(root);
    before = sum;
    weight /= 2;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
