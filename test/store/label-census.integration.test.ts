import { describe, expect, it } from 'vitest';
import { arrivalsIn } from '../../src/store/label-arrivals.ts';
import { labelCensus } from '../../src/store/label-census.ts';
import { labelRow, predictionRow } from '../../src/store/predictions.ts';
import { HOUR, labelOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

describe.each(STORE_KINDS)('predictions and labels in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('are counted by what is joined and what is not, once each, in slices of any size', async () => {
    const store = await stores.fresh();
    const place = (offset: number) => ({ topic: 'log', partition: 0, offset });
    const ids = Array.from({ length: 60 }, (_, i) => `p${i}`);
    await store.insert(
      'predictions',
      ids.map((id, i) => predictionRow(predictionOf({ model: i < 50 ? 'fraud' : 'churn' }), id, place(i))),
    );
    const labels = ids
      .slice(0, 20)
      .map((predictionId, i) => labelRow(labelOf({ predictionId }), place(100 + i)));
    await store.insert('labels', labels);
    await store.insert('labels', labels);
    await store.insert('labels', [labelRow(labelOf({ predictionId: 'nobody' }), place(200))]);
    const expected = [
      { model: 'churn', labelled: 0, predictionsWithoutLabel: 10, labelsWithoutPrediction: 0 },
      { model: 'fraud', labelled: 20, predictionsWithoutLabel: 30, labelsWithoutPrediction: 1 },
    ];
    expect(await labelCensus(store)).toEqual(expected);
    expect(await labelCensus(store, 7)).toEqual(expected);
  });

  it('are found by where they stand in the log: labels by the minute of their prediction, and late predictions', async () => {
    const store = await stores.fresh();
    const made = (id: string, minute: number, offset: number) =>
      predictionRow(predictionOf({ timestamp: MORNING + minute * MINUTE }), id, {
        topic: 'predictions',
        partition: 1,
        offset,
      });
    await store.insert('predictions', [
      made('a', 0, 1),
      made('b', 0, 2),
      made('c', 7, 3),
      made('late', 9, 50),
    ]);
    const label = (predictionId: string, offset: number) =>
      labelRow(labelOf({ predictionId }), { topic: 'labels', partition: 0, offset });
    await store.insert(
      'labels',
      ['a', 'b', 'c', 'a', 'nobody'].map((id, i) => label(id, 10 + i)),
    );
    const query = { models: ['fraud', 'other'], from: MORNING, to: MORNING + HOUR };
    const found = async (from: number, to: number, atATime?: number) => {
      const ranges = [
        { topic: 'labels', partition: 0, from, to },
        { topic: 'predictions', partition: 1, from: 40, to: 60 },
      ];
      const arrivals = await arrivalsIn(store, ranges, query, atATime);
      return arrivals.map(({ minute, count }) => `${(minute - MORNING) / MINUTE}: ${count}`).sort();
    };
    expect(await found(10, 15)).toEqual(['0: 2', '7: 1', '9: 1']);
    expect(await found(12, 13)).toEqual(['7: 1', '9: 1']);
    expect(await found(14, 15)).toEqual(['9: 1']);
    const sums = (await found(10, 15, 1)).reduce((sum, text) => sum + Number(text.split(': ')[1]), 0);
    expect(sums).toBe(4);
    expect(await arrivalsIn(store, [], query)).toEqual([]);
  });
});
