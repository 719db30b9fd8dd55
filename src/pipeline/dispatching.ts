import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { Delivery } from '../notify/delivery.ts';
import type { DispatchEntry, DispatchOutcome } from '../notify/dispatch.ts';
import type { AlertNotification } from '../notify/notification.ts';
import { pendingRow } from '../notify/outbox-row.ts';
import type { NotifyOptions } from '../notify/receiver-options.ts';
import type { Alert } from '../rules/alert.ts';
import { newestTransitions } from '../store/alert-transitions.ts';
import type { Store } from '../store/client.ts';
import {
  type NotificationLogRow,
  newestConversations,
  saveLogRows,
  strandedNotifications,
} from '../store/notification-log.ts';
import { saveNotifications } from '../store/notifications.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Dispatcher } from './dispatcher.ts';
import type { LinkFor } from './links.ts';
import { toStored } from './outbox.ts';
import type { Suppressions } from './suppressions.ts';

export interface DispatchingParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly store: Store;
  readonly notify: NotifyOptions;
  readonly link: LinkFor;
  readonly delivery: Delivery;
  readonly suppressions: Suppressions;
  /** Whether a message about a group is still on its way to an integration. */
  readonly waits: Delivery['waits'];
  /** Throws when another process may dispatch by now. */
  readonly assertOwner: () => void;
}

/** Wires the dispatcher to the store and to the outbox. */
export function createDispatcher(parts: DispatchingParts): Dispatcher {
  const { clock, store, suppressions } = parts;
  return new Dispatcher(parts.notify, {
    newestConversations: async () =>
      (await newestConversations(store)).map(({ state, ...row }) => ({ ...row, state: JSON.parse(state) })),
    saveEntries: async (entries) => {
      parts.assertOwner();
      await saveLogRows(store, entries.map(logRow));
    },
    strandedNotifications: async () =>
      (await strandedNotifications(store)).map((text) => JSON.parse(text) as AlertNotification),
    project: (notifications) =>
      saveNotifications(
        store,
        notifications.map((notification) => toStored(pendingRow(notification, clock.now()))),
      ),
    deliver: () => parts.delivery.refresh(),
    newestTransitions: async (fingerprints) =>
      (await newestTransitions(store, fingerprints)).map(({ alert, to, at }) => ({
        at,
        alert: { ...(JSON.parse(alert) as Alert), status: to === 'resolved' ? 'resolved' : 'firing' },
      })),
    suppressions: () => suppressions,
    link: parts.link,
    waits: parts.waits,
    onStep: observer(parts),
  });
}

function logRow({ state, notification, ...entry }: DispatchEntry): NotificationLogRow {
  return {
    ...entry,
    state: JSON.stringify(state),
    notificationId: notification?.id ?? '',
    notification: notification === undefined ? '' : JSON.stringify(notification),
  };
}

const SUPPRESSING: ReadonlySet<string> = new Set([
  'silenced',
  'inhibited',
  'muted',
  'acknowledged',
  'undelivered',
]);

/** Counts, and tells in the log once when a group is not told. */
function observer({ logger, telemetry }: DispatchingParts): (outcome: DispatchOutcome) => void {
  let reasons = new Map<string, string>();
  return ({ decisions, marks }) => {
    const now = new Map<string, string>();
    for (const { receiver, groupKey, reason, mutedBy } of decisions) {
      const key = JSON.stringify([receiver, groupKey]);
      now.set(key, reason);
      if (!SUPPRESSING.has(reason) || reasons.get(key) === reason) continue;
      telemetry.notificationsSuppressed.inc({ reason });
      logger.info(
        { receiver, group: groupKey, reason, ...(mutedBy.length > 0 && { mutedBy }) },
        'not telling for now',
      );
    }
    reasons = now;
    const all = [...marks.values()];
    const suppressed = all.filter(
      ({ silencedBy, inhibitedBy }) => silencedBy.length + inhibitedBy.length > 0,
    );
    telemetry.markedAlerts.set({ state: 'suppressed' }, suppressed.length);
    telemetry.markedAlerts.set({ state: 'active' }, all.length - suppressed.length);
    telemetry.aggregationGroups.set(new Set(decisions.map(({ groupKey }) => groupKey)).size);
  };
}
