import { describe, expect, it } from 'vitest';
import type { Answer, LabelEvent, PredictionEvent } from '../../src/event/events.ts';
import { ScoreTally } from '../../src/metrics/score-tally.ts';
import { classBias, classEvidence } from '../../src/pipeline/class-evidence.ts';
import { scoreCounts } from '../../src/stats/score/score-counts.ts';
import type { Store } from '../../src/store/client.ts';
import { errorSums } from '../../src/store/error-sums.ts';
import { labelledCells } from '../../src/store/labelled-cells.ts';
import { labelRow, predictionRow } from '../../src/store/predictions.ts';
import { HOUR, labelOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const WINDOW = { model: 'fraud', from: MORNING, to: MORNING + HOUR };

async function savePredictions(store: Store, events: readonly PredictionEvent[], offset = 0): Promise<void> {
  const rows = events.map((event, i) =>
    predictionRow(event, event.predictionId ?? `p${i}`, {
      topic: 'labels',
      partition: 0,
      offset: offset + i,
    }),
  );
  await store.insert('predictions', rows);
}

async function saveLabels(store: Store, labels: readonly LabelEvent[], offset = 0): Promise<void> {
  await store.insert(
    'labels',
    labels.map((label, i) => labelRow(label, { topic: 'labels', partition: 0, offset: offset + i })),
  );
}

function predicted(predictionId: string, prediction: Answer, change: Partial<PredictionEvent> = {}) {
  return predictionOf({ predictionId, prediction, timestamp: MORNING + MINUTE, ...change });
}

/** What is known of each version: its pairs, and its scores where `positives` are those of the positive class. */
async function evidenceIn(
  store: Store,
  window = WINDOW,
  {
    threshold = 0.5,
    positives = ['fraud'],
    exact,
  }: { threshold?: number; positives?: string[]; exact?: number } = {},
) {
  const { cells, steps } = await labelledCells(store, window, { positives, threshold }, exact);
  const policy = { task: 'classification', positive: positives[0], threshold } as const;
  return [...new Set(cells.map(({ version }) => version))].sort().map((version) => {
    const own = cells.filter((cell) => cell.version === version);
    return {
      version,
      evidence: classEvidence(policy, positives, own, steps.get(version) ?? 0),
      bias: classBias(own),
    };
  });
}

async function confusion(store: Store, window = WINDOW): Promise<Record<string, number>> {
  const known = await evidenceIn(store, window);
  return Object.fromEntries(
    known
      .flatMap(({ version, evidence }) =>
        evidence.cells.map(
          ({ prediction, label, count }) => [`${version}: ${prediction}, is ${label}`, count] as const,
        ),
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
        segment: '',
        n: 2,
        sumError: -3.5,
        sumAbsoluteError: 4.5,
        sumSquaredError: 16.25,
        sumRelativeError: 0.5 / 2 + 4 / 3,
        sumLabel: 0,
        sumSquaredLabel: 0.5,
        medianAbsoluteError: 2.25,
      },
      {
        version: '8',
        segment: '',
        n: 1,
        sumError: -0.5,
        sumAbsoluteError: 0.5,
        sumSquaredError: 0.25,
        sumRelativeError: 0.5 / 10.5,
        sumLabel: 0,
        sumSquaredLabel: 0,
        medianAbsoluteError: 0.5,
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

  it('lets the threshold decide where a prediction is a score alone', async () => {
    const store = await stores.fresh();
    const scored = (predictionId: string, score: number, change: Partial<PredictionEvent> = {}) =>
      predictionOf({ predictionId, prediction: undefined, score, timestamp: MORNING + MINUTE, ...change });
    await savePredictions(store, [
      scored('a', 0.7),
      scored('b', 0.71),
      scored('c', 0.2),
      scored('d', 0.9, { version: '8' }),
      scored('named', 0.9, { prediction: 'ok' }),
      scored('unlabelled', 0.9),
    ]);
    const labels = { a: 'fraud', b: 'ok', c: 'ok', d: 'fraud', named: 'ok' };
    await saveLabels(
      store,
      Object.entries(labels).map(([predictionId, label]) => labelOf({ predictionId, label })),
    );
    const known = await evidenceIn(store, WINDOW, { threshold: 0.7 });
    const cells = known.flatMap(({ version, evidence }) =>
      evidence.cells.map((cell) => ({ version, ...cell })),
    );
    expect(cells).toEqual([{ version: '7', prediction: 'ok', label: 'ok', count: 1 }]);
    const decided = known.flatMap(({ version, evidence: { byThreshold = [] } }) =>
      byThreshold.map((cell) => JSON.stringify({ version, ...cell })),
    );
    expect(decided.sort()).toEqual(
      [
        { version: '7', label: 'fraud', above: 1, below: 0 },
        { version: '7', label: 'ok', above: 0, below: 1 },
        { version: '7', label: 'ok', above: 1, below: 0 },
        { version: '8', label: 'fraud', above: 1, below: 0 },
      ].map((cell) => JSON.stringify(cell)),
    );
    for (const extreme of [1e300, -1e300, 0]) {
      const all = await evidenceIn(store, WINDOW, { threshold: extreme });
      const above = all.flatMap(({ evidence: { byThreshold = [] } }) =>
        byThreshold.map((cell) => cell.above),
      );
      expect(above.reduce((sum, count) => sum + count, 0)).toBe(extreme > 0 ? 0 : 4);
    }
  });

  it('counts positives and negatives by score and version', async () => {
    const store = await stores.fresh();
    const scores = { a: 0.1, b: 0.1, c: 0.30000000000000004, d: 0.9, e: 1, f: undefined, unlabelled: 0.5 };
    await savePredictions(
      store,
      Object.entries(scores).map(([id, score]) =>
        predicted(id, 'ok', { score, version: id === 'e' ? '8' : '7' }),
      ),
    );
    const labels = { a: 'fraud', b: 'ok', c: 'stolen', d: 'ok', e: 'ok', f: 'fraud' };
    await saveLabels(
      store,
      Object.entries(labels).map(([predictionId, label]) => labelOf({ predictionId, label })),
    );
    const known = await evidenceIn(store, WINDOW, { positives: ['fraud', 'stolen'] });
    expect(known.map(({ version, evidence }) => ({ version, ...evidence.scores }))).toEqual([
      {
        version: '7',
        step: 0,
        counts: scoreCounts([
          { score: 0.1, positives: 1, negatives: 1 },
          { score: 0.30000000000000004, positives: 1, negatives: 0 },
          { score: 0.9, positives: 0, negatives: 1 },
        ]),
      },
      { version: '8', step: 0, counts: scoreCounts([{ score: 1, positives: 0, negatives: 1 }]) },
    ]);
    expect(await evidenceIn(store, { ...WINDOW, model: 'churn' })).toEqual([]);
    expect(known[0]?.bias).toEqual({
      kind: 'numbers',
      of: 'score',
      labelled: 4,
      unlabelled: 1,
      distance: 0.75,
    });
  });

  it.each([
    ['probabilities', [0, 0.1, 0.25, 0.5000001, 1]],
    ['margins', [-5, 0.3, 0.1, 700, 3, 1024]],
  ])('rounds scores as a tally does when they are too many: %s', async (_name, scores) => {
    const store = await stores.fresh();
    await savePredictions(
      store,
      scores.map((score, i) => predicted(`p${i}`, 'ok', { score })),
    );
    const isFraud = (i: number): boolean => i % 2 === 0;
    await saveLabels(
      store,
      scores.map((_, i) => labelOf({ predictionId: `p${i}`, label: isFraud(i) ? 'fraud' : 'ok' })),
    );
    const tally = new ScoreTally(2);
    scores.forEach((score, i) => {
      tally.add(score, isFraud(i));
    });
    const scoresAt = async (exact: number) =>
      (await evidenceIn(store, WINDOW, { exact }))[0]?.evidence.scores;
    const rounded = await scoresAt(2);
    expect(rounded).toEqual(tally.evidence());
    expect(rounded?.step).toBeGreaterThan(0);
    expect((await scoresAt(scores.length))?.step).toBe(0);
  });

  it('knows the spread of labels that are large beside it', async () => {
    const store = await stores.fresh();
    const instants = [0, 1, 2, 5].map((step) => 1.7e12 + step / 4);
    await savePredictions(
      store,
      instants.map((instant, i) => predicted(`p${i}`, instant + 0.5)),
    );
    await saveLabels(
      store,
      instants.map((label, i) => labelOf({ predictionId: `p${i}`, label })),
    );
    const [sums] = await errorSums(store, WINDOW);
    expect(sums).toMatchObject({ n: 4, sumError: 2, medianAbsoluteError: 0.5 });
    expect(sums?.sumSquaredLabel).toBeCloseTo(14 / 16, 12);
  });
});
