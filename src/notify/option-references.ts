import { didYouMean } from '../base/nearest.ts';
import type { NotifyOptions } from './receiver-options.ts';

/** Something wrong with options that are each well formed. The path leads to the value in the configuration. */
export interface OptionFault {
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

/** Finds names that are used but not defined, or defined twice, in receivers, route and retraining. */
export function checkNotifyReferences(options: NotifyOptions): OptionFault[] {
  const faults = [
    ...duplicates('receivers', 'receiver', options.receivers),
    ...duplicates('retraining', 'retraining target', options.retraining),
  ];
  const { route } = options;
  if (route === undefined) {
    if (options.receivers.length > 0) {
      faults.push({
        path: ['receivers'],
        message: 'nothing leads to these receivers; add a route with a receiver',
      });
    }
    return faults;
  }
  const known = options.receivers.map(({ name }) => name);
  const check = (receiver: string, path: OptionFault['path']): void => {
    if (!known.includes(receiver)) {
      faults.push({ path, message: `unknown receiver "${receiver}"${didYouMean(receiver, known)}` });
    }
  };
  check(route.receiver, ['route', 'receiver']);
  route.routes.forEach((child, index) => {
    check(child.receiver, ['route', 'routes', index, 'receiver']);
  });
  return faults;
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
