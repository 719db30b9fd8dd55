import { z } from 'zod';
import { outcomeOf } from '../http-post.ts';
import { secretUrl, signingSecret } from '../option-schemas.ts';
import { retrainBody } from '../retrain-body.ts';
import { retrainingTarget } from '../retraining-target.ts';
import { webhookHeaders } from '../sign.ts';

/** An endpoint of the user's own. Always signed; any 2xx is success; 410 means gone. */
export const webhook = retrainingTarget({
  options: z
    .strictObject({
      url: secretUrl.describe('The endpoint to send the request to. Treated as a secret.'),
      secret: signingSecret.describe(
        'Signs each request as Standard Webhooks does: whsec_ and base64, or any other text.',
      ),
    })
    .describe('Asks by a signed webhook.'),
  connect: ({ url, secret }, { http, clock }) => {
    const post = http();
    return async (request, signal) => {
      const body = JSON.stringify(retrainBody(request));
      const headers = webhookHeaders({ id: request.id, body, attemptAt: clock.now() }, secret);
      return outcomeOf(await post({ url, body, headers }, signal));
    };
  },
});
