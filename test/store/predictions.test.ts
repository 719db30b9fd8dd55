import { expect, it } from 'vitest';
import { type LogPlace, labelRow, predictionRow } from '../../src/store/predictions.ts';
import { labelOf, MORNING, predictionOf } from '../support/events.ts';

function ordinalOf(place: LogPlace, timestamp = MORNING): bigint {
  const label = labelRow(labelOf({ predictionId: 'p', timestamp }), place) as { ordinal: string };
  const prediction = predictionRow(predictionOf({ timestamp }), 'p', place) as { ordinal: string };
  expect(prediction.ordinal).toBe(label.ordinal);
  return BigInt(label.ordinal);
}

it('orders what is known of one prediction by time, then by place in the log', () => {
  const place = { topic: 'labels', partition: 3, offset: 1_000_000 };
  expect(ordinalOf({ topic: 'labels', partition: 3, offset: 1_000_001 })).toBeGreaterThan(ordinalOf(place));
  expect(ordinalOf({ topic: 'labels', partition: 0, offset: 0 }, MORNING + 1)).toBeGreaterThan(
    ordinalOf(place),
  );
  expect(ordinalOf(place, Date.UTC(2199, 11, 31))).toBeLessThan(2n ** 64n);
});

it('tells events of the same instant apart that stand at the same offset of two partitions', () => {
  const ordinals = Array.from({ length: 64 }, (_, partition) =>
    ordinalOf({ topic: 'labels', partition, offset: 77 }),
  );
  expect(new Set(ordinals).size).toBe(64);
});
