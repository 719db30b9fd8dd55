import { expect, it } from 'vitest';
import { LabelCounts } from '../../src/pipeline/label-counts.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { MINUTE, MORNING } from '../support/events.ts';

it('labels without a prediction are counted by the instance that evaluates, every five minutes', async () => {
  const telemetry = createTelemetry();
  let [now, active, asked] = [MORNING, false, 0];
  const counts = new LabelCounts({
    clock: { now: () => now },
    telemetry,
    isActive: () => active,
    census: async () => {
      asked += 1;
      return [{ model: 'fraud', labelled: 7, predictionsWithoutLabel: 2, labelsWithoutPrediction: asked }];
    },
  });
  await counts.refresh();
  expect([asked, counts.of('fraud')]).toEqual([0, undefined]);
  active = true;
  await counts.refresh();
  now += 4 * MINUTE;
  await counts.refresh();
  expect(asked).toBe(1);
  now += MINUTE;
  await counts.refresh();
  expect(counts.of('fraud')).toEqual({ labelled: 7, predictionsWithoutLabel: 2, labelsWithoutPrediction: 2 });
  expect(await telemetry.registry.metrics()).toContain(
    'driftd_label_join{model="fraud",state="label_without_prediction"} 2',
  );
  active = false;
  await counts.refresh();
  expect(counts.of('fraud')).toBeUndefined();
  expect(await telemetry.registry.metrics()).not.toContain('driftd_label_join{');
});
