import { describe, expect, it } from 'vitest';
import { pagerdutyEvent } from '../../../src/notify/receivers/pagerduty-event.ts';
import { alertOf, notificationOf } from '../examples.ts';
import { hostileNotification } from '../hostile.ts';

const critical = alertOf({
  labels: { alertname: 'AccuracyDrop', severity: 'critical', feature: '__label__' },
  annotations: { summary: 'Accuracy of fraud fell to 0.71', runbook_url: 'https://runbooks.example/acc' },
  against: 'baseline 3f0c9d2e1a7b',
});

describe('pagerdutyEvent', () => {
  it('triggers an incident that says what, how bad, since when and where to look', () => {
    expect(pagerdutyEvent(notificationOf({ alerts: [critical, alertOf()] }), 'error')).toEqual({
      event_action: 'trigger',
      dedup_key: expect.stringMatching(/^[0-9a-f]{32}$/),
      client: 'driftd',
      client_url: 'https://driftd.example/models/fraud?version=7&to=1',
      links: [
        { href: 'https://driftd.example/models/fraud?version=7&to=1', text: 'Look at the details' },
        { href: 'https://runbooks.example/acc', text: 'Runbook' },
      ],
      payload: {
        summary: 'fraud, version 7: 2 alerts firing. Accuracy of fraud fell to 0.71',
        source: 'fraud, version 7',
        severity: 'critical',
        timestamp: '2026-11-22T09:00:00.000Z',
        class: 'AccuracyDrop',
        group: 'fraud-inputs',
        custom_details: {
          facts: [
            '2 firing: 1 AccuracyDrop, 1 FeatureDrift',
            'Window 2026-11-22 08:00 to 09:00 UTC, rules fraud-inputs',
            'Going on since 2026-11-22 08:00 UTC',
          ],
          alerts: [
            {
              alert: 'AccuracyDrop (critical) __label__',
              summary: 'Accuracy of fraud fell to 0.71',
              values: 'psi 0.31, q_value 1.235e-9',
              times: 'since 2026-11-22 08:00 UTC, against baseline 3f0c9d2e1a7b',
            },
            expect.objectContaining({ alert: 'FeatureDrift (warning) amount' }),
          ],
        },
      },
    });
  });

  it('ends the very incident that it began', () => {
    const begun = pagerdutyEvent(notificationOf(), 'error');
    const over = pagerdutyEvent(
      notificationOf({ id: 'later', status: 'resolved', alerts: [alertOf({ status: 'resolved' })] }),
      'error',
    );
    expect(over.event_action).toBe('resolve');
    expect(over.dedup_key).toBe(begun.dedup_key);
    const other = pagerdutyEvent(notificationOf({ groupLabels: { model: 'churn' } }), 'error');
    expect(other.dedup_key).not.toBe(begun.dedup_key);
  });

  it.each([
    ['critical', 'critical'],
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'info'],
    ['page', 'info'],
    ['', 'info'],
  ])('takes the severity %j for %s', (severity, expected) => {
    const alerts = [alertOf({ labels: { severity } })];
    expect(pagerdutyEvent(notificationOf({ alerts }), 'info').payload.severity).toBe(expected);
  });

  it('stays far below what PagerDuty takes, for 500 alerts with huge names', () => {
    const event = pagerdutyEvent(hostileNotification(), 'error');
    expect(event.payload.summary.length).toBeLessThanOrEqual(1_024);
    expect(JSON.stringify(event).length).toBeLessThan(64_000);
    expect(event.links).toEqual([]);
    expect(event.payload.custom_details['more']).toMatch(/^\.\.\. and 490 more not shown/);
  });
});
