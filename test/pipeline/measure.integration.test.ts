import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../src/metrics/table.ts';
import type { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import { measureGroup } from '../../src/pipeline/measure.ts';
import type { ModelPolicy } from '../../src/pipeline/model-policy.ts';
import type { Subject } from '../../src/rules/evaluate-group.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Store } from '../../src/store/client.ts';
import { saveMetrics } from '../../src/store/metrics.ts';
import { confusionCounts, errorSums } from '../../src/store/performance.ts';
import { labelRow } from '../../src/store/predictions.ts';
import { mergedProfiles, profiledPeriods } from '../../src/store/profile-parts.ts';
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
  return measureGroup(group, at(hour), {
    directory,
    policies: () => ({ ...POLICY, ...policy }),
    mergedProfiles: (baseline, model, period) =>
      mergedProfiles(
        store,
        { model, segment: '', baselineId: baseline.id, ...period },
        new Map([...baseline.features].map(([name, { spec }]) => [name, spec])),
      ),
    lastSeen: async (model) => (await profiledPeriods(store)).filter((period) => period.model === model),
    confusionCounts: (model, period) => confusionCounts(store, { model, ...period }),
    errorSums: (model, period) => errorSums(store, { model, ...period }),
  });
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
      labels.map((label, offset) => labelRow(label, offset)),
    );
    const judged = async (hour: number, delay: number) => {
      const { subjects, undecided } = await measure(store, directory, groupOf(ACCURACY), hour, {
        labels: { delay },
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
      labels.map((label, offset) => labelRow(label, offset)),
    );
    const rule = 'alert: Error, when: mae > 1, summary: x';
    const { subjects } = await measure(store, directory, groupOf(rule), 1, { task: 'regression' });
    const subject = subjects.find(({ each }) => each === 'performance');
    expect(figureOf(subject, 'mae')).toBe(0.5);
    expect(figureOf(subject, 'bias')).toBe(-0.5);
  });

  it('asks for no labels where none are expected', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, [{ hour: 0 }]);
    const { subjects } = await measure(store, directory, groupOf(ACCURACY), 1, { labels: undefined });
    expect(subjects.filter(({ each }) => each === 'performance')).toEqual([]);
  });
});
