import fc from 'fast-check';
import type { Histograms } from './histograms.ts';

const counts = (length: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.oneof(fc.constant(0), fc.nat(20), fc.nat(1_000_000)), { minLength: length, maxLength: length })
    .filter((cells) => cells.some((count) => count > 0));

/**
 * Two histograms over the same cells, neither of them empty, with many empty cells and sizes of all orders.
 */
export const histogramPair: fc.Arbitrary<Histograms> = fc
  .integer({ min: 1, max: 15 })
  .chain((length) => fc.record({ reference: counts(length), current: counts(length) }));
