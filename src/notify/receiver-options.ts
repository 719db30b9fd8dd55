import { z } from 'zod';
import { DURATION_FORM, parseDuration } from '../base/duration.ts';
import { deliverySchema } from './delivery-options.ts';
import { type InhibitRuleOptions, inhibitRulesSchema } from './inhibit-options.ts';
import { INTEGRATIONS } from './integrations.ts';
import { secretUrl, signingSecret } from './option-schemas.ts';
import { rateSchema } from './rate-limit.ts';
import { type RouteOptions, routeSchema } from './route-options.ts';
import { type TimeIntervalOptions, timeIntervalSchema } from './time-interval-options.ts';

// Keys of the outbox are made of names and slashes.
const name = z.string().regex(/^[^/]+$/, 'must not be empty or contain "/"');

const duration = z.string().transform((text, context) => {
  const parsed = parseDuration(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: `must be ${DURATION_FORM}` });
  return z.NEVER;
});

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
  name: name.describe('The unique name of the receiver.'),
  rate_limit: rateSchema
    .optional()
    .describe(
      'The most messages to each of these in a span of time, such as 30/1m; more wait. Default: what each kind is known to take.',
    ),
  ...configLists,
});

const retrainingTargetSchema = z.strictObject({
  name: name.describe('The unique name of the target, which rules refer to as retrain.'),
  webhook: z
    .strictObject({
      url: secretUrl.describe('The endpoint to send the request to. Treated as a secret.'),
      secret: signingSecret.describe(
        'Signs each request as Standard Webhooks does: whsec_ and base64, or any other text.',
      ),
    })
    .describe('Where and how to ask for a new model.'),
  cooldown: duration
    .prefault('24h')
    .describe('The least time between two requests for one model, in event time.'),
  daily_limit: z
    .int()
    .min(1)
    .default(1)
    .describe('The most requests for one model in one day (UTC, event time).'),
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
export type RetrainingTargetOptions = z.output<typeof retrainingTargetSchema>;

export interface NotifyOptions {
  readonly receivers: readonly ReceiverOptions[];
  readonly route?: RouteOptions | undefined;
  readonly inhibit_rules: readonly InhibitRuleOptions[];
  readonly time_intervals: readonly TimeIntervalOptions[];
  readonly retraining: readonly RetrainingTargetOptions[];
}
