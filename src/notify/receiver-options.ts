import { z } from 'zod';
import { DURATION_FORM, parseDuration } from '../base/duration.ts';
import { secret } from '../base/file-option.ts';
import { type InhibitRuleOptions, inhibitRulesSchema } from './inhibit-options.ts';
import { type RouteOptions, routeSchema } from './route-options.ts';
import { signingKey } from './sign.ts';
import { type TimeIntervalOptions, timeIntervalSchema } from './time-interval-options.ts';

// zod never prints a value that it refuses here, so a mistyped secret does not reach a message.
const secretUrl = secret(
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((text) => !/^[a-z]+:\/\/[^/?#]*@/i.test(text), 'must not contain a user or password'),
);

const signingSecret = secret(
  z
    .string()
    .min(1)
    .refine((text) => signingKey(text) !== undefined, 'starts with whsec_ but the rest is not base64'),
);

// Keys of the outbox are made of names and slashes.
const name = z.string().regex(/^[^/]+$/, 'must not be empty or contain "/"');

const duration = z.string().transform((text, context) => {
  const parsed = parseDuration(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: `must be ${DURATION_FORM}` });
  return z.NEVER;
});

const sendResolved = z.boolean().default(true).describe('Whether to notify about resolved alerts.');

const slackConfigSchema = z.strictObject({
  api_url: secretUrl.describe('The Slack incoming-webhook URL. A secret.'),
  send_resolved: sendResolved,
});

const webhookConfigSchema = z.strictObject({
  url: secretUrl.describe('The endpoint to send HTTP POST requests to. Treated as a secret.'),
  secret: signingSecret
    .optional()
    .describe(
      'Signs each request as Standard Webhooks does: whsec_ and base64, or any other text. Unsigned without it.',
    ),
  send_resolved: sendResolved,
});

const receiverSchema = z.strictObject({
  name: name.describe('The unique name of the receiver.'),
  slack_configs: z.array(slackConfigSchema).default([]).describe('Slack channels to post to.'),
  webhook_configs: z
    .array(webhookConfigSchema)
    .default([])
    .describe('Endpoints that get the alerts as JSON.'),
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
};

export type SlackOptions = z.output<typeof slackConfigSchema>;
export type WebhookOptions = z.output<typeof webhookConfigSchema>;
export type ReceiverOptions = z.output<typeof receiverSchema>;
export type RetrainingTargetOptions = z.output<typeof retrainingTargetSchema>;

export interface NotifyOptions {
  readonly receivers: readonly ReceiverOptions[];
  readonly route?: RouteOptions | undefined;
  readonly inhibit_rules: readonly InhibitRuleOptions[];
  readonly time_intervals: readonly TimeIntervalOptions[];
  readonly retraining: readonly RetrainingTargetOptions[];
}
