import { describe, expect, it } from 'vitest';
import { centredMidranks } from '../../../src/stats/hypothesis/centred-midranks.ts';

describe('centredMidranks', () => {
  it('are the middles of the runs of tied ranks, from -0.5 to 0.5', () => {
    expect([...centredMidranks([1, 0, 2], [1, 0, 4], 8)]).toEqual([-0.375, -0.25, 0.125]);
  });

  it('are 0 for one cell', () => {
    expect([...centredMidranks([5], [9], 14)]).toEqual([0]);
  });
});
