import { describe, expect, it } from 'vitest';
import { newestEvaluations, saveEvaluation } from '../../src/store/evaluations.ts';
import { HOUR, MORNING } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

describe.each(STORE_KINDS)('evaluations in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('are known by the newest instant of each group', async () => {
    const store = await stores.fresh();
    expect(await newestEvaluations(store)).toEqual([]);
    const outcome = JSON.stringify({ text: "it's\n🐛", list: [1.5, null] });
    await saveEvaluation(store, { ruleGroup: 'inputs', instant: MORNING + 2 * HOUR, outcome });
    await saveEvaluation(store, { ruleGroup: 'inputs', instant: MORNING + HOUR, outcome: 'older' });
    await saveEvaluation(store, { ruleGroup: 'performance', instant: MORNING, outcome: 'other' });
    const found = await newestEvaluations(store);
    expect(found.sort((a, b) => (a.ruleGroup < b.ruleGroup ? -1 : 1))).toEqual([
      { ruleGroup: 'inputs', instant: MORNING + 2 * HOUR, outcome },
      { ruleGroup: 'performance', instant: MORNING, outcome: 'other' },
    ]);
  });

  it('of one instant are one, the one that was made last', async () => {
    const store = await stores.fresh();
    for (const outcome of ['first', 'second']) {
      await saveEvaluation(store, { ruleGroup: 'inputs', instant: MORNING, outcome });
      // The store tells them apart by the millisecond.
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const expected = [{ ruleGroup: 'inputs', instant: MORNING, outcome: 'second' }];
    expect(await newestEvaluations(store)).toEqual(expected);
    await store.command('OPTIMIZE TABLE {database}.evaluations FINAL');
    expect(await newestEvaluations(store)).toEqual(expected);
  });

  it('hold outcomes of some megabytes', async () => {
    const store = await stores.fresh();
    const outcome = JSON.stringify(
      Array.from({ length: 20_000 }, (_, i) => `state ${i} of many, "quoted"`.repeat(4)),
    );
    await saveEvaluation(store, { ruleGroup: 'large', instant: MORNING, outcome });
    expect((await newestEvaluations(store))[0]?.outcome === outcome).toBe(true);
  });
});
