import type { Labels } from '../rules/alert.ts';
import { matcherText } from './matcher.ts';
import { sortedEntries } from './notification-id.ts';
import { groupLabelsOf, type Route, routesFor } from './route-tree.ts';

/** Alerts that go to one receiver in one message. */
export interface AlertGroup<Event> {
  /** Route and group labels, as Alertmanager writes them: `{}/{severity="critical"}:{model="fraud"}`. */
  readonly key: string;
  readonly route: Route;
  readonly labels: Labels;
  readonly alerts: readonly Event[];
}

/** Sorts alerts into groups, in an order that does not depend on that of the alerts. */
export function alertGroups<Event extends { readonly alert: { readonly labels: Labels } }>(
  root: Route,
  events: Iterable<Event>,
): AlertGroup<Event>[] {
  const groups = new Map<string, AlertGroup<Event> & { readonly alerts: Event[] }>();
  for (const event of events) {
    for (const route of routesFor(root, event.alert.labels)) {
      const labels = groupLabelsOf(route, event.alert.labels);
      const key = `${route.key}:${labelsText(labels)}`;
      const group = groups.get(key) ?? { key, route, labels, alerts: [] };
      group.alerts.push(event);
      groups.set(key, group);
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function labelsText(labels: Labels): string {
  const texts = sortedEntries(labels).map(([label, value]) => matcherText({ label, operator: '=', value }));
  return `{${texts.join(', ')}}`;
}
