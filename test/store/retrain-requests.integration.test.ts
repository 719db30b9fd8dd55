import { describe, expect, it } from 'vitest';
import {
  isRetrainCancelled,
  listRetrains,
  retrainById,
  retrainOutcomes,
  retrainRequests,
  retrainStates,
  retrainsBetween,
  type StoredRetrain,
  type StoredRetrainState,
  saveRetrainStates,
  saveRetrains,
  watchedRetrains,
} from '../../src/store/retrain-requests.ts';
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

const NOTHING = { reason: '', author: '', run: '', newVersion: '', baseline: '', outcome: '' };

function summaryOf(row: StoredRetrain | undefined): object {
  const { request: _, ...summary } = row ?? requestOf('', 0);
  return summary;
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
    const found = await retrainsBetween(store, MORNING + HOUR, MORNING + 2 * HOUR);
    expect(found).toEqual(rows.slice(1, 3).map(summaryOf));
    expect(await retrainsBetween(store, MORNING + 4 * HOUR, MORNING + 9 * HOUR)).toEqual([]);
  });

  it('are listed the newest first, of one model or of all', async () => {
    const store = await stores.fresh();
    const rows = [requestOf('a', 0), requestOf('b', 1, { model: 'churn' }), requestOf('c', 2)];
    for (const [i, row] of rows.entries()) await saveRetrains(store, [row], MORNING + i);
    const ids = async (filter: object): Promise<string[]> =>
      (await listRetrains(store, { limit: 10, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual(['c', 'b', 'a']);
    expect(await ids({ limit: 1 })).toEqual(['c']);
    expect(await ids({ model: 'fraud' })).toEqual(['c', 'a']);
    expect(await retrainById(store, 'b')).toEqual(summaryOf(rows[1]));
    expect(await retrainRequests(store, ['b', 'nobody'])).toEqual(new Map([['b', '{}']]));
    expect(await retrainById(store, 'nobody')).toBeUndefined();
  });

  it('are watched while something may become of them, however old, and for some time after', async () => {
    const store = await stores.fresh();
    const became: Record<string, string[]> = {
      waits: [],
      runs: ['requested', 'running'],
      waitsForTraffic: ['timed_out', 'succeeded'],
      failed: ['failed'],
      compared: ['succeeded', 'compared'],
      silent: ['timed_out'],
    };
    for (const [id, states] of Object.entries(became)) {
      await saveRetrains(store, [requestOf(id, 0)], MORNING);
      for (const state of states) await saveRetrainStates(store, [{ ...NOTHING, id, state, at: MORNING }]);
    }
    const watched = async (since: number): Promise<string[]> =>
      (await watchedRetrains(store, since)).map(({ id }) => id).sort();
    expect(await watched(MORNING)).toEqual(Object.keys(became).sort());
    expect(await watched(MORNING + 1)).toEqual(['runs', 'waits', 'waitsForTraffic']);
    await saveRetrainStates(store, [{ ...NOTHING, id: 'silent', state: 'failed', at: MORNING + HOUR }]);
    expect(await watched(MORNING + 1)).toContain('silent');
  });

  it('keep each state with the time at which it was first written', async () => {
    const store = await stores.fresh();
    const step = (state: string, at: number, run = '') => ({
      id: 'a',
      state,
      at,
      reason: '',
      author: '',
      run,
      newVersion: '',
      baseline: '',
    });
    const save = (row: StoredRetrainState, outcome = '') => saveRetrainStates(store, [{ ...row, outcome }]);
    await save(step('requested', MORNING));
    await save(step('accepted', MORNING + 5, 'second'));
    await save(step('requested', MORNING + 9));
    await save(step('accepted', MORNING + 4, 'first'));
    expect(await retrainStates(store, ['a', 'b'])).toEqual([
      step('requested', MORNING),
      step('accepted', MORNING + 4, 'first'),
    ]);
    expect(await retrainStates(store, [])).toEqual([]);
    expect(await isRetrainCancelled(store, 'a')).toBe(false);
    await save(step('cancelled', MORNING + 10));
    expect(await isRetrainCancelled(store, 'a')).toBe(true);
    await save(step('compared', MORNING + 11), '{"notifications":[]}');
    expect(await retrainOutcomes(store, MORNING + 11)).toEqual(['{"notifications":[]}']);
    expect(await retrainOutcomes(store, MORNING + 12)).toEqual([]);
  });
});
