import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { measureGroup } from '../../src/pipeline/measure.ts';
import { DEFAULT_LABELS } from '../../src/pipeline/model-policy.ts';
import { referencePerformance } from '../../src/pipeline/reference-performance.ts';
import { storedMeasurements } from '../../src/pipeline/stored-measurements.ts';
import type { Store } from '../../src/store/client.ts';
import { saveMetrics } from '../../src/store/metrics.ts';
import { baselineOf, HOUR, labelOf, MORNING, predictionOf } from '../support/events.ts';
import { chunkOf, directoryOf, drainInto, POLICY, takeAll } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { groupsOf } from './memory-evaluations.ts';

const FRAUD = { ...POLICY, positive: 'fraud', labels: { ...DEFAULT_LABELS, delay: 2 * HOUR } };

const [GROUP] = groupsOf(`
groups:
  - name: quality
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: Expected, when: estimated_f1 < baseline.estimated_f1 - 0.05, summary: x }
      - { alert: Broken, when: accuracy < estimated_accuracy - 0.05, summary: x }
`);

/** Scores that are too sure: what they call 0.9 comes true in three of four. */
function eventsIn(hour: number, count: number): PredictionEvent[] {
  const random = seededRandom(hour + 100);
  return Array.from({ length: count }, (_, i) => {
    const score = random();
    return predictionOf({
      timestamp: MORNING + hour * HOUR + Math.floor((i * HOUR) / count),
      predictionId: `${hour}-${i}`,
      prediction: score >= 0.5 ? 'fraud' : 'ok',
      score,
      label: random() < 0.2 + 0.6 * score ? 'fraud' : 'ok',
    });
  });
}

async function rowsOf(store: Store, end: string): Promise<Record<string, Record<string, number | null>>> {
  const rows = await store.query<{
    metric: string;
    value: number;
    lower: number | null;
    upper: number | null;
  }>(
    `SELECT metric, value, lower, upper FROM {database}.metrics FINAL
     WHERE feature = '' AND window_end = {end:DateTime64(3, 'UTC')} AND status = 'ok'`,
    { end },
  );
  return Object.fromEntries(rows.map(({ metric, ...rest }) => [metric, rest]));
}

describe.each(STORE_KINDS)('estimates: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('are stored with their band before labels come, and the realised metric beside them afterwards', async () => {
    const store = await stores.fresh();
    const reference = eventsIn(-48, 8_000);
    const baseline = baselineOf(reference, referencePerformance(reference, FRAUD));
    expect(baseline.calibration?.method).toBe('isotonic');
    const directory = await directoryOf([baseline]);
    const events = eventsIn(0, 2_000);
    const open = chunkOf(directory);
    takeAll(
      open,
      events.map((event) => ({ ...event, label: undefined })),
    );
    await drainInto(store, open);
    const ports = storedMeasurements(store, directory, () => FRAUD);

    const before = await measureGroup(GROUP!, MORNING + HOUR, ports);
    await saveMetrics(store, before.rows);
    const promised = await rowsOf(store, '2026-11-22 09:00:00.000');
    expect(promised).not.toHaveProperty('accuracy');
    // By themselves the scores would promise 0.75.
    expect(promised['estimated_accuracy']?.['value']).toBeCloseTo(0.65, 1);
    const model = before.subjects.find(({ each }) => each === 'model');
    expect(model?.baselineMetrics.get('estimated_f1')).toMatchObject({ status: 'ok', n: 8_000 });
    expect(model?.metrics.get('estimated_f1')).toMatchObject({
      baselineN: 8_000,
      method: expect.stringContaining('cannot see concept drift'),
    });

    const labels = chunkOf(directory, { topic: 'labels' });
    for (const [offset, { predictionId = '', label = '' }] of events.entries()) {
      const timestamp = MORNING + 2 * HOUR;
      labels.chunk.take(offset, timestamp);
      const value = labelOf({ predictionId, label, timestamp });
      labels.take({ offset, timestamp, value: null }, { kind: 'ok', value });
    }
    await drainInto(store, labels);
    await saveMetrics(store, (await measureGroup(GROUP!, MORNING + 3 * HOUR, ports)).rows);
    const after = await rowsOf(store, '2026-11-22 09:00:00.000');
    expect(after['estimated_accuracy']).toEqual(promised['estimated_accuracy']);
    for (const metric of ['accuracy', 'precision', 'recall', 'f1', 'roc_auc']) {
      const realised = after[metric]?.['value'] ?? Number.NaN;
      const { lower, upper } = after[`estimated_${metric}`] ?? {};
      expect(realised).toBeGreaterThan(lower ?? 1);
      expect(realised).toBeLessThan(upper ?? 0);
    }
  });
});
