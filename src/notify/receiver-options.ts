import { z } from 'zod';
import { deliverySchema } from './delivery-options.ts';
import { type InhibitRuleOptions, inhibitRulesSchema } from './inhibit-options.ts';
import { INTEGRATIONS } from './integrations.ts';
import { placeName } from './option-schemas.ts';
import { rateSchema } from './rate-limit.ts';
import { type RetrainingTargetOptions, retrainingTargetSchema } from './retraining-options.ts';
import { type RouteOptions, routeSchema } from './route-options.ts';
import { type TimeIntervalOptions, timeIntervalSchema } from './time-interval-options.ts';

type ConfigLists = {
  readonly [Key in keyof typeof INTEGRATIONS]: z.ZodDefault<
    z.ZodArray<(typeof INTEGRATIONS)[Key]['options']>
  >;
};

const configLists = Object.fromEntries(
  Object.entries(INTEGRATIONS).map(([key, { options, about }]) => [
    key,
    z.array(options).default([]).describe(about),
  ]),
) as unknown as ConfigLists;

const receiverSchema = z.strictObject({
  name: placeName.describe('The unique name of the receiver.'),
  rate_limit: rateSchema
    .optional()
    .describe(
      'The most messages to each of these in a span of time, such as 30/1m; more wait. Default: what each kind is known to take.',
    ),
  ...configLists,
});

/** The keys of the configuration file that this folder owns. */
export const notifyOptionsShape = {
  receivers: z.array(receiverSchema).default([]).describe('Where notifications can go.'),
  route: routeSchema.optional().describe('Which alerts go to which receiver. Nothing is sent without it.'),
  inhibit_rules: inhibitRulesSchema,
  time_intervals: z
    .array(timeIntervalSchema)
    .default([])
    .describe('Times that routes refer to by name, to send nothing in them or nothing outside of them.'),
  retraining: z.array(retrainingTargetSchema).default([]).describe('Whom rules can ask for a new model.'),
  delivery: deliverySchema,
};

export type ReceiverOptions = z.output<typeof receiverSchema>;

export interface NotifyOptions {
  readonly receivers: readonly ReceiverOptions[];
  readonly route?: RouteOptions | undefined;
  readonly inhibit_rules: readonly InhibitRuleOptions[];
  readonly time_intervals: readonly TimeIntervalOptions[];
  readonly retraining: readonly RetrainingTargetOptions[];
}
