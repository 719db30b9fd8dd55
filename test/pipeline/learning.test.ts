import { describe, expect, it } from 'vitest';
import { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import { Learning } from '../../src/pipeline/learning.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import type { Activation } from '../../src/store/baselines.ts';
import { predictionWith } from '../metrics/full-path.ts';
import { MINUTE, MORNING } from '../support/events.ts';
import { POLICY } from '../support/open-chunks.ts';

const SAMPLE = Array.from({ length: 100 }, (_, i) =>
  predictionWith({ amount: i % 13 }, { timestamp: MORNING + i * MINUTE }),
);

/** A store with one complete sample. `onSample` is called when it is read. */
function learningFrom(onSample: () => void = () => undefined) {
  const baselines: Baseline[] = [];
  const activations: Activation[] = [];
  const directory = new BaselineDirectory({
    listActivations: async () => activations,
    loadBaselines: async () => new Map(baselines.map((baseline) => [baseline.id, () => baseline])),
  });
  const learning = new Learning(directory, () => ({ ...POLICY, learn: SAMPLE.length }), {
    horizon: () => Number.POSITIVE_INFINITY,
    learningProgress: async () => [{ model: 'fraud', events: SAMPLE.length }],
    learningSample: async () => {
      onSample();
      return { events: SAMPLE, until: MORNING + SAMPLE.length * MINUTE };
    },
    adopt: async (baseline, activation) => {
      baselines.push(baseline);
      activations.push(activation);
    },
    onLearned: () => undefined,
  });
  return { learning, baselines };
}

describe('learning', () => {
  it('makes one baseline of a sample, however many ask for it at a time', async () => {
    const { learning, baselines } = learningFrom();
    await Promise.all([learning.learn(), learning.learn(), learning.isSettled(new Set(['fraud']))]);
    expect(baselines.map(({ model, rows }) => [model, rows])).toEqual([['fraud', SAMPLE.length]]);
    expect(await learning.isSettled(new Set(['fraud']))).toBe(true);
  });

  it('adopts nothing once another instance may do so, and can begin anew', async () => {
    const controller = new AbortController();
    const { learning, baselines } = learningFrom(() => controller.abort(new Error('not ours any more')));
    await expect(learning.learn(controller.signal)).rejects.toThrow('not ours any more');
    expect(baselines).toEqual([]);
    await learning.learn();
    expect(baselines.length).toBe(1);
  });
});
