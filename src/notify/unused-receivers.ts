import type { OptionFault } from './option-references.ts';
import type { NotifyOptions } from './receiver-options.ts';

interface RouteLike {
  readonly receiver?: string | undefined;
  readonly routes?: readonly RouteLike[];
}

/** Receivers that no route leads to. Where there is no route at all, that is a fault of its own. */
export function unusedReceivers({
  receivers,
  route,
}: Pick<NotifyOptions, 'receivers' | 'route'>): OptionFault[] {
  if (route === undefined) return [];
  const used = new Set(receiversIn(route));
  return receivers.flatMap(({ name }, index) =>
    used.has(name)
      ? []
      : [{ path: ['receivers', index, 'name'], message: `no route leads to the receiver "${name}"` }],
  );
}

function receiversIn({ receiver, routes = [] }: RouteLike): string[] {
  return [...(receiver === undefined ? [] : [receiver]), ...routes.flatMap(receiversIn)];
}
