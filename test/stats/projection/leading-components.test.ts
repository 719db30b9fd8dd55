import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { leadingComponents } from '../../../src/stats/projection/leading-components.ts';
import { dot, principalComponents } from '../../../src/stats/projection/principal-components.ts';
import { rowsAlong } from './samples.ts';

describe('leading components', () => {
  it('are the first of all principal components, in a sample too large for all', () => {
    const rows = rowsAlong([9, 6, 4, 2.5, 1.5, 1, 0.7, 0.5], 260, 230, seededRandom(1));
    const whole = principalComponents(rows);
    const leading = leadingComponents(rows, 3, seededRandom(2));
    expect([...leading.mean]).toEqual([...whole.mean]);
    expect(leading.components.length).toBe(3);
    leading.components.forEach(({ vector, share }, i) => {
      expect(share).toBeCloseTo(whole.components[i]?.share ?? 0, 4);
      expect(dot(vector, whole.components[i]?.vector ?? vector)).toBeGreaterThan(0.999);
    });
  });

  it('are found in embeddings of 1 536 dimensions, where two directions stand out of the noise', () => {
    const noise = Array.from({ length: 60 }, () => 0.5);
    const rows = rowsAlong([6, 4, ...noise], 300, 1_536, seededRandom(3));
    const { components } = leadingComponents(rows, 3, seededRandom(4));
    const [first, second, third] = components.map(({ share }) => share);
    expect(first).toBeGreaterThan(0.4);
    expect(second).toBeGreaterThan(0.15);
    expect(third).toBeLessThan(0.05);
  });

  it('are exact in a small sample, and fewer where it varies in fewer directions', () => {
    const rows = rowsAlong([3, 1], 50, 8, seededRandom(5));
    expect(leadingComponents(rows, 1, seededRandom(6))).toEqual({
      ...principalComponents(rows),
      components: principalComponents(rows).components.slice(0, 1),
    });
    expect(leadingComponents(rows, 3, seededRandom(6)).components.length).toBe(2);
    const flat = rowsAlong([3, 1], 210, 210, seededRandom(7));
    expect(leadingComponents(flat, 3, seededRandom(8)).components.length).toBe(2);
    const constant = Array.from({ length: 210 }, () => new Float64Array(210).fill(0.1));
    expect(leadingComponents(constant, 3, seededRandom(9)).components).toEqual([]);
    expect(leadingComponents([], 3, seededRandom(9)).components).toEqual([]);
  });

  it('come out the same every time', () => {
    const rows = rowsAlong([3, 2, 1, 1, 1], 220, 210, seededRandom(10));
    expect(leadingComponents(rows, 3, seededRandom(1))).toEqual(leadingComponents(rows, 3, seededRandom(1)));
  });
});
