import { describe, expect, it } from 'vitest';
import type { PerformancePolicy } from '../../src/metrics/labelled-evidence.ts';
import type { LossSums } from '../../src/metrics/segment-loss.ts';
import type { Store } from '../../src/store/client.ts';
import { labelRow, predictionRow } from '../../src/store/predictions.ts';
import { type SegmentWindow, segmentLosses } from '../../src/store/segment-losses.ts';
import { HOUR, labelOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const CLASSES: PerformancePolicy = { task: 'classification', positive: 'fraud', threshold: 0.5 };
const WINDOW: SegmentWindow = {
  model: 'fraud',
  version: '7',
  from: MORNING - HOUR,
  since: MORNING,
  to: MORNING + HOUR,
  features: ['country', 'channel'],
};
const NOTHING: LossSums = { n: 0, loss: 0, lossSquares: 0 };
const sums = (n: number, loss: number, lossSquares = loss): LossSums => ({ n, loss, lossSquares });

interface Made {
  readonly segments: readonly string[];
  readonly count: number;
  readonly at?: number;
  readonly answer?: string | number;
  readonly label?: string | number;
  readonly score?: number;
  readonly version?: string;
}

async function fill(store: Store, made: readonly Made[]): Promise<void> {
  const predictions: object[] = [];
  const labels: object[] = [];
  for (const { segments, count, at = MORNING, answer, label, score, version = '7' } of made) {
    for (let i = 0; i < count; i += 1) {
      const place = { topic: 't', partition: 0, offset: predictions.length };
      const predictionId = `p${predictions.length}`;
      const event = predictionOf({ version, timestamp: at + (i % 60) * MINUTE, prediction: answer, score });
      predictions.push(predictionRow(event, predictionId, place, segments));
      if (label !== undefined) labels.push(labelRow(labelOf({ predictionId, label }), place));
    }
  }
  await store.insert('predictions', predictions);
  await store.insert('labels', labels);
}

describe.each(STORE_KINDS)('segmentLosses on a store that is %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('counts errors by segment and pair, in the window and before it', async () => {
    const store = await stores.fresh();
    const segments = ['country=BR', 'channel=web'];
    const before = { at: MORNING - HOUR };
    await fill(store, [
      { segments, count: 60, answer: 'fraud', label: 'ok' },
      { segments, count: 40, answer: 'ok', label: 'ok' },
      { segments: ['country=BR', 'channel=app'], count: 70, answer: 'ok', label: 'ok' },
      // Says nothing: no answer and no score; no label; another version; kept before anything was declared.
      { segments, count: 10, label: 'ok' },
      { segments, count: 10, answer: 'ok' },
      { segments, count: 10, answer: 'ok', label: 'fraud', version: '8' },
      { segments: [], count: 10, answer: 'ok', label: 'fraud' },
      { segments: ['country=BR'], count: 10, answer: 'ok', label: 'fraud' },
      { segments: ['channel=web', 'country=BR'], count: 10, answer: 'ok', label: 'fraud' },
      // By the score, where no class is named.
      { ...before, segments, count: 100, score: 0.7, label: 'ok' },
      { ...before, segments: ['country=LI', 'channel=app'], count: 20, score: 0.2, label: 'ok' },
    ]);
    const { whole, segments: found, sampled } = await segmentLosses(store, WINDOW, CLASSES);
    expect(sampled).toEqual({ now: 1, before: 1 });
    expect(whole).toEqual({ now: sums(170, 60), before: sums(120, 100) });
    expect(Object.fromEntries(found)).toEqual({
      'country=BR': { now: sums(170, 60), before: sums(100, 100) },
      'channel=web': { now: sums(100, 60), before: sums(100, 100) },
      'country=BR,channel=web': { now: sums(100, 60), before: sums(100, 100) },
      'channel=app': { now: sums(70, 0), before: sums(20, 0) },
      'country=BR,channel=app': { now: sums(70, 0), before: NOTHING },
    });
    const all = await segmentLosses(store, { ...WINDOW, version: undefined }, CLASSES);
    expect(all.whole.now).toEqual(sums(180, 70));
  });

  it('sums distances of a regression, and of an alert about predictions the scores of all', async () => {
    const store = await stores.fresh();
    const segments = ['country=BR', 'channel=web'];
    await fill(store, [
      { segments, count: 60, answer: 5, label: 2 },
      { segments, count: 40, answer: 5, label: 6, score: 0.5 },
      { segments, count: 50, answer: 7, at: MORNING - HOUR },
    ]);
    const distances = await segmentLosses(store, WINDOW, { ...CLASSES, task: 'regression' });
    expect(distances.whole).toEqual({ now: sums(100, 220, 580), before: NOTHING });
    const scores = await segmentLosses(store, WINDOW, undefined);
    expect(scores.segments.get('country=BR')).toEqual({
      now: sums(100, 60 * 5 + 40 * 0.5, 60 * 25 + 40 * 0.25),
      before: sums(50, 350, 2_450),
    });
  });

  it('tells the largest two hundred segments of very many, and looks at a sample of very many predictions', async () => {
    const store = await stores.fresh();
    const made = Array.from({ length: 250 }, (_, i) => ({
      segments: [`country=${String(i).padStart(3, '0')}`, 'channel=web'],
      count: i < 10 ? 60 : 50,
      answer: 'ok',
      label: 'fraud',
    }));
    await fill(store, made);
    const { segments } = await segmentLosses(store, WINDOW, CLASSES);
    expect(segments.size).toBe(200);
    expect([...segments.keys()].slice(0, 3)).toEqual([
      'channel=web',
      'country=000',
      'country=000,channel=web',
    ]);
    const some = await segmentLosses(store, WINDOW, CLASSES, 3_200);
    expect(some.sampled).toEqual({ now: 4, before: 1 });
    expect(some.whole.now.n).toBeGreaterThan(12_600 / 5);
    expect(some.whole.now.n).toBeLessThan(12_600 / 3);
    expect(some.whole.now.loss).toBe(some.whole.now.n);
  });

  it('has nothing to tell of a model without predictions', async () => {
    const { whole, segments } = await segmentLosses(await stores.fresh(), WINDOW, CLASSES);
    expect(whole).toEqual({ now: NOTHING, before: NOTHING });
    expect(segments.size).toBe(0);
  });
});
