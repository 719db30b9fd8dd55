import { expect, it } from 'vitest';
import { isStillWanted } from '../../../src/pipeline/retraining/still-wanted.ts';
import { notificationOf } from '../../notify/examples.ts';
import { faultyStore } from '../../support/faulty-store.ts';
import { storesOfSuite } from '../../support/stores.ts';
import { bring, storeRequest } from './stored-request.ts';

const stores = storesOfSuite('embedded');

it('wants a request until somebody calls it off, and does not know while the store is away', async () => {
  const store = faultyStore(await stores.fresh());
  const wanted = await storeRequest(store, { id: 'wanted' });
  const cancelled = await storeRequest(store, { id: 'cancelled' });
  await bring(store, 'cancelled', 'cancelled');
  expect(await isStillWanted(wanted, store)).toBe(true);
  expect(await isStillWanted(cancelled, store)).toBe(false);
  store.away = true;
  await expect(isStillWanted(wanted, store)).rejects.toThrow();
  expect(await isStillWanted(notificationOf(), store)).toBe(true);
});
