import { didYouMean } from '../base/nearest.ts';
import type { NotifyOptions } from './receiver-options.ts';
import type { ChildRouteOptions, RouteOptions } from './route-options.ts';

/** Something wrong with options that are each well formed. The path leads to the value in the configuration. */
export interface OptionFault {
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

/** Finds names that are used but not defined, or defined twice, in receivers, routes, time intervals and retraining. */
export function checkNotifyReferences(options: NotifyOptions): OptionFault[] {
  const faults = [
    ...duplicates('receivers', 'receiver', options.receivers),
    ...duplicates('time_intervals', 'time interval', options.time_intervals),
    ...duplicates('retraining', 'retraining target', options.retraining),
  ];
  const { route } = options;
  if (route !== undefined) return [...faults, ...routeFaults(options, route)];
  if (options.receivers.length > 0) {
    faults.push({
      path: ['receivers'],
      message: 'nothing leads to these receivers; add a route with a receiver',
    });
  }
  return faults;
}

function routeFaults(options: NotifyOptions, root: RouteOptions): OptionFault[] {
  const receivers = options.receivers.map(({ name }) => name);
  const intervals = options.time_intervals.map(({ name }) => name);
  const visit = (route: RouteOptions | ChildRouteOptions, path: OptionFault['path']): OptionFault[] => [
    ...unknown('receiver', route.receiver, receivers, [...path, 'receiver']),
    ...route.routes.flatMap((child, index) => {
      const below = [...path, 'routes', index];
      const timed = (['mute_time_intervals', 'active_time_intervals'] as const).flatMap((key) =>
        child[key].flatMap((name, at) => unknown('time interval', name, intervals, [...below, key, at])),
      );
      return [...timed, ...visit(child, below)];
    }),
  ];
  return visit(root, ['route']);
}

function unknown(
  what: string,
  name: string | undefined,
  known: readonly string[],
  path: OptionFault['path'],
): OptionFault[] {
  if (name === undefined || known.includes(name)) return [];
  return [{ path, message: `unknown ${what} "${name}"${didYouMean(name, known)}` }];
}

function duplicates(
  key: string,
  what: string,
  items: ReadonlyArray<{ readonly name: string }>,
): OptionFault[] {
  const seen = new Set<string>();
  return items.flatMap(({ name }, index): OptionFault[] => {
    if (seen.has(name))
      return [{ path: [key, index, 'name'], message: `there is another ${what} "${name}" above` }];
    seen.add(name);
    return [];
  });
}
