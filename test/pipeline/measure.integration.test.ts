import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../src/metrics/table.ts';
import type { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import { measureGroup } from '../../src/pipeline/measure.ts';
import { DEFAULT_LABELS, type ModelPolicy } from '../../src/pipeline/model-policy.ts';
import { referencePerformance } from '../../src/pipeline/reference-performance.ts';
import { storedMeasurements } from '../../src/pipeline/stored-measurements.ts';
import { sealBaseline } from '../../src/profile/baseline.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Subject } from '../../src/rules/subject.ts';
import type { Store } from '../../src/store/client.ts';
import { saveMetrics } from '../../src/store/metrics.ts';
import { labelRow } from '../../src/store/predictions.ts';
import { baselineOf, HOUR, labelOf, MINUTE, MORNING } from '../support/events.ts';
import { activationOf, chunkOf, directoryOf, drainInto, POLICY, takeAll } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { eventsOf, REFERENCE, storeHours } from './hours.ts';

const DRIFT = 'alert: Drift, each: feature, when: psi_adjusted > 0.1, summary: x';
const SILENCE = 'alert: Silence, when: predictions == 0, summary: x';
const ACCURACY = 'alert: Accuracy, when: accuracy < 0.9, summary: x';

function groupOf(rule: string, more = ''): RuleGroup {
  const text = `groups:\n  - { name: g, schedule: "0 * * * *", window: 1h, ${more} rules: [{ ${rule} }] }`;
  const { groups, faults } = loadRules([{ file: 'rules.yaml', text }], { retrainTargets: [] });
  expect(faults).toEqual([]);
  return groups[0] as RuleGroup;
}

function at(hour: number): number {
  return MORNING + hour * HOUR;
}

function measure(
  store: Store,
  directory: BaselineDirectory,
  group: RuleGroup,
  hour: number,
  policy: Partial<ModelPolicy> = {},
) {
  return measureGroup(
    group,
    at(hour),
    storedMeasurements(store, directory, () => ({ ...POLICY, ...policy })),
  );
}

function figureOf(subject: Subject | undefined, metric: MetricName): number | string | undefined {
  const result = subject?.metrics.get(metric);
  return result?.status === 'ok' ? result.value : result?.status;
}

/** The number of predictions of each model and version that there is a subject for, such as `fraud 7: 400`. */
function predictionsIn(subjects: readonly Subject[]): string[] {
  return subjects
    .filter(({ each }) => each === 'model')
    .map((subject) => `${subject.model} ${subject.version}: ${figureOf(subject, 'predictions')}`)
    .sort();
}

function featureIn(subjects: readonly Subject[], feature: string, version = '7'): Subject | undefined {
  return subjects.find((subject) => subject.feature === feature && subject.version === version);
}

describe.each(STORE_KINDS)('what a rule group looks at: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('is every feature, the outputs and the model, with what the store gets to keep of them', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }, { hour: 1, shift: 40 }]);
    const { subjects, rows, undecided } = await measure(store, directory, groupOf(DRIFT), 2);
    expect(subjects.map(({ each, feature = '' }) => `${each} ${feature}`).sort()).toEqual([
      'feature amount',
      'feature country',
      'model ',
      'prediction __prediction__',
    ]);
    expect(figureOf(featureIn(subjects, 'amount'), 'psi')).toBeGreaterThan(1);
    expect(figureOf(featureIn(subjects, 'country'), 'psi_adjusted')).toBeLessThan(0.01);
    expect(featureIn(subjects, 'amount')?.window).toEqual({ from: at(1), to: at(2) });
    expect(undecided).toEqual({ inputs: new Set(), performance: new Set() });
    expect(featureIn(subjects, 'amount')?.against).toBe(`baseline ${REFERENCE.id.slice(0, 12)}`);
    expect(featureIn(subjects, 'country')?.distributions?.()).toMatchObject({
      kind: 'categorical',
      labels: ['FR', 'DE'],
      current: [0.67, 0.34],
    });

    await saveMetrics(store, rows);
    const stored = await store.query(
      `SELECT value, n, baseline_n, status FROM {database}.metrics FINAL
       WHERE feature = 'amount' AND metric = 'psi' AND window_end = {end:DateTime64(3, 'UTC')} AND against = 'baseline'`,
      { end: '2026-11-22 10:00:00.000' },
    );
    const psi = figureOf(featureIn(subjects, 'amount'), 'psi');
    expect(stored).toEqual([{ value: psi, n: 400, baseline_n: 1_000, status: 'ok' }]);
    const count = await store.query<{ c: number }>('SELECT count() AS c FROM {database}.metrics FINAL');
    expect(count[0]?.c).toBe(rows.length);
  });

  it('is a model that has fallen silent, by its last version, and no version that retired before', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [
      { hour: 0, version: '6' },
      { hour: 1, version: '6' },
      { hour: 1, version: '7' },
      { hour: 2, version: '7' },
    ]);
    const silence = groupOf(SILENCE);
    const seen = async (hour: number) =>
      predictionsIn((await measure(store, directory, silence, hour)).subjects);
    expect(await seen(0)).toEqual([]);
    expect(await seen(1)).toEqual(['fraud 6: 400']);
    expect(await seen(2)).toEqual(['fraud 6: 400', 'fraud 7: 400']);
    expect(await seen(3)).toEqual(['fraud 7: 400']);
    expect(await seen(4)).toEqual(['fraud 7: 0']);
    expect(await seen(40)).toEqual(['fraud 7: 0']);
  });

  it('is no version of before, when the one that serves has a baseline of its own', async () => {
    const store = await stores.fresh();
    const own = baselineOf(eventsOf({ hour: -24, count: 500 }), { version: '7' });
    const directory = await storeHours(
      store,
      [
        { hour: 0, version: '6' },
        { hour: 1, version: '7' },
      ],
      [REFERENCE, own],
    );
    const { subjects } = await measure(store, directory, groupOf(SILENCE), 2);
    expect(predictionsIn(subjects)).toEqual(['fraud 7: 400']);
    const later = await measure(store, directory, groupOf(SILENCE), 3);
    expect(predictionsIn(later.subjects)).toEqual(['fraud 7: 0']);
  });

  it('is not taken for silent when it logs no predictions but features', async () => {
    const store = await stores.fresh();
    const silent = (hour: number) =>
      eventsOf({ hour }).map(({ prediction: _, ...event }) => ({ ...event, prediction: undefined }));
    const baseline = baselineOf(silent(-24));
    const directory = await directoryOf([baseline]);
    const open = chunkOf(directory);
    takeAll(open, silent(0));
    await drainInto(store, open);
    const { subjects } = await measure(store, directory, groupOf(SILENCE), 1);
    expect(predictionsIn(subjects)).toEqual(['fraud 7: 400']);
  });

  it('is undecided while the window began before the baseline', async () => {
    const store = await stores.fresh();
    await storeHours(store, [{ hour: 0 }, { hour: 1 }]);
    const applies = [{ ...activationOf(REFERENCE), appliesFrom: at(0) + 5 * MINUTE }];
    const directory = await directoryOf([REFERENCE], applies);
    const first = await measure(store, directory, groupOf(SILENCE), 1);
    expect(first.subjects).toEqual([]);
    expect(first.rows).toEqual([]);
    expect(first.undecided.inputs).toEqual(new Set(['fraud']));
    const second = await measure(store, directory, groupOf(SILENCE), 2);
    expect(predictionsIn(second.subjects)).toEqual(['fraud 7: 400']);
    expect(second.undecided.inputs).toEqual(new Set());
  });

  it('is only what the group wants', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [
      { hour: 0, version: '6' },
      { hour: 0, version: '7' },
    ]);
    const versions = groupOf(SILENCE, 'versions: ["*", "!6"],');
    expect(predictionsIn((await measure(store, directory, versions, 1)).subjects)).toEqual(['fraud 7: 400']);
    const models = groupOf(SILENCE, 'models: ["churn"],');
    expect((await measure(store, directory, models, 1)).subjects).toEqual([]);
  });

  it('knows how far the baseline’s own blocks differ, where it is the baseline that a window is compared with', async () => {
    const store = await stores.fresh();
    const distance = { mean: 0.2, deviation: 0.1, noiseMean: 0, noiseDeviation: 0 };
    const spread = (hours: number) => ({
      block: hours * HOUR,
      blocks: 20,
      distances: new Map([['effect_size', { ...distance, mean: hours / 10 }]]),
    });
    const features = [...REFERENCE.features].map(([name, feature]) => {
      return [name, { ...feature, natural: name === 'amount' ? [0.5, 1, 2].map(spread) : [] }] as const;
    });
    const baseline = sealBaseline({ ...REFERENCE, features: new Map(features) });
    const directory = await storeHours(store, [{ hour: 0 }, { hour: 1 }], [baseline]);
    const { subjects } = await measure(store, directory, groupOf(DRIFT), 2);
    expect(featureIn(subjects, 'amount')?.natural?.get('effect_size')).toBeCloseTo(0.5, 12);
    expect(featureIn(subjects, 'country')?.natural).toEqual(new Map());
    const previous = await measure(store, directory, groupOf(DRIFT, 'against: previous,'), 2);
    expect(featureIn(previous.subjects, 'amount')?.natural).toEqual(new Map());
  });

  it('is measured in the other windows that rules name, and in those alone', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }, { hour: 1 }, { hour: 2, shift: 60 }]);
    const many =
      'alert: Fast, each: feature, when: psi > 0.3 && w3h.psi > 0.1 && w1h.psi > previous.psi, summary: x';
    const { subjects, rows } = await measure(store, directory, groupOf(many), 3);
    const amount = featureIn(subjects, 'amount');
    expect([...(amount?.others?.keys() ?? [])].sort()).toEqual(['previous', 'w1h', 'w3h']);
    const psi = (frame: string) => {
      const result = amount?.others?.get(frame)?.metrics.get('psi');
      return result?.status === 'ok' ? { value: result.value, n: result.n } : result?.status;
    };
    const own = { value: figureOf(amount, 'psi'), n: 400 };
    expect(psi('w1h')).toEqual(own);
    expect(psi('previous')).toEqual({ value: expect.closeTo(0, 1), n: 400 });
    expect(psi('w3h')).toMatchObject({ n: 1_200 });
    expect((psi('w3h') as { value: number }).value).toBeLessThan(own.value as number);
    // What is stored is about the group's own window.
    expect(new Set(rows.map((row) => (row as { window_start: string }).window_start)).size).toBe(1);
    const plain = await measure(store, directory, groupOf(DRIFT), 3);
    expect(featureIn(plain.subjects, 'amount')?.others).toBeUndefined();
  });

  it('is not known in a window that begins before the baseline', async () => {
    const store = await stores.fresh();
    await storeHours(store, [{ hour: 0 }, { hour: 1 }, { hour: 2 }]);
    const applies = [{ ...activationOf(REFERENCE), appliesFrom: at(1) }];
    const directory = await directoryOf([REFERENCE], applies);
    const rule =
      'alert: Fewer, when: predictions < previous.predictions / 2 || w2h.predictions < 10, summary: x';
    const frames = async (hour: number) => {
      const { subjects } = await measure(store, directory, groupOf(rule), hour);
      return [...(subjects.find(({ each }) => each === 'model')?.others?.keys() ?? [])].sort();
    };
    expect(await frames(2)).toEqual([]);
    expect(await frames(3)).toEqual(['previous', 'w2h']);
  });

  it('is how many features went wrong, where a rule asks', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }, { hour: 1, shift: 60 }]);
    const rule = 'alert: Many, when: drifted_share > previous.drifted_share && features > 1, summary: x';
    const { subjects, rows } = await measure(store, directory, groupOf(rule), 2);
    const model = subjects.find(({ each }) => each === 'model');
    expect(figureOf(model, 'features')).toBe(2);
    expect(figureOf(model, 'drifted_share')).toBe(0.5);
    expect(model?.others?.get('previous')?.metrics.get('drifted_share')).toMatchObject({ value: 0 });
    expect(subjects.some(({ each }) => each === 'feature')).toBe(false);
    expect(rows).toContainEqual(
      expect.objectContaining({ metric: 'drifted_share', feature: '', value: 0.5 }),
    );
    const silent = await measure(store, directory, groupOf(SILENCE), 2);
    expect(figureOf(silent.subjects[0], 'drifted_share')).toBeUndefined();
  });

  it('is the segments that the group names, each by itself', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }, { hour: 1 }]);
    // Nothing else counts segments so far.
    await store.command(
      `INSERT INTO {database}.profile_parts
       SELECT * REPLACE (if(intDiv(toUnixTimestamp(pane), 3600) % 2 = 0, 'country=DE', 'device=tv') AS segment)
       FROM {database}.profile_parts`,
    );
    const seen = async (rule: string, more: string) => {
      const { subjects } = await measure(store, directory, groupOf(rule, more), 2);
      return subjects
        .filter(({ each }) => each !== 'prediction')
        .map(({ each, segment = 'all', feature = '' }) => `${each} ${feature} ${segment}`)
        .sort();
    };
    const hour = at(1) / HOUR;
    const segment = hour % 2 === 0 ? 'country=DE' : 'device=tv';
    const silence = 'alert: Silence, each: segment, when: predictions == 0, summary: x';
    expect(await seen(silence, '')).toEqual([`segment  ${segment}`]);
    expect(await seen(SILENCE, '')).toEqual(['model  all']);
    const drift = 'alert: Drift, each: feature, when: psi > 0.1, summary: x';
    expect(await seen(drift, `segments: ["${segment.slice(0, 4)}*"], against: previous,`)).toEqual([
      `feature amount ${segment}`,
      `feature country ${segment}`,
      `segment  ${segment}`,
    ]);
    expect(await seen(drift, 'segments: ["language=*"], against: previous,')).toEqual([]);
  });

  it('ends where a pane ends', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }, { hour: 1 }]);
    const group = groupOf(SILENCE);
    const ports = await measure(store, directory, { ...group, window: HOUR }, 1 + 7 / 60);
    expect(ports.subjects[0]?.window).toEqual({ from: at(0) + 5 * MINUTE, to: at(1) + 5 * MINUTE });
  });

  it.each([
    // Hours: 0 as ever, 1 shifted, 2 shifted in the same way; a week before hour 2, shifted likewise.
    ['baseline', 'large'],
    ['previous', 'small'],
    ['same_window_last_week', 'small'],
    ['rolling(2h)', 'medium'],
    ['version(8)', 'large'],
  ])('compares with %s: the shift is %s', async (against, size) => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [
      { hour: 0 },
      { hour: 1, shift: 40 },
      { hour: 2, shift: 40 },
      { hour: 2, version: '8' },
      { hour: 2 - 7 * 24, shift: 40 },
    ]);
    const { subjects, rows } = await measure(store, directory, groupOf(DRIFT, `against: "${against}",`), 3);
    const distance = figureOf(featureIn(subjects, 'amount'), 'total_variation');
    const ranges: Readonly<Record<string, readonly [number, number]>> = {
      small: [0, 0.02],
      medium: [0.15, 0.3],
      large: [0.35, 0.6],
    };
    const [least, most] = ranges[size] ?? [1, 1];
    expect(distance).toBeGreaterThanOrEqual(least);
    expect(distance).toBeLessThanOrEqual(most);
    expect(new Set(rows.map((row) => (row as { against: string }).against))).toEqual(new Set([against]));
    // The version that is compared with has nothing to tell about itself.
    const own = figureOf(featureIn(subjects, 'amount', '8'), 'psi');
    if (against === 'version(8)') expect(own).toBe('no_data');
    else if (against === 'baseline') expect(own).toBeLessThan(0.1);
  });

  it('has nothing to compare with where there was no traffic, and says so', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }]);
    const group = groupOf(DRIFT, 'against: previous,');
    const { subjects } = await measure(store, directory, group, 1);
    expect(figureOf(featureIn(subjects, 'amount'), 'psi')).toBe('no_data');
    expect(figureOf(featureIn(subjects, 'amount'), 'mean')).toBeCloseTo(49.5);
  });

  it('judges a model by the window whose labels are due', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }, { hour: 1 }, { hour: 2 }]);
    // In hour 0 the model is always right, in hour 1 it is wrong about all fraud, in hour 2 nothing is labelled.
    const labels = [0, 1].flatMap((hour) =>
      eventsOf({ hour }).map(({ predictionId = '', prediction = '' }) =>
        labelOf({ predictionId, label: hour === 0 ? prediction : 'ok' }),
      ),
    );
    await store.insert(
      'labels',
      labels.map((label, offset) => labelRow(label, { topic: 'labels', partition: 0, offset })),
    );
    const judged = async (hour: number, delay: number) => {
      const { subjects, undecided } = await measure(store, directory, groupOf(ACCURACY), hour, {
        labels: { ...DEFAULT_LABELS, delay },
      });
      expect(undecided.performance).toEqual(new Set());
      const subject = subjects.find(({ each }) => each === 'performance');
      return {
        window: subject?.window,
        accuracy: figureOf(subject, 'accuracy'),
        labelled: figureOf(subject, 'labelled'),
      };
    };
    expect(await judged(3, 2 * HOUR)).toEqual({
      window: { from: at(0), to: at(1) },
      accuracy: 1,
      labelled: 400,
    });
    expect(await judged(3, HOUR)).toEqual({
      window: { from: at(1), to: at(2) },
      accuracy: 0.9,
      labelled: 400,
    });
    expect(await judged(3, 0)).toEqual({
      window: { from: at(2), to: at(3) },
      accuracy: 'no_data',
      labelled: 0,
    });
  });

  it('judges a regression by the errors of its numbers', async () => {
    const store = await stores.fresh();
    const numeric = (hour: number) => eventsOf({ hour }).map((event, i) => ({ ...event, prediction: i % 4 }));
    const baseline = baselineOf(numeric(-24));
    const directory = await directoryOf([baseline]);
    const open = chunkOf(directory);
    takeAll(open, numeric(0));
    await drainInto(store, open);
    const labels = numeric(0).map(({ predictionId = '', prediction }) =>
      labelOf({ predictionId, label: prediction + 0.5 }),
    );
    await store.insert(
      'labels',
      labels.map((label, offset) => labelRow(label, { topic: 'labels', partition: 0, offset })),
    );
    const rule = 'alert: Error, when: mae > 1, summary: x';
    const { subjects } = await measure(store, directory, groupOf(rule), 1, { task: 'regression' });
    const subject = subjects.find(({ each }) => each === 'performance');
    expect(figureOf(subject, 'mae')).toBe(0.5);
    expect(figureOf(subject, 'bias')).toBe(-0.5);
    expect(figureOf(subject, 'median_absolute_error')).toBe(0.5);
    // Labels 0.5, 1.5, 2.5 and 3.5, as often each.
    expect(figureOf(subject, 'mape')).toBeCloseTo((1 + 1 / 3 + 1 / 5 + 1 / 7) / 4, 12);
    expect(figureOf(subject, 'r2')).toBeCloseTo(1 - 0.25 / 1.25, 12);
  });

  it.each([
    ['with their classes', 'scored' as const],
    ['from the threshold on, where there are scores alone', undefined],
  ])('judges a model by its scores: %s', async (_name, named) => {
    const store = await stores.fresh();
    const policy = { positive: 'fraud', threshold: 0.75 };
    // Scores 0, 0.25, 0.5 and 1, as often each; the highest is always fraud, that of 0.5 every second time.
    const scored = (hour: number) =>
      eventsOf({ hour }).map((event, i) => {
        const score = [0, 0.25, 0.5, 1][i % 4] as number;
        const prediction = named && (score >= policy.threshold ? 'fraud' : 'ok');
        return { ...event, score, prediction };
      });
    const labelFor = (i: number): string => (i % 4 === 3 || i % 8 === 2 ? 'fraud' : 'ok');
    const reference = scored(-24).map((event, i) => ({ ...event, label: labelFor(i) }));
    const { performance } = referencePerformance(reference, { ...POLICY, ...policy });
    const baseline = baselineOf(reference, { performance });
    const directory = await directoryOf([baseline]);
    const open = chunkOf(directory);
    takeAll(open, scored(0));
    await drainInto(store, open);
    await store.insert(
      'labels',
      scored(0).map(({ predictionId = '' }, i) =>
        labelRow(labelOf({ predictionId, label: labelFor(i) }), { topic: 'labels', partition: 0, offset: i }),
      ),
    );
    const rule = 'alert: Ranking, when: roc_auc < baseline.roc_auc - 0.01, summary: x';
    const { subjects } = await measure(store, directory, groupOf(rule), 1, policy);
    const subject = subjects.find(({ each }) => each === 'performance');
    const expected = {
      accuracy: 7 / 8,
      precision: 1,
      recall: 2 / 3,
      // Against negatives at 0 and 0.25 (two parts each) and 0.5 (one part): wins of 2 * 5 and 1 * 4.5 of 3 * 5.
      roc_auc: 14.5 / 15,
      average_precision: (2 + 3 / 4) / 3,
      brier: (0.25 ** 2 + 0.5 ** 2) / 4,
      ece: 0.25 / 4,
      estimated_accuracy: (1 + 0.75 + 0.5 + 1) / 4,
    };
    for (const [metric, value] of Object.entries(expected) as [MetricName, number][]) {
      expect(figureOf(subject, metric), metric).toBeCloseTo(value, 12);
      expect(performance.get(metric)?.value, metric).toBeCloseTo(value, 12);
      expect(subject?.baselineMetrics.get(metric)).toMatchObject({ status: 'ok', n: 400 });
    }
    expect(figureOf(subject, 'log_loss')).toBeCloseTo((-Math.log(0.75) + Math.LN2) / 4, 12);
  });

  it('estimates the accuracy of a model at once, from its scores, labels or none', async () => {
    const store = await stores.fresh();
    const scored = (hour: number, scores: readonly number[]) =>
      eventsOf({ hour }).map((event, i) => ({ ...event, score: scores[i % scores.length] }));
    const baseline = baselineOf(scored(-24, [0.05, 0.95]));
    const directory = await directoryOf([baseline]);
    const open = chunkOf(directory);
    takeAll(open, scored(0, [0.05, 0.65]));
    await drainInto(store, open);
    const rule = 'alert: Doubt, when: estimated_accuracy < baseline.estimated_accuracy - 0.1, summary: x';
    for (const labels of [undefined, { ...DEFAULT_LABELS, delay: HOUR }]) {
      const policy = { positive: 'fraud', labels };
      const { subjects } = await measure(store, directory, groupOf(rule), 1, policy);
      expect(subjects.map(({ each }) => each)).toEqual(['model']);
      expect(figureOf(subjects[0], 'estimated_accuracy')).toBeCloseTo(0.8, 3);
      const before = subjects[0]?.baselineMetrics.get('estimated_accuracy');
      expect(before?.status === 'ok' && before.value).toBeCloseTo(0.95, 12);
    }
  });

  it('asks for no labels where none are expected', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }]);
    const { subjects } = await measure(store, directory, groupOf(ACCURACY), 1, { labels: undefined });
    expect(subjects.filter(({ each }) => each === 'performance')).toEqual([]);
  });
});
