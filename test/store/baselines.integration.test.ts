import { describe, expect, it } from 'vitest';
import { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import {
  type Activation,
  listActivations,
  listBaselines,
  loadBaseline,
  loadBaselines,
  saveActivation,
  saveBaseline,
} from '../../src/store/baselines.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const STRANGE = baselineOf(
  [1.5, -2, null, 1e200, 'seven'].map((amount, i) =>
    predictionOf({
      timestamp: MORNING + i,
      features: {
        amount,
        country: ['DE', "it's", '', '🐛', 'a\ud800'][i],
        ['__proto__']: i,
        constructor: true,
      },
      prediction: i % 2 === 0,
      score: i / 4,
    }),
  ),
  { performance: new Map([['accuracy', { value: 0.97, n: 5 }]]) },
);
const PLAIN = baselineOf([predictionOf({ features: { amount: 1 } })], { version: '7' });

function activationOf(change: Partial<Activation> = {}): Activation {
  return {
    model: 'fraud',
    version: '',
    appliesFrom: MORNING,
    baselineId: STRANGE.id,
    reason: 'test',
    ...change,
  };
}

describe.each(STORE_KINDS)('baselines in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('come back as they were, and keep their name', async () => {
    const store = await stores.fresh();
    await saveBaseline(store, STRANGE, 'file');
    await saveBaseline(store, PLAIN, 'learned');
    expect(await loadBaseline(store, STRANGE.id)).toEqual(STRANGE);
    expect(await loadBaseline(store, PLAIN.id)).toEqual(PLAIN);
    expect(await loadBaseline(store, 'ffff')).toBeUndefined();
  });

  it('are listed, once each, by model and by the beginning of their name', async () => {
    const store = await stores.fresh();
    await saveBaseline(store, STRANGE, 'file');
    await saveBaseline(store, STRANGE, 'file');
    await saveBaseline(store, PLAIN, 'learned');
    const all = await listBaselines(store);
    expect(all.map(({ id }) => id).sort()).toEqual([STRANGE.id, PLAIN.id].sort());
    expect(all.find(({ id }) => id === PLAIN.id)).toMatchObject({
      model: 'fraud',
      version: '7',
      origin: 'learned',
      rows: 1,
    });
    expect(await listBaselines(store, { model: 'churn' })).toEqual([]);
    const [found, ...more] = await listBaselines(store, {
      model: 'fraud',
      idPrefix: STRANGE.id.slice(0, 8),
    });
    expect(found?.id).toBe(STRANGE.id);
    expect(more).toEqual([]);
  });

  it('are activated from an instant on, and the newest activation of an instant holds', async () => {
    const store = await stores.fresh();
    await saveActivation(store, activationOf());
    await saveActivation(store, activationOf({ appliesFrom: MORNING + HOUR, baselineId: 'later' }));
    await saveActivation(store, activationOf({ version: '7', appliesFrom: MORNING + 1 }));
    await saveActivation(
      store,
      activationOf({ version: '7', appliesFrom: MORNING + 1, baselineId: 'better' }),
    );
    expect(await listActivations(store)).toEqual([
      activationOf(),
      activationOf({ appliesFrom: MORNING + HOUR, baselineId: 'later' }),
      activationOf({ version: '7', appliesFrom: MORNING + 1, baselineId: 'better' }),
    ]);
  });

  it('are found by a directory for the model, the version and the event time', async () => {
    const store = await stores.fresh();
    const directory = new BaselineDirectory({
      listActivations: () => listActivations(store),
      loadBaselines: (ids) => loadBaselines(store, ids),
    });
    await directory.refresh();
    expect(directory.models()).toEqual([]);
    await saveBaseline(store, STRANGE, 'file');
    await saveBaseline(store, PLAIN, 'file');
    await saveActivation(store, activationOf());
    await saveActivation(
      store,
      activationOf({ version: '7', baselineId: PLAIN.id, appliesFrom: MORNING + HOUR }),
    );
    await saveActivation(store, activationOf({ model: 'churn', baselineId: 'not there' }));

    await directory.refresh();

    const idAt = (version: string, instant: number) => directory.at('fraud', version, instant)?.baseline.id;
    expect(idAt('7', MORNING - 1)).toBeUndefined();
    expect(idAt('7', MORNING)).toBe(STRANGE.id);
    expect(idAt('7', MORNING + HOUR)).toBe(PLAIN.id);
    expect(idAt('8', MORNING + HOUR)).toBe(STRANGE.id);
    expect(directory.has('fraud')).toBe(true);
    expect(directory.has('churn')).toBe(false);
    expect(directory.models()).toEqual(['fraud']);
    expect(directory.revision('fraud')).toBe(1);
    await directory.refresh();
    expect(directory.revision('fraud')).toBe(1);
    await saveActivation(store, activationOf({ appliesFrom: MORNING + 2 * HOUR, baselineId: PLAIN.id }));
    await directory.refresh();
    expect(directory.revision('fraud')).toBe(2);
  });
});
