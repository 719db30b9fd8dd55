import type { Millis } from '../base/clock.ts';
import type { Labels } from '../rules/alert.ts';
import { type Matcher, matcherText } from './matcher.ts';
import type { ChildRouteOptions, RouteOptions } from './route-options.ts';

/** A route with everything that it inherits. */
export interface Route {
  /** The matchers on the way to it, as Alertmanager writes them: `{}/{severity="critical"}`. The same after every reload. */
  readonly key: string;
  readonly receiver: string;
  readonly matchers: readonly Matcher[];
  readonly continues: boolean;
  readonly groupBy: readonly string[];
  readonly groupWait: Millis;
  readonly groupInterval: Millis;
  readonly repeatInterval: Millis;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly Route[];
}

/** The routing tree, inheritance resolved. */
export function routeTree(options: RouteOptions): Route {
  const root: Route = {
    key: '{}',
    receiver: options.receiver,
    matchers: [],
    continues: false,
    groupBy: options.group_by,
    groupWait: options.group_wait,
    groupInterval: options.group_interval,
    repeatInterval: options.repeat_interval,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    routes: [],
  };
  return { ...root, routes: childrenOf(root, options.routes) };
}

function childrenOf(parent: Route, options: readonly ChildRouteOptions[]): Route[] {
  const twins = new Map<string, number>();
  return options.map((child) => {
    const matchers = `{${child.matchers.map(matcherText).sort().join(', ')}}`;
    // Two routes with the same matchers side by side are two routes.
    const twin = (twins.get(matchers) ?? 0) + 1;
    twins.set(matchers, twin);
    const route: Route = {
      key: `${parent.key}/${matchers}${twin === 1 ? '' : `#${twin}`}`,
      receiver: child.receiver ?? parent.receiver,
      matchers: child.matchers,
      continues: child.continue,
      groupBy: child.group_by ?? parent.groupBy,
      groupWait: child.group_wait ?? parent.groupWait,
      groupInterval: child.group_interval ?? parent.groupInterval,
      repeatInterval: child.repeat_interval ?? parent.repeatInterval,
      muteTimeIntervals: child.mute_time_intervals,
      activeTimeIntervals: child.active_time_intervals,
      routes: [],
    };
    return { ...route, routes: childrenOf(route, child.routes) };
  });
}

/**
 * The routes that an alert takes, as Alertmanager finds them: at each node the children are tried in order, the first that
 * fits wins unless it says `continue`, and the node itself takes what no child fits. Empty when the node does not fit.
 */
export function routesFor(route: Route, labels: Labels): Route[] {
  if (!route.matchers.every((matcher) => matcher.matches(labels))) return [];
  const taken: Route[] = [];
  for (const child of route.routes) {
    const below = routesFor(child, labels);
    taken.push(...below);
    if (below.length > 0 && !child.continues) break;
  }
  return taken.length === 0 ? [route] : taken;
}

/** The labels that an alert is grouped by on a route, as far as it has them. */
export function groupLabelsOf({ groupBy }: Route, labels: Labels): Labels {
  if (groupBy.includes('...')) return labels;
  return Object.fromEntries(
    groupBy.flatMap((name) => {
      const value = labels[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
