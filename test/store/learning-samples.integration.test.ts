import { describe, expect, it } from 'vitest';
import type { PredictionEvent } from '../../src/event/events.ts';
import { saveActivation } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import {
  type LearningSample,
  learningProgress,
  learningSample,
  learningSampleRow,
} from '../../src/store/learning-samples.ts';
import { MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

async function save(store: Store, events: readonly PredictionEvent[], partition = 0): Promise<void> {
  const rows = events.map((event, offset) =>
    learningSampleRow(event, { topic: 'predictions', partition, offset }),
  );
  await store.insert('learning_samples', rows);
}

async function pagesOf(sample: LearningSample | undefined): Promise<PredictionEvent[][]> {
  const pages: PredictionEvent[][] = [];
  for await (const page of sample?.pages() ?? []) pages.push([...page]);
  return pages;
}

async function eventsOf(sample: LearningSample | undefined): Promise<PredictionEvent[]> {
  return (await pagesOf(sample)).flat();
}

function eventAt(minute: number, change: Partial<PredictionEvent> = {}): PredictionEvent {
  return predictionOf({ timestamp: MORNING + minute * MINUTE, features: { minute }, ...change });
}

describe.each(STORE_KINDS)('learning samples in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('are counted by model, each record once', async () => {
    const store = await stores.fresh();
    expect(await learningProgress(store)).toEqual([]);
    await save(store, [eventAt(1), eventAt(2, { version: '8' }), eventAt(3, { model: 'churn' })]);
    await save(store, [eventAt(1), eventAt(2, { version: '8' })]);
    await save(store, [eventAt(1)], 1);
    const [fraud, churn] = [
      { model: 'fraud', events: 3 },
      { model: 'churn', events: 1 },
    ];
    expect(await learningProgress(store)).toEqual([fraud, churn]);
    // Samples of what has a baseline matter no more; of a baseline for one version alone the others know nothing.
    const active = { appliesFrom: 0, baselineId: 'b', reason: 'test' };
    await saveActivation(store, { ...active, model: 'churn', version: '1' });
    expect(await learningProgress(store)).toEqual([fraud, churn]);
    await saveActivation(store, { ...active, model: 'churn', version: '' });
    expect(await learningProgress(store)).toEqual([fraud]);
  });

  it('are read some at a time, so that a sample of long events is not held as a whole', async () => {
    const store = await stores.fresh();
    const long = 'x'.repeat(16_000);
    const features = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, long]));
    const events = [4, 2, 2, 1, 3, 0].map((minute) => eventAt(minute, { features }));
    await save(store, events);
    const sample = await learningSample(store, 'fraud', 5);
    const pages = await pagesOf(sample);
    expect(pages.map((page) => page.map(({ timestamp }) => (timestamp - MORNING) / MINUTE))).toEqual([
      [0, 1],
      [2, 2],
      [3],
    ]);
    expect(await pagesOf(sample)).toEqual(pages);
  });

  it('give the first events by event time, and the time of the last one there is', async () => {
    const store = await stores.fresh();
    expect(await learningSample(store, 'fraud', 10)).toBeUndefined();
    await save(store, [eventAt(5), eventAt(1), eventAt(9)]);
    await save(store, [eventAt(5), eventAt(1), eventAt(9)]);
    await save(store, [eventAt(3, { version: '8' }), eventAt(99, { model: 'churn' })], 1);
    const sample = await learningSample(store, 'fraud', 3);
    expect(await eventsOf(sample)).toEqual([eventAt(1), eventAt(3, { version: '8' }), eventAt(5)]);
    expect(sample?.until).toBe(MORNING + 9 * MINUTE);
  });

  it('keep events as they were, whatever is in them', async () => {
    const store = await stores.fresh();
    const event = eventAt(1, {
      predictionId: 'a',
      features: { text: "it's\n🐛 \ud800", nothing: null, flag: true, number: 1e-300, ['__proto__']: 'x' },
      prediction: false,
      score: 0.1,
      label: 0,
    });
    await save(store, [event]);
    expect(await eventsOf(await learningSample(store, 'fraud', 10))).toEqual([event]);
  });
});
