import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../src/metrics/explanation.ts';
import { digestOf } from '../../../src/notify/message/digest.ts';
import { plainMessage } from '../../../src/notify/message/plain-message.ts';
import type { AlertNotification } from '../../../src/notify/notification.ts';
import { alertmanagerAlerts } from '../../../src/notify/receivers/alertmanager-alert.ts';
import { emailHtml } from '../../../src/notify/receivers/email-body.ts';
import { teamsMessage } from '../../../src/notify/receivers/msteams-card.ts';
import { pagerdutyEvent } from '../../../src/notify/receivers/pagerduty-event.ts';
import { slackPayload } from '../../../src/notify/receivers/slack-payload.ts';
import { alertsBody } from '../../../src/notify/webhook-body.ts';
import { alertOf, INSTANT, notificationOf, WINDOW } from '../examples.ts';

const LINES = ['Segments that got worse: country=BR 5 -> 80 % wrong.', 'No feature moved beyond noise.'];
const explanation: Explanation = {
  lines: LINES,
  period: WINDOW,
  features: [{ feature: 'amount', psiAdjusted: 0.3, qValue: 0.001, scoreShift: -0.1 }],
};
const labels = { alertname: 'AccuracyDrop', severity: 'critical' };
const fired = notificationOf({ alerts: [alertOf({ labels, explanation })] });
const over = notificationOf({
  status: 'resolved',
  alerts: [alertOf({ labels, explanation, status: 'resolved' })],
});

const RECEIVERS: ReadonlyArray<readonly [string, (notification: AlertNotification) => string]> = [
  ['slack', (notification) => JSON.stringify(slackPayload(notification)).replaceAll('&gt;', '>')],
  ['msteams', (notification) => JSON.stringify(teamsMessage(notification))],
  ['email', (notification) => emailHtml(digestOf(notification)).replaceAll('&gt;', '>')],
  ['plain text', (notification) => plainMessage(digestOf(notification))],
  ['pagerduty', (notification) => JSON.stringify(pagerdutyEvent(notification, 'error'))],
  [
    'alertmanager',
    ({ alerts }) => JSON.stringify(alertmanagerAlerts(alerts, { now: INSTANT, firingUntil: INSTANT + 1 })),
  ],
];

describe.each(RECEIVERS)('what %s is told', (_, write) => {
  it('has why an alert fires, and not any more when it is over', () => {
    for (const line of LINES) expect(write(fired)).toContain(line);
    for (const line of LINES) expect(write(over)).not.toContain(line);
  });
});

describe('an explanation', () => {
  it('is told once in a message, with the first alert that has it', () => {
    const other = alertOf({ labels: { ...labels, alertname: 'RecallDrop' }, explanation });
    const { alerts } = digestOf(notificationOf({ alerts: [...fired.alerts, other] }));
    expect(alerts.map((alert) => alert.explanation)).toEqual([LINES, []]);
  });

  it('is an object for those who read it by program', () => {
    const [alert] = alertsBody(fired).data.alerts;
    expect(alert?.explanation).toEqual({
      lines: LINES,
      period: { from: '2026-11-22T08:00:00.000Z', to: '2026-11-22T09:00:00.000Z' },
      reference: null,
      features: [{ feature: 'amount', psi_adjusted: 0.3, q_value: 0.001, score_shift: -0.1 }],
      segments: null,
    });
  });
});
