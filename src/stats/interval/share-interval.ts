import { type ConfidenceInterval, Z_95 } from './confidence-interval.ts';
import { exactShareInterval } from './exact-share-interval.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** The interval of a share: Wilson's by itself, and the exact one where several have to hold together, which takes its far tails. */
export function shareInterval(successes: number, n: number, z: number): ConfidenceInterval {
  return z > Z_95 ? exactShareInterval(successes, n, z) : wilsonInterval(successes, n, z);
}
