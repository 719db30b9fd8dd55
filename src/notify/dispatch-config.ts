import type { InhibitRuleOptions } from './inhibit-options.ts';
import { integrationsOf, type ReceiverIntegration } from './receiver-integrations.ts';
import type { NotifyOptions } from './receiver-options.ts';
import { type Route, routeTree } from './route-tree.ts';
import { type TimeInterval, timeInterval } from './time-interval.ts';

/** Everything in the configuration that stands between an alert and a message, ready for use. Replaced as a whole. */
export interface DispatchConfig {
  /** Undefined when nothing is to be sent. */
  readonly root: Route | undefined;
  readonly integrations: ReadonlyMap<string, readonly ReceiverIntegration[]>;
  readonly inhibitRules: readonly InhibitRuleOptions[];
  readonly timeIntervals: ReadonlyMap<string, TimeInterval>;
}

export function dispatchConfig(options: NotifyOptions): DispatchConfig {
  return {
    root: options.route && routeTree(options.route),
    integrations: new Map(options.receivers.map((receiver) => [receiver.name, integrationsOf(receiver)])),
    inhibitRules: options.inhibit_rules,
    timeIntervals: new Map(options.time_intervals.map((options) => [options.name, timeInterval(options)])),
  };
}
