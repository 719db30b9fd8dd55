import type { Millis } from '../base/clock.ts';
import type { Alert } from '../rules/alert.ts';
import { receiverName } from './integration-key.ts';
import type { AlertNotification, RetrainRequest } from './notification.ts';

const HOUR: Millis = 3_600_000;

interface About {
  readonly id: string;
  readonly now: Millis;
  readonly link: string;
}

/** A message that looks as one about a drift does, and says that it is none. */
export function testNotification(
  integration: string,
  status: 'firing' | 'resolved',
  about: About,
): AlertNotification {
  const alert = testAlert(
    `This is a test of the receiver ${receiverName(integration)}. Nothing has drifted.`,
    status,
    about,
  );
  const { window, labels } = alert;
  return {
    kind: 'alerts',
    id: about.id,
    receiver: integration,
    status,
    ruleGroup: alert.ruleGroup,
    groupLabels: { model: labels['model'] ?? '' },
    alerts: [alert],
    window,
    // What is over is told behind what began.
    at: status === 'firing' ? about.now - 1 : about.now,
    link: about.link,
  };
}

/** A request that looks as one for a new model does, and is marked as a test. */
export function testRequest(target: string, about: About): RetrainRequest {
  const alert = testAlert(
    `This is a test of the retraining target ${target}. No model is wanted.`,
    'firing',
    about,
  );
  return {
    kind: 'retrain',
    id: about.id,
    target,
    model: alert.labels['model'] ?? '',
    version: 'test',
    baselineId: undefined,
    alerts: [alert],
    window: alert.window,
    trainingPeriod: alert.window,
    at: about.now,
    link: about.link,
    test: true,
  };
}

function testAlert(summary: string, status: 'firing' | 'resolved', { now }: About): Alert {
  const window = { from: now - HOUR, to: now };
  return {
    fingerprint: 'driftd-send-test',
    status,
    ruleGroup: 'driftd send-test',
    labels: { alertname: 'DriftdTest', model: 'driftd-test', feature: 'example', severity: 'info' },
    annotations: { summary },
    values: { psi: 0.31 },
    baselineValues: {},
    change: 'median 41.2 -> 88',
    against: 'an example',
    distributions: {
      kind: 'numeric',
      labels: ['up to 20', '20 .. 40', '40 .. 60', '60 .. 80', '80 .. 100', 'above 100'],
      reference: [0.1, 0.35, 0.3, 0.15, 0.07, 0.03],
      current: [0.02, 0.05, 0.13, 0.22, 0.33, 0.25],
    },
    window,
    since: window.from,
  };
}
