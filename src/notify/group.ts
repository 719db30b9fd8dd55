import type { Millis } from '../base/clock.ts';
import type { Alert, AlertTransition, Labels, Period } from '../rules/alert.ts';
import type { AlertNotification } from './notification.ts';
import { notificationId, sortedEntries } from './notification-id.ts';
import { integrationsOf, type ReceiverIntegration } from './receiver-integrations.ts';
import type { ReceiverOptions, RouteOptions } from './receiver-options.ts';
import { receiversFor } from './route.ts';
import { worstFirst } from './worst-first.ts';

export interface GroupingInput {
  /** What changed at this instant in this rule group. */
  readonly transitions: readonly AlertTransition[];
  /** The alerts of the rule group after those changes; only the firing ones count. */
  readonly active: readonly Alert[];
  readonly route: RouteOptions | undefined;
  readonly receivers: readonly ReceiverOptions[];
  readonly ruleGroup: string;
  readonly instant: Millis;
  readonly window: Period;
  readonly link: (groupLabels: Labels, window: Period) => string;
}

interface Group {
  readonly receiver: string;
  readonly labels: Labels;
  readonly alerts: Alert[];
}

/**
 * Decides who is told what at one instant: one message per integration and group in which an alert began to fire or
 * resolved. It carries all firing alerts of the group and those that resolved just now, worst first. As in Alertmanager,
 * an integration with `send_resolved: false` sees no resolved alerts and hears nothing when there is nothing else to say.
 */
export function notificationsFor(input: GroupingInput): AlertNotification[] {
  const changed = new Map<string, Alert>();
  for (const { alert, from, to } of input.transitions) {
    if (to === 'resolved' || (to === 'firing' && from !== 'firing')) changed.set(alert.fingerprint, alert);
  }
  const relevant = new Map(changed);
  for (const alert of input.active) if (alert.status === 'firing') relevant.set(alert.fingerprint, alert);

  return [...groupsOf(relevant.values(), input)].flatMap((group) => {
    const receiver = input.receivers.find(({ name }) => name === group.receiver);
    return (receiver === undefined ? [] : integrationsOf(receiver)).flatMap((integration) => {
      const alerts = group.alerts.filter(({ status }) => status === 'firing' || integration.sendResolved);
      return alerts.some(({ fingerprint }) => changed.has(fingerprint))
        ? [notification(integration, group.labels, alerts, input)]
        : [];
    });
  });
}

function groupsOf(alerts: Iterable<Alert>, { route, receivers }: GroupingInput): Group[] {
  if (route === undefined) return [];
  const groups = new Map<string, Group>();
  for (const alert of alerts) {
    const labels = pick(alert.labels, route.group_by);
    for (const receiver of receiversFor(route, alert.labels)) {
      const key = JSON.stringify([
        receivers.findIndex(({ name }) => name === receiver),
        sortedEntries(labels),
      ]);
      const group = groups.get(key) ?? { receiver, labels, alerts: [] };
      group.alerts.push(alert);
      groups.set(key, group);
    }
  }
  // By key, so that the order does not depend on which alert came first.
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function pick(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = labels[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function notification(
  integration: ReceiverIntegration,
  groupLabels: Labels,
  alerts: readonly Alert[],
  { ruleGroup, instant, window, link }: GroupingInput,
): AlertNotification {
  return {
    kind: 'alerts',
    id: notificationId(integration.key, ruleGroup, groupLabels, instant),
    receiver: integration.key,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    ruleGroup,
    groupLabels,
    alerts: worstFirst(alerts),
    window,
    at: instant,
    link: link(groupLabels, window),
  };
}
