import { z } from 'zod';
import { httpConfigSchema, httpPost } from '../http-config.ts';
import { outcomeOf } from '../http-post.ts';
import { integration } from '../integration.ts';
import type { AlertNotification } from '../notification.ts';
import { secretUrl, sendResolved, signingSecret } from '../option-schemas.ts';
import { webhookHeaders } from '../sign.ts';
import { alertsBody } from '../webhook-body.ts';
import { type BodyTemplate, parseBodyTemplate, type TemplateText } from './body-template.ts';
import { CLOUD_EVENT_TYPE, cloudEvent } from './cloud-event.ts';

const template = z.json().transform((written, context) => {
  const parsed = parseBodyTemplate(written as TemplateText);
  if ('template' in parsed) return parsed.template;
  for (const { path, message } of parsed.faults) {
    context.issues.push({ code: 'custom', path: [...path], message, input: written });
  }
  return z.NEVER;
});

const options = z
  .strictObject({
    url: secretUrl.describe('The endpoint to send HTTP POST requests to. Treated as a secret.'),
    secret: signingSecret
      .optional()
      .describe(
        'Signs each request as Standard Webhooks does: whsec_ and base64, or any other text. Unsigned without it.',
      ),
    format: z
      .enum(['standard', 'cloudevents'])
      .default('standard')
      .describe('The envelope: that of Standard Webhooks, or CloudEvents 1.0 in structured mode.'),
    template: template
      .optional()
      .describe(
        'A body of your own instead: YAML that is sent as JSON, or a text. {{name}} in its texts stands for a value; see docs/receivers.md.',
      ),
    http_config: httpConfigSchema,
    send_resolved: sendResolved,
  })
  .refine(({ format, template: own }) => format === 'standard' || own === undefined, {
    path: ['template'],
    message: 'a template is a body of its own; leave out the format',
  });

/** Posts alerts to an endpoint of the user's own, signed when there is a secret. Any 2xx is success; 410 means gone. */
export const webhook = integration({
  type: 'webhook',
  about: 'Endpoints that get the alerts as JSON.',
  options,
  rate: { count: 10, per: 1_000 },
  connect: (config, { http, clock }) => {
    const post = httpPost(config.http_config, http);
    return async (notification, signal) => {
      const { body, contentType } = bodyFor(notification, config);
      const signed = webhookHeaders({ id: notification.id, body, attemptAt: clock.now() }, config.secret);
      const headers = { ...signed, 'content-type': contentType };
      return outcomeOf(await post({ url: config.url, body, headers }, signal));
    };
  },
});

function bodyFor(
  notification: AlertNotification,
  { format, template: own }: { readonly format: string; readonly template?: BodyTemplate | undefined },
): { readonly body: string; readonly contentType: string } {
  if (own !== undefined) return { body: own.render(notification), contentType: own.contentType };
  if (format === 'cloudevents')
    return { body: JSON.stringify(cloudEvent(notification)), contentType: CLOUD_EVENT_TYPE };
  return { body: JSON.stringify(alertsBody(notification)), contentType: 'application/json' };
}
