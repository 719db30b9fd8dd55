import { expect, it } from 'vitest';
import { unlessCancelled } from '../../../src/pipeline/retraining/unless-cancelled.ts';
import { faultyStore } from '../../support/faulty-store.ts';
import { storesOfSuite } from '../../support/stores.ts';
import { bring, storeRequest } from './stored-request.ts';

const stores = storesOfSuite('embedded');

it('sends a request unless somebody called it off, and waits while nobody can say', async () => {
  const store = faultyStore(await stores.fresh());
  const sent: string[] = [];
  const send = unlessCancelled(async ({ id }) => {
    sent.push(id);
    return { kind: 'sent' };
  }, store);
  const { signal } = new AbortController();
  const wanted = await storeRequest(store, { id: 'wanted' });
  const cancelled = await storeRequest(store, { id: 'cancelled' });
  await bring(store, 'cancelled', 'cancelled');
  expect(await send(wanted, signal)).toEqual({ kind: 'sent' });
  expect(await send(cancelled, signal)).toEqual({ kind: 'refused', reason: 'the request was cancelled' });
  store.away = true;
  expect(await send(wanted, signal)).toMatchObject({ kind: 'retry' });
  expect(sent).toEqual(['wanted']);
});
