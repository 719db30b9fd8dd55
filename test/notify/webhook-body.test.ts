import { describe, expect, it } from 'vitest';
import { alertsBody } from '../../src/notify/webhook-body.ts';
import { alertOf, notificationOf } from './examples.ts';

const window = { from: '2026-11-22T08:00:00.000Z', to: '2026-11-22T09:00:00.000Z' };

describe('alertsBody', () => {
  it('has the published shape', () => {
    const distributions = {
      kind: 'numeric' as const,
      labels: ['up to 1', 'above 1'],
      reference: [0.9, 0.1],
      current: [0.2, 0.8],
    };
    const against = 'baseline 3f0c9d2e1a7b';
    const alert = alertOf({ change: 'median 1 -> 2', baselineValues: { psi: 0 }, against, distributions });
    expect(alertsBody(notificationOf({ alerts: [alert] }))).toEqual({
      version: 1,
      type: 'alerts.firing',
      timestamp: '2026-11-22T09:00:00.000Z',
      data: {
        id: '0123456789abcdef0123456789abcdef',
        receiver: 'team',
        status: 'firing',
        rule_group: 'fraud-inputs',
        group_labels: { model: 'fraud', version: '7' },
        alerts: [
          {
            fingerprint: alert.fingerprint,
            status: 'firing',
            labels: alert.labels,
            annotations: { summary: 'amount of fraud drifted' },
            values: { psi: 0.31, q_value: 1.234567e-9 },
            baseline_values: { psi: 0 },
            change: 'median 1 -> 2',
            against,
            distributions,
            explanation: null,
            window,
            since: '2026-11-22T08:00:00.000Z',
          },
        ],
        window,
        link: 'https://driftd.example/models/fraud?version=7&to=1',
      },
    });
  });
});
