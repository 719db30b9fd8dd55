import { z } from 'zod';
import { httpConfigSchema, httpPost } from '../http-config.ts';
import { outcomeOf } from '../http-post.ts';
import { secretUrl } from '../option-schemas.ts';
import { fittingData } from '../retrain-body.ts';
import { retrainingTarget } from '../retraining-target.ts';

/** An event source takes 1 MiB unless it says otherwise. */
const MOST_BYTES = 512 * 1024;

/** An event source of Argo Events, of the kind webhook (https://argoproj.github.io/argo-events/eventsources/setup/webhook/). */
export const argoEvents = retrainingTarget({
  options: z
    .strictObject({
      url: secretUrl.describe('The endpoint of the event source. Treated as a secret.'),
      http_config: httpConfigSchema,
    })
    .describe(
      'Sends an event to a webhook event source of Argo Events; its authSecret is the credentials in http_config.authorization.',
    ),
  connect: ({ url, http_config: config }, { http }) => {
    const post = httpPost(config, http);
    return async (request, signal) => {
      const body = JSON.stringify(fittingData(request, MOST_BYTES));
      return outcomeOf(await post({ url, body }, signal));
    };
  },
});
