import type { Labels } from '../rules/alert.ts';
import type { RouteOptions } from './receiver-options.ts';

/**
 * The receivers of an alert, as Alertmanager finds them: routes are tried in order, the first that fits wins unless it
 * says `continue`, and the receiver at the root takes what no route fits. A receiver is named once, however many routes lead to it.
 */
export function receiversFor(route: RouteOptions, labels: Labels): string[] {
  const receivers = new Set<string>();
  for (const child of route.routes) {
    if (!child.matchers.every((matcher) => matcher.matches(labels))) continue;
    receivers.add(child.receiver);
    if (!child.continue) break;
  }
  return receivers.size === 0 ? [route.receiver] : [...receivers];
}
