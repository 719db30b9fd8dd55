import { describe, expect, it } from 'vitest';
import { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import { Learning, type LearningPorts } from '../../src/pipeline/learning.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import type { Activation } from '../../src/store/baselines.ts';
import { predictionWith } from '../metrics/full-path.ts';
import { baselineOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { directoryOf, POLICY } from '../support/open-chunks.ts';
import { pagesOf } from './sample-pages.ts';

const SAMPLE = Array.from({ length: 100 }, (_, i) =>
  predictionWith({ amount: i % 13 }, { timestamp: MORNING + i * MINUTE }),
);

/** A store with one complete sample. `onSample` is called when it is read. */
function learningFrom(onSample: () => void = () => undefined, known?: BaselineDirectory, maxModels?: number) {
  const baselines: Baseline[] = [];
  const activations: Activation[] = [];
  const directory =
    known ??
    new BaselineDirectory({
      listActivations: async () => [...activations],
      loadBaselines: async () => new Map(baselines.map((baseline) => [baseline.id, () => baseline])),
    });
  const ports: LearningPorts = {
    horizon: () => Number.POSITIVE_INFINITY,
    learningProgress: async () => [{ model: 'fraud', events: SAMPLE.length }],
    learningSample: async () => {
      onSample();
      return { pages: () => pagesOf(SAMPLE), until: MORNING + SAMPLE.length * MINUTE };
    },
    adopt: async (baseline, activation) => {
      baselines.push(baseline);
      activations.push(activation);
    },
    onLearned: () => undefined,
  };
  const learning = new Learning(directory, () => ({ ...POLICY, learn: SAMPLE.length }), ports, maxModels);
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

  it('takes samples of the models that are seen most, where more want to learn than may', async () => {
    const directory = await directoryOf([]);
    let refused = 0;
    const ports = {
      horizon: () => Number.POSITIVE_INFINITY,
      learningProgress: async () => [],
      learningSample: async () => undefined,
      adopt: async () => undefined,
      onLearned: () => undefined,
      onOverflow: () => {
        refused += 1;
      },
    };
    const learning = new Learning(directory, () => ({ ...POLICY, learn: 50 }), ports, 50);
    let taken = 0;
    for (let i = 0; i < 10_000; i += 1) {
      learning.wantsSample(`stray${i}`, 0);
      // Every tenth event is of a model that is real.
      if (i % 10 === 0 && learning.wantsSample('real', 0)) taken += 1;
    }
    expect(taken).toBeGreaterThan(700);
    expect(refused).toBeGreaterThan(9_900);
    expect(learning.isDue()).toBe(true);
  });

  it('ends for further models when as many have a baseline as may', async () => {
    const known = ['a', 'b'].map((model) => baselineOf([predictionOf({ model, features: { x: 1 } })]));
    const { learning, baselines } = learningFrom(undefined, await directoryOf(known), 2);
    expect(learning.wantsSample('fraud', 0)).toBe(false);
    await learning.learn();
    expect(baselines).toEqual([]);
    // Nothing is coming, so nobody has to wait for it.
    expect(await learning.isSettled(new Set(['fraud']))).toBe(true);
  });
});
