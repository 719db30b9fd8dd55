import type { Clock } from '../base/clock.ts';
import { outcomeOf, type Post } from './http-post.ts';
import type { AlertNotification } from './notification.ts';
import type { WebhookOptions } from './receiver-options.ts';
import type { SendOutcome } from './send-outcome.ts';
import { webhookHeaders } from './sign.ts';
import { alertsBody } from './webhook-body.ts';

/** Makes a function that posts alerts as JSON, signed when there is a secret. Any 2xx is success; 410 means gone. */
export function webhookSend(
  options: WebhookOptions,
  post: Post,
  clock: Clock,
): (notification: AlertNotification, signal: AbortSignal) => Promise<SendOutcome> {
  return async (notification, signal) => {
    const body = JSON.stringify(alertsBody(notification));
    const headers = webhookHeaders({ id: notification.id, body, attemptAt: clock.now() }, options.secret);
    return outcomeOf(await post({ url: options.url, body, headers }, signal));
  };
}
