import { z } from 'zod';
import type { AlertNotification, RetrainRequest } from '../../src/notify/notification.ts';
import {
  type NotifyOptions,
  notifyOptionsShape,
  type ReceiverOptions,
} from '../../src/notify/receiver-options.ts';
import type { RouteOptions } from '../../src/notify/route-options.ts';
import type { Alert, AlertTransition } from '../../src/rules/alert.ts';

export const INSTANT = Date.UTC(2026, 10, 22, 9);
export const WINDOW = { from: Date.UTC(2026, 10, 22, 8), to: INSTANT };
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Options as the configuration would hold them, defaults filled in. */
export function optionsOf(written: object): NotifyOptions {
  return z.strictObject(notifyOptionsShape).parse(written);
}

export function routeOf(route: object): RouteOptions {
  const parsed = optionsOf({ route }).route;
  if (parsed === undefined) throw new Error('no route');
  return parsed;
}

export function receiversOf(...receivers: object[]): readonly ReceiverOptions[] {
  return optionsOf({ receivers }).receivers;
}

/** A firing FeatureDrift of fraud 7; `labels` are added to its own. */
export function alertOf(change: Partial<Alert> = {}): Alert {
  const labels = {
    alertname: 'FeatureDrift',
    model: 'fraud',
    version: '7',
    feature: 'amount',
    severity: 'warning',
    ...change.labels,
  };
  return {
    status: 'firing',
    ruleGroup: 'fraud-inputs',
    annotations: { summary: `${labels.feature} of ${labels.model} drifted` },
    values: { psi: 0.31, q_value: 1.234567e-9 },
    baselineValues: {},
    window: WINDOW,
    since: WINDOW.from,
    fingerprint: JSON.stringify(labels),
    ...change,
    labels,
  };
}

export function fires(alert: Alert): AlertTransition {
  return transition(alert, 'pending', 'firing');
}

export function resolves(alert: Alert): AlertTransition {
  return transition({ ...alert, status: 'resolved' }, 'firing', 'resolved');
}

export function transition(
  alert: Alert,
  from: AlertTransition['from'],
  to: AlertTransition['to'],
): AlertTransition {
  return { id: `${alert.fingerprint}${to}`, alert, from, to, reason: 'condition', at: INSTANT };
}

export function notificationOf(change: Partial<AlertNotification> = {}): AlertNotification {
  return {
    kind: 'alerts',
    id: '0123456789abcdef0123456789abcdef',
    receiver: 'team/slack/0',
    status: 'firing',
    ruleGroup: 'fraud-inputs',
    groupLabels: { model: 'fraud', version: '7' },
    alerts: [alertOf()],
    window: WINDOW,
    at: INSTANT,
    link: 'https://driftd.example/models/fraud?version=7&to=1',
    ...change,
  };
}

export function retrainOf(change: Partial<RetrainRequest> = {}): RetrainRequest {
  return {
    kind: 'retrain',
    id: 'fedcba9876543210fedcba9876543210',
    target: 'pipeline',
    model: 'fraud',
    version: '7',
    baselineId: 'b1',
    alerts: [alertOf({ labels: { alertname: 'AccuracyDrop' }, retrain: 'pipeline' })],
    window: WINDOW,
    trainingPeriod: { from: INSTANT - 28 * DAY, to: INSTANT },
    at: INSTANT,
    link: 'https://driftd.example/models/fraud',
    ...change,
  };
}
