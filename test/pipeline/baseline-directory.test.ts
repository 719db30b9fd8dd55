import { describe, expect, it } from 'vitest';
import { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import { type Baseline, sealBaseline } from '../../src/profile/baseline.ts';
import type { Activation } from '../../src/store/baselines.ts';

function baselineOf(model: string, version?: string): Baseline {
  return sealBaseline({
    model,
    version,
    pane: 300_000,
    rows: 1,
    from: 0,
    to: 1,
    features: new Map(),
    derivations: [],
    performance: new Map(),
  });
}

/** A directory over a store, with a note of what was loaded and what was unpacked. */
function directoryOver(
  baselines: readonly Baseline[],
  activations: readonly Activation[],
  list = () => [...activations],
) {
  const loaded: string[][] = [];
  const unpacked: string[] = [];
  const directory = new BaselineDirectory({
    listActivations: async () => list(),
    loadBaselines: async (ids) => {
      loaded.push([...ids]);
      return new Map(
        baselines
          .filter(({ id }) => ids.includes(id))
          .map((baseline) => [
            baseline.id,
            () => {
              unpacked.push(baseline.model);
              return baseline;
            },
          ]),
      );
    },
  });
  return { directory, loaded, unpacked };
}

function activationOf({ id: baselineId, model, version = '' }: Baseline, appliesFrom = 0): Activation {
  return { model, version, appliesFrom, baselineId, reason: 'test' };
}

describe('BaselineDirectory', () => {
  it('unpacks a baseline when an event first needs it, and once', async () => {
    const [fraud, churn] = [baselineOf('fraud'), baselineOf('churn')];
    const { directory, unpacked } = directoryOver(
      [fraud, churn],
      [fraud, churn].map((b) => activationOf(b)),
    );
    await directory.refresh();
    expect(directory.models()).toEqual(['churn', 'fraud']);
    expect(directory.has('fraud')).toBe(true);
    expect(directory.inForce('fraud', 0).get('')?.baselineId).toBe(fraud.id);
    expect(unpacked).toEqual([]);
    expect(directory.unpacked).toBe(0);
    expect(directory.at('fraud', '1', 0)?.baseline).toBe(fraud);
    expect(directory.at('fraud', '2', 0)).toBe(directory.at('fraud', '1', 0));
    await directory.refresh();
    directory.at('fraud', '1', 0);
    expect(unpacked).toEqual(['fraud']);
    expect(directory.unpacked).toBe(1);
  });

  it('loads many baselines a few at a time, and each once', async () => {
    const baselines = Array.from({ length: 20 }, (_, i) => baselineOf(`model-${i}`));
    const activations = baselines.flatMap((baseline) => [activationOf(baseline), activationOf(baseline, 7)]);
    const { directory, loaded } = directoryOver(baselines, activations);
    await directory.refresh();
    expect(loaded.map((ids) => ids.length)).toEqual([8, 8, 4]);
    expect(directory.models()).toHaveLength(20);
    await directory.refresh();
    expect(loaded).toHaveLength(3);
  });

  it('asks again for a baseline that is not there yet', async () => {
    const fraud = baselineOf('fraud');
    const baselines: Baseline[] = [];
    const { directory } = directoryOver(baselines, [activationOf(fraud)]);
    await directory.refresh();
    expect(directory.has('fraud')).toBe(false);
    expect(directory.revision('fraud')).toBe(0);
    baselines.push(fraud);
    await directory.refresh();
    expect(directory.at('fraud', '1', 0)?.baseline).toBe(fraud);
    expect(directory.revision('fraud')).toBe(1);
  });

  it('makes nothing anew of the list that it was given before, unless a baseline of it was not there', async () => {
    const fraud = baselineOf('fraud');
    const list = [activationOf(fraud)];
    const baselines: Baseline[] = [];
    const { directory, loaded } = directoryOver(baselines, list, () => list);
    await directory.refresh();
    await directory.refresh();
    expect(loaded).toHaveLength(2);
    baselines.push(fraud);
    await directory.refresh();
    const entry = directory.activation('fraud', '1', 0);
    expect(entry?.active.baseline).toBe(fraud);
    await directory.refresh();
    expect(directory.activation('fraud', '1', 0)).toBe(entry);
  });

  it('prefers the baseline of a version to that of the model, and the newest that applies', async () => {
    const [all, seven, newer] = [baselineOf('fraud'), baselineOf('fraud', '7'), baselineOf('fraud', 'x')];
    const { directory } = directoryOver(
      [all, seven, newer],
      [activationOf(all), activationOf(seven, 100), { ...activationOf(newer, 200), version: '' }],
    );
    await directory.refresh();
    const found = (version: string, at: number) => directory.at('fraud', version, at)?.baseline;
    expect(found('7', 99)).toBe(all);
    expect(found('7', 300)).toBe(seven);
    expect(found('8', 199)).toBe(all);
    expect(found('8', 200)).toBe(newer);
    expect(directory.at('churn', '1', 0)).toBeUndefined();
  });

  it('counts a revision when the activations of a model change, and only then', async () => {
    const [fraud, churn] = [baselineOf('fraud'), baselineOf('churn')];
    const activations = [activationOf(fraud), activationOf(churn)];
    const { directory } = directoryOver([fraud, churn], activations);
    await directory.refresh();
    await directory.refresh();
    expect([directory.revision('fraud'), directory.revision('churn')]).toEqual([1, 1]);
    activations[0] = activationOf(fraud, 50);
    await directory.refresh();
    expect([directory.revision('fraud'), directory.revision('churn')]).toEqual([2, 1]);
  });
});
