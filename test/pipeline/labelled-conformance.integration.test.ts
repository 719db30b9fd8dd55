import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import type { Answer } from '../../src/event/events.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { performanceCases } from '../stats/conformance-cases.ts';
import { expectClose } from '../stats/expect-computed.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { activationOf } from '../support/open-chunks.ts';
import { storesOfSuite } from '../support/stores.ts';
import { type LabelledCase, lateLabelsLog } from './late-labels-log.ts';
import { groupsOf } from './memory-evaluations.ts';
import { replayInto } from './replay-into.ts';

/** Their names of our metrics, where they differ. */
const RENAMED: Readonly<Record<string, string>> = { ece_10_equal_width: 'ece' };
/** Read off the profile of all scores, to within a thousandth. */
const ESTIMATE = 'estimated_accuracy_cbpe';

/** One of these instants is two hours after MORNING, when the labels of its first hour are due. */
const groups = groupsOf(`
groups:
  - name: performance
    schedule: "0 1-23/3 * * *"
    window: 1h
    rules:
      - { alert: Accuracy, when: accuracy < 0.1, summary: x }
      - { alert: Error, when: mae > 1000000, summary: x }
`);

/** All cases lie in one hour; their labels come over three days, one in twenty wrong at first. */
async function storedMetrics(
  store: Store,
  cases: readonly Omit<LabelledCase, 'timestamp'>[],
  options: object,
  wrong: (label: Answer, random: () => number) => Answer,
): Promise<ReadonlyMap<string, number | null>> {
  const timed = cases.map((one, i) => ({
    ...one,
    timestamp: MORNING + Math.floor((i * HOUR) / cases.length),
  }));
  const reference = Array.from({ length: 500 }, (_, i) => {
    const { prediction, score } = timed[i % timed.length] as LabelledCase;
    return predictionOf({ model: 'm', features: { x: i / 500 }, prediction, score });
  });
  const baseline = baselineOf(reference);
  await saveBaseline(store, baseline, 'file');
  await saveActivation(store, activationOf(baseline));
  const config = configSchema.parse({
    ingest: { chunk_records: 700 },
    models: { m: { labels: { delay: '1h' }, ...options } },
  });
  const { records } = lateLabelsLog(timed, 1, {
    model: 'm',
    latest: 72 * HOUR,
    corrected: 0.05,
    never: 0,
    early: 0.1,
    wrong,
  });
  await replayInto(store, records, { config, groups });
  const rows = await store.query<{ metric: string; value: number | null }>(
    `SELECT metric, value FROM {database}.metrics FINAL
     WHERE feature = '' AND toUnixTimestamp64Milli(window_start) = {from:Int64} AND against = 'baseline'`,
    { from: MORNING },
  );
  return new Map(rows.map(({ metric, value }) => [metric, value]));
}

function expectPublished(
  stored: ReadonlyMap<string, number | null>,
  expected: Readonly<Record<string, number | null>>,
): void {
  expect(stored.get('coverage')).toBe(1);
  for (const [name, value] of Object.entries(expected)) {
    const actual = stored.get(name === ESTIMATE ? 'estimated_accuracy' : (RENAMED[name] ?? name));
    if (value === null) expect(actual, name).toBeNull();
    else if (name === ESTIMATE) expect(Math.abs((actual ?? Number.NaN) - value)).toBeLessThan(1e-3);
    else if (Math.abs((actual ?? Number.NaN) - value) > 1e-15) expectClose(actual ?? Number.NaN, value);
  }
}

describe('the published performance, from labels that came late and in random order', () => {
  const stores = storesOfSuite('embedded');
  const cases = performanceCases();

  it.each(cases.binary)('$name', async ({ labels, scores, threshold, expected }) => {
    const { tp, fp, fn, tn, ...published } = expected;
    const store = await stores.fresh();
    const binary = labels.map((label, i) => ({ label, score: scores[i] }));
    const stored = await storedMetrics(
      store,
      binary,
      { threshold, positive: '1' },
      (label) => 1 - Number(label),
    );
    expectPublished(stored, published);
    const [details] = await store.query<Record<string, unknown[]>>(
      'SELECT * FROM {database}.performance_details FINAL WHERE toUnixTimestamp64Milli(window_start) = {from:Int64}',
      { from: MORNING },
    );
    const confusion = details?.['confusion_prediction']?.map(
      (prediction, i) =>
        `${prediction} for ${details['confusion_label']?.[i]}: ${details['confusion_count']?.[i]}`,
    );
    expect(confusion?.sort()).toEqual([
      `0 for 0: ${tn}`,
      `0 for 1: ${fn}`,
      `1 for 0: ${fp}`,
      `1 for 1: ${tp}`,
    ]);
  });

  it.each(cases.multiclass)('$name', async ({ labels, predictions, expected }) => {
    const named = labels.map((label, i) => ({ label, prediction: predictions[i] }));
    const wrong = (_: Answer, random: () => number) => `c${Math.floor(random() * 5)}`;
    expectPublished(await storedMetrics(await stores.fresh(), named, {}, wrong), expected);
  });

  it.each(cases.regression)('$name', async ({ labels, predictions, expected }) => {
    const numbers = labels.map((label, i) => ({ label, prediction: predictions[i] }));
    const stored = await storedMetrics(
      await stores.fresh(),
      numbers,
      { task: 'regression' },
      (label, random) => Number(label) * (1 + random()),
    );
    expectPublished(stored, expected);
  });
});
