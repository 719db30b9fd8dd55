import type { Clock } from '../base/clock.ts';
import type { Post } from './http-post.ts';
import type { AlertNotification } from './notification.ts';
import { integrationsOf, type ReceiverIntegration } from './receiver-integrations.ts';
import type { NotifyOptions } from './receiver-options.ts';
import { retrainingWebhookSend } from './retraining-webhook.ts';
import type { Send, SendOutcome } from './send-outcome.ts';
import { slackSend } from './slack.ts';
import { webhookSend } from './webhook.ts';

type AlertSend = (notification: AlertNotification, signal: AbortSignal) => Promise<SendOutcome>;

const WRONG_KIND: SendOutcome = {
  kind: 'refused',
  reason: 'the receiver does not take this kind of message',
};

/**
 * Every place that notifications can go, by the key that outbox rows name it with: `receiver/type/index` for
 * integrations, the target's name for retraining. (Names hold no slash, so the two cannot meet.)
 */
export function createSends(options: NotifyOptions, post: Post, clock: Clock): ReadonlyMap<string, Send> {
  const sends = new Map<string, Send>();
  for (const integration of options.receivers.flatMap(integrationsOf)) {
    const send = alertSend(integration, post, clock);
    sends.set(integration.key, async (notification, signal) =>
      notification.kind === 'alerts' ? send(notification, signal) : WRONG_KIND,
    );
  }
  for (const target of options.retraining) {
    const send = retrainingWebhookSend(target, post, clock);
    sends.set(target.name, async (notification, signal) =>
      notification.kind === 'retrain' ? send(notification, signal) : WRONG_KIND,
    );
  }
  return sends;
}

function alertSend(integration: ReceiverIntegration, post: Post, clock: Clock): AlertSend {
  switch (integration.type) {
    case 'slack':
      return slackSend(integration.options, post);
    case 'webhook':
      return webhookSend(integration.options, post, clock);
  }
}
