import { describe, expect, it } from 'vitest';
import type { Answer, LabelEvent, PredictionEvent } from '../../src/event/events.ts';
import type { Store } from '../../src/store/client.ts';
import { confusionCounts, errorSums } from '../../src/store/performance.ts';
import { labelRow, predictionRow } from '../../src/store/predictions.ts';
import { HOUR, labelOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const WINDOW = { model: 'fraud', from: MORNING, to: MORNING + HOUR };

async function savePredictions(store: Store, events: readonly PredictionEvent[], offset = 0): Promise<void> {
  const rows = events.map((event, i) =>
    predictionRow({ ...event, predictionId: event.predictionId ?? `p${i}` }, offset + i),
  );
  await store.insert('predictions', rows);
}

async function saveLabels(store: Store, labels: readonly LabelEvent[], offset = 0): Promise<void> {
  await store.insert(
    'labels',
    labels.map((label, i) => labelRow(label, offset + i)),
  );
}

function predicted(predictionId: string, prediction: Answer, change: Partial<PredictionEvent> = {}) {
  return predictionOf({ predictionId, prediction, timestamp: MORNING + MINUTE, ...change });
}

async function confusion(store: Store, window = WINDOW): Promise<Record<string, number>> {
  const rows = await confusionCounts(store, window);
  return Object.fromEntries(
    rows
      .map(
        ({ version, prediction, label, count }) => [`${version}: ${prediction}, is ${label}`, count] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

describe.each(STORE_KINDS)('performance in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('counts labelled predictions of the window, by version, prediction and label', async () => {
    const store = await stores.fresh();
    await savePredictions(store, [
      predicted('a', 'ok'),
      predicted('b', 'ok'),
      predicted('c', 'fraud'),
      predicted('d', 'fraud', { version: '8' }),
      predicted('early', 'ok', { timestamp: MORNING - 1 }),
      predicted('first', 'ok', { timestamp: MORNING }),
      predicted('last', 'ok', { timestamp: MORNING + HOUR - 1 }),
      predicted('late', 'ok', { timestamp: MORNING + HOUR }),
      predicted('unlabelled', 'ok'),
      predicted('a', 'ok', { model: 'churn' }),
    ]);
    const ids = ['a', 'b', 'c', 'd', 'early', 'first', 'last', 'late', 'never predicted'];
    await saveLabels(
      store,
      ids.map((predictionId) => labelOf({ predictionId, label: predictionId === 'b' ? 'fraud' : 'ok' })),
    );
    expect(await confusion(store)).toEqual({
      '7: fraud, is ok': 1,
      '7: ok, is fraud': 1,
      '7: ok, is ok': 3,
      '8: fraud, is ok': 1,
    });
    expect(await confusion(store, { ...WINDOW, model: 'churn' })).toEqual({});
  });

  it('believes the label with the later timestamp, whichever came first', async () => {
    const store = await stores.fresh();
    await savePredictions(store, [predicted('a', 'ok'), predicted('b', 'ok')]);
    await saveLabels(store, [
      labelOf({ predictionId: 'a', label: 'ok', timestamp: MORNING + HOUR }),
      labelOf({ predictionId: 'b', label: 'fraud', timestamp: MORNING + 2 * HOUR }),
    ]);
    await saveLabels(
      store,
      [
        labelOf({ predictionId: 'a', label: 'fraud', timestamp: MORNING + HOUR + 1 }),
        labelOf({ predictionId: 'b', label: 'ok', timestamp: MORNING + HOUR }),
      ],
      100,
    );
    expect(await confusion(store)).toEqual({ '7: ok, is fraud': 2 });
    await store.command('OPTIMIZE TABLE {database}.labels FINAL');
    expect(await confusion(store)).toEqual({ '7: ok, is fraud': 2 });
  });

  it('believes the later record among labels of one timestamp, also after a second reading', async () => {
    const store = await stores.fresh();
    const labels = [
      labelOf({ predictionId: 'a', label: 'ok' }),
      labelOf({ predictionId: 'a', label: 'fraud' }),
    ];
    await savePredictions(store, [predicted('a', 'ok')]);
    await saveLabels(store, labels);
    await saveLabels(store, labels.slice(0, 1));
    expect(await confusion(store)).toEqual({ '7: ok, is fraud': 1 });
  });

  it('takes labels that were there before their predictions', async () => {
    const store = await stores.fresh();
    await saveLabels(store, [labelOf({ predictionId: 'a', timestamp: MORNING - 5 * HOUR })]);
    expect(await confusion(store)).toEqual({});
    await savePredictions(store, [predicted('a', 'fraud')]);
    expect(await confusion(store)).toEqual({ '7: fraud, is ok': 1 });
  });

  it('counts a prediction once that was logged or read twice', async () => {
    const store = await stores.fresh();
    const events = [predicted('a', 'ok'), predicted('b', 'fraud')];
    await savePredictions(store, events);
    await savePredictions(store, events);
    await savePredictions(store, [predicted('a', 'fraud', { timestamp: MORNING + 2 * MINUTE })], 50);
    const ids = ['a', 'b', 'a'];
    await saveLabels(
      store,
      ids.map((predictionId) => labelOf({ predictionId })),
    );
    expect(await confusion(store)).toEqual({ '7: fraud, is ok': 2 });
  });

  it('writes booleans and numbers as classes, and leaves out predictions without an answer', async () => {
    const store = await stores.fresh();
    const { prediction: _, ...silent } = predicted('c', 'ok');
    await savePredictions(store, [
      predicted('a', true),
      predicted('b', 1),
      { ...silent, prediction: undefined },
    ]);
    await saveLabels(store, [
      labelOf({ predictionId: 'a', label: false }),
      labelOf({ predictionId: 'b', label: 1 }),
      labelOf({ predictionId: 'c' }),
    ]);
    expect(await confusion(store)).toEqual({ '7: 1, is 1': 1, '7: true, is false': 1 });
  });

  it('sums the errors of numeric predictions, by version', async () => {
    const store = await stores.fresh();
    await savePredictions(store, [
      predicted('a', 2.5),
      predicted('b', -1),
      predicted('c', 10, { version: '8' }),
      predicted('text', 'ok'),
      predicted('labelled in words', 3),
      predicted('unlabelled', 3),
    ]);
    const labels = { a: 2, b: 3, c: 10.5, text: 4, 'labelled in words': 'three' };
    await saveLabels(
      store,
      Object.entries(labels).map(([predictionId, label]) => labelOf({ predictionId, label })),
    );
    const sums = await errorSums(store, WINDOW);
    expect(sums.sort((a, b) => (a.version < b.version ? -1 : 1))).toEqual([
      {
        version: '7',
        n: 2,
        sumError: -3.5,
        sumAbsoluteError: 4.5,
        sumSquaredError: 16.25,
        sumLabel: 5,
        sumSquaredLabel: 13,
      },
      {
        version: '8',
        n: 1,
        sumError: -0.5,
        sumAbsoluteError: 0.5,
        sumSquaredError: 0.25,
        sumLabel: 10.5,
        sumSquaredLabel: 110.25,
      },
    ]);
    const elsewhere = { ...WINDOW, from: WINDOW.to, to: WINDOW.to + HOUR };
    expect(await errorSums(store, elsewhere)).toEqual([]);
  });

  it('gives error sums that leave the range of a double as infinite numbers', async () => {
    const store = await stores.fresh();
    await savePredictions(store, [predicted('a', 1e200)]);
    await saveLabels(store, [labelOf({ predictionId: 'a', label: -1e200 })]);
    expect(await errorSums(store, WINDOW)).toMatchObject([
      { n: 1, sumError: 2e200, sumSquaredError: Number.POSITIVE_INFINITY },
    ]);
  });
});
