import { describe, expect, it } from 'vitest';
import { fittingData, retrainBody } from '../../src/notify/retrain-body.ts';
import { alertOf, retrainOf } from './examples.ts';

const window = { from: '2026-11-22T08:00:00.000Z', to: '2026-11-22T09:00:00.000Z' };

const distributions = {
  kind: 'numeric' as const,
  labels: ['up to 1', 'above 1'],
  reference: [0.9, 0.1],
  current: [0.2, 0.8],
};

function many(count: number) {
  return retrainOf({
    alerts: Array.from({ length: count }, (_, i) => alertOf({ labels: { feature: `f${i}` }, distributions })),
  });
}

describe('retrainBody', () => {
  it('says why, and what to train on', () => {
    const callbackUrl = 'https://driftd.example/v1/retrains/1';
    expect(retrainBody(retrainOf({ baselineId: undefined, callbackUrl }))).toMatchObject({
      version: 1,
      type: 'retrain.requested',
      data: {
        target: 'pipeline',
        model: 'fraud',
        version: '7',
        baseline_id: null,
        alerts: [{ labels: { alertname: 'AccuracyDrop' }, change: null, values: { psi: 0.31 } }],
        alerts_omitted: 0,
        window,
        training_period: { from: '2026-10-25T09:00:00.000Z', to: '2026-11-22T09:00:00.000Z' },
        callback_url: callbackUrl,
        test: false,
      },
    });
  });
});

describe('fittingData', () => {
  it('says everything where there is room', () => {
    const data = fittingData(many(3), 1_000_000);
    expect(data.alerts.map((alert) => alert.distributions)).toEqual([
      distributions,
      distributions,
      distributions,
    ]);
    expect(data.alerts_omitted).toBe(0);
  });

  it('leaves the distributions out first, then the mildest alerts, and says how many', () => {
    const whole = Buffer.byteLength(JSON.stringify(fittingData(many(100), 1_000_000)));
    const plain = fittingData(many(100), whole - 1);
    expect(plain.alerts).toHaveLength(100);
    expect(plain.alerts.every((alert) => alert.distributions === null)).toBe(true);
    const few = fittingData(many(100), 8_000);
    expect(Buffer.byteLength(JSON.stringify(few))).toBeLessThanOrEqual(8_000);
    expect(few.alerts.length).toBeGreaterThan(0);
    expect(few.alerts.length + few.alerts_omitted).toBe(100);
    expect(few.alerts[0]?.labels['feature']).toBe('f0');
  });
});
