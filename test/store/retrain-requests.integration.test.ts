import { describe, expect, it } from 'vitest';
import { retrainsBetween, type StoredRetrain, saveRetrains } from '../../src/store/retrain-requests.ts';
import { HOUR, MORNING } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

function requestOf(id: string, hour: number, change: Partial<StoredRetrain> = {}): StoredRetrain {
  return {
    id,
    target: 'pipeline',
    model: 'fraud',
    version: '7',
    at: MORNING + hour * HOUR,
    status: 'requested',
    reason: 'amount drifted',
    baselineId: 'b',
    request: '{}',
    ...change,
  };
}

describe.each(STORE_KINDS)('retraining requests in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('are found by their instant, both ends included, once each', async () => {
    const store = await stores.fresh();
    const rows = [
      requestOf('a', 0),
      requestOf('b', 1, { target: 'other' }),
      requestOf('c', 2),
      requestOf('d', 3),
    ];
    await saveRetrains(store, rows, MORNING);
    await saveRetrains(store, rows.slice(1, 2), MORNING + 1);
    await saveRetrains(store, [requestOf('e', 1, { status: 'suppressed' })], MORNING);
    const found = await retrainsBetween(store, MORNING + HOUR, MORNING + 2 * HOUR);
    expect(found.sort((x, y) => x.at - y.at)).toEqual([
      { id: 'b', target: 'other', model: 'fraud', at: MORNING + HOUR },
      { id: 'c', target: 'pipeline', model: 'fraud', at: MORNING + 2 * HOUR },
    ]);
    expect(await retrainsBetween(store, MORNING + 4 * HOUR, MORNING + 9 * HOUR)).toEqual([]);
  });
});
