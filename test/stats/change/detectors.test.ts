import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { DETECTORS, signalsOf } from './detectors.ts';

const bits = fc.array(fc.constantFrom(0, 1), { maxLength: 400 });

function bernoulli(seed: number, ...parts: ReadonlyArray<readonly [count: number, rate: number]>): number[] {
  const random = seededRandom(seed);
  return parts.flatMap(([count, rate]) => Array.from({ length: count }, () => (random() < rate ? 1 : 0)));
}

describe.each(Object.entries(DETECTORS))('%s', (name, make) => {
  const detector = make({});

  it('goes on exactly after its state went to JSON and back, wherever that was', () => {
    fc.assert(
      fc.property(bits, bits, fc.integer({ min: 1, max: 50 }), (calm, changed, every) => {
        const values = [...calm, ...changed.map(() => 1), ...calm];
        const stored = signalsOf(detector, values, (state, place) =>
          place % every === 0 ? JSON.parse(JSON.stringify(state)) : state,
        );
        expect(stored).toEqual(signalsOf(detector, values));
      }),
      { numRuns: 200 },
    );
  });

  it('leaves the state that it is given as it is', () => {
    const values = bernoulli(3, [500, 0.1], [500, 0.9]);
    expect(signalsOf(detector, values, deepFrozen)).toEqual(signalsOf(detector, values));
  });

  it('says nothing of a stream that is constant', () => {
    for (const x of [0, 1]) expect(signalsOf(detector, new Array<number>(5_000).fill(x))).toEqual([]);
  });

  it('tells of a rise of the error rate, and calls it one', () => {
    const signals = signalsOf(detector, bernoulli(5, [2_000, 0.1], [2_000, 0.5]));
    const rises = signals.filter(([place, signal]) => signal === 'increase' && place >= 2_000);
    expect(rises.length).toBeGreaterThan(0);
    expect(rises[0]?.[0]).toBeLessThan(2_400);
  });

  it('keeps a state that is small, however long the stream', () => {
    const state = bernoulli(7, [100_000, 0.2]).reduce<unknown>(
      (before, x) => detector.step(before, x).state,
      detector.start,
    );
    expect(JSON.stringify(state).length).toBeLessThan(8_000);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, which would stay in its state', (x) => {
    expect(() => detector.step(detector.start, x)).toThrow(RangeError);
  });

  it('is quiet in most streams that do not change', () => {
    const noisy = Array.from({ length: 20 }, (_, seed) =>
      signalsOf(detector, bernoulli(seed, [2_000, 0.3])).filter(([, signal]) => signal !== 'warning'),
    ).filter((signals) => signals.length > 0);
    // DDM compares with a minimum, and so errs most often.
    expect(noisy.length).toBeLessThanOrEqual(name === 'ddm' ? 10 : 1);
  });
});

describe('the direction of a change', () => {
  it('is told by ADWIN, while the others look for a rise only', () => {
    const better = bernoulli(11, [2_000, 0.5], [2_000, 0.1]);
    expect(signalsOf(DETECTORS['adwin']!({}), better).map(([, signal]) => signal)).toContain('decrease');
    expect(signalsOf(DETECTORS['page_hinkley']!({}), better)).toEqual([]);
  });

  it('has a warning before it, in DDM', () => {
    const signals = signalsOf(DETECTORS['ddm']!({}), bernoulli(5, [2_000, 0.1], [2_000, 0.3]));
    const change = signals.findIndex(([place, signal]) => signal === 'increase' && place >= 2_000);
    expect(signals[change - 1]?.[1]).toBe('warning');
  });

  it('wants errors and non-errors, in DDM', () => {
    const detector = DETECTORS['ddm']!({});
    expect(() => detector.step(detector.start, 0.5)).toThrow(RangeError);
  });
});

describe('ADWIN', () => {
  it('shrinks its window to what is new, whatever its buckets hold', () => {
    for (const max_buckets of [1, 2, 5, 20]) {
      const detector = DETECTORS['adwin']!({ max_buckets, clock: 1 });
      const signals = signalsOf(detector, bernoulli(13, [700, 0.05], [700, 0.9], [700, 0.05]));
      expect(signals.map(([, signal]) => signal)).toEqual(['increase', 'decrease']);
    }
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}
