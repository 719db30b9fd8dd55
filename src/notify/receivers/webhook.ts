import { z } from 'zod';
import { outcomeOf } from '../http-post.ts';
import { integration } from '../integration.ts';
import { secretUrl, sendResolved, signingSecret } from '../option-schemas.ts';
import { webhookHeaders } from '../sign.ts';
import { alertsBody } from '../webhook-body.ts';

/** Posts alerts as JSON, signed when there is a secret. Any 2xx is success; 410 means gone. */
export const webhook = integration({
  type: 'webhook',
  about: 'Endpoints that get the alerts as JSON.',
  options: z.strictObject({
    url: secretUrl.describe('The endpoint to send HTTP POST requests to. Treated as a secret.'),
    secret: signingSecret
      .optional()
      .describe(
        'Signs each request as Standard Webhooks does: whsec_ and base64, or any other text. Unsigned without it.',
      ),
    send_resolved: sendResolved,
  }),
  rate: { count: 10, per: 1_000 },
  connect:
    ({ url, secret }, { post, clock }) =>
    async (notification, signal) => {
      const body = JSON.stringify(alertsBody(notification));
      const headers = webhookHeaders({ id: notification.id, body, attemptAt: clock.now() }, secret);
      return outcomeOf(await post({ url, body, headers }, signal));
    },
});
