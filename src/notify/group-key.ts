import type { Notification } from './notification.ts';

/** The same over all messages about one group of alerts, so that what comes later replaces or follows what came before. */
export function groupKeyOf(notification: Notification): string {
  if (notification.kind === 'retrain') return JSON.stringify([notification.model, notification.version]);
  return notification.groupKey ?? JSON.stringify([notification.ruleGroup, notification.groupLabels]);
}
