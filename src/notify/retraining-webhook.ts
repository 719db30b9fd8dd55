import type { Clock } from '../base/clock.ts';
import { outcomeOf, type Post } from './http-post.ts';
import type { RetrainRequest } from './notification.ts';
import type { RetrainingTargetOptions } from './receiver-options.ts';
import type { SendOutcome } from './send-outcome.ts';
import { webhookHeaders } from './sign.ts';
import { retrainBody } from './webhook-body.ts';

/** Makes a function that asks a retraining target for a new model. Always signed; any 2xx is success; 410 means gone. */
export function retrainingWebhookSend(
  { webhook }: RetrainingTargetOptions,
  post: Post,
  clock: Clock,
): (request: RetrainRequest, signal: AbortSignal) => Promise<SendOutcome> {
  return async (request, signal) => {
    const body = JSON.stringify(retrainBody(request));
    const headers = webhookHeaders({ id: request.id, body, attemptAt: clock.now() }, webhook.secret);
    return outcomeOf(await post({ url: webhook.url, body, headers }, signal));
  };
}
