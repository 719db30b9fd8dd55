import type { AlertNotification } from '../../src/notify/notification.ts';
import { alertOf, notificationOf, WINDOW } from './examples.ts';

/** Names as no sane producer has them, but any may. */
export const HUGE = '<&>"`*[x](http://evil)\r\n😀'.repeat(1_000);

/** 500 alerts at once, each as large and as hostile as it can be. */
export function hostileNotification(): AlertNotification {
  const values = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}${HUGE}`, 1e-300]));
  const alerts = Array.from({ length: 500 }, (_, index) =>
    alertOf({
      labels: { alertname: `${index}${HUGE}`, feature: HUGE, segment: HUGE, severity: HUGE },
      annotations: { summary: HUGE, runbook_url: `https://x/${HUGE}` },
      against: HUGE,
      change: HUGE,
      values,
      baselineValues: { ...values, other: 1 },
      distributions: { kind: 'categorical', labels: [HUGE, HUGE], reference: [0.5, 0.5], current: [0, 1] },
      explanation: {
        lines: Array.from({ length: 20 }, (_, line) => `${index} ${line} ${HUGE}`),
        period: WINDOW,
        features: [],
      },
    }),
  );
  return notificationOf({ alerts, groupLabels: { model: HUGE, version: HUGE }, ruleGroup: HUGE, link: HUGE });
}
