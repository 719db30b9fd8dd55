import { describe, expect, it } from 'vitest';
import { alertmanagerAlerts } from '../../../src/notify/receivers/alertmanager-alert.ts';
import { alertOf, HOUR, INSTANT, WINDOW } from '../examples.ts';

const TIMES = { now: INSTANT + HOUR, firingUntil: INSTANT + HOUR + 240_000 };

describe('alertmanagerAlerts', () => {
  it('are what the API takes, and hold until they have not been heard of for a while', () => {
    const alert = alertOf({
      labels: { segment: '' },
      change: 'median 41.2 -> 88.0',
      against: 'baseline 3f0c9d2e1a7b',
      distributions: { kind: 'numeric', labels: ['a', 'b'], reference: [0.9, 0.1], current: [0.1, 0.9] },
    });
    expect(alertmanagerAlerts([alert], { ...TIMES, link: 'https://grafana.example/d/x' })).toEqual([
      {
        labels: {
          alertname: 'FeatureDrift',
          model: 'fraud',
          version: '7',
          feature: 'amount',
          severity: 'warning',
        },
        annotations: {
          summary: 'amount of fraud drifted',
          change: 'median 41.2 -> 88.0',
          values: 'psi 0.31, q_value 1.235e-9',
          against: 'baseline 3f0c9d2e1a7b',
          reference: '█▁',
          now: '▁█',
        },
        startsAt: '2026-11-22T08:00:00.000Z',
        endsAt: '2026-11-22T10:04:00.000Z',
        generatorURL: 'https://grafana.example/d/x',
      },
    ]);
  });

  it.each([
    ['when it was resolved', INSTANT, INSTANT],
    ['now, when that lies ahead', INSTANT + 9 * HOUR, TIMES.now],
    ['behind its beginning, whatever happens', WINDOW.from - HOUR, WINDOW.from + 1],
  ])('end %s', (_, resolvedAt, end) => {
    const [alert] = alertmanagerAlerts([alertOf({ status: 'resolved' })], { ...TIMES, resolvedAt });
    expect(alert?.endsAt).toBe(new Date(end).toISOString());
    expect(Date.parse(alert?.endsAt ?? '')).toBeGreaterThan(Date.parse(alert?.startsAt ?? ''));
  });

  it('have no link that is none', () => {
    expect(alertmanagerAlerts([alertOf()], { ...TIMES, link: 'not a link' })[0]).not.toHaveProperty(
      'generatorURL',
    );
  });
});
