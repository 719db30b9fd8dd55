import { describe, expect, it } from 'vitest';
import { atOnce, type Steps } from '../../src/base/steps.ts';

describe('work in steps', () => {
  it('is done at once by whoever has no reason to wait, with the same result', () => {
    const done: number[] = [];
    function* work(): Steps<number> {
      for (const i of [1, 2, 3]) {
        done.push(i);
        yield;
      }
      return done.length;
    }
    expect(atOnce(work())).toBe(3);
    expect(done).toEqual([1, 2, 3]);
  });
});
