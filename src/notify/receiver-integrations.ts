import type { ReceiverOptions, SlackOptions, WebhookOptions } from './receiver-options.ts';

/** One configured way out of a receiver. Each gets its own copy of every notification, and its own retries. */
export type ReceiverIntegration = {
  /** `receiver/type/index`, such as `ml-team/slack/0`. The receiver of its notifications and outbox rows. */
  readonly key: string;
  readonly sendResolved: boolean;
} & (
  | { readonly type: 'slack'; readonly options: SlackOptions }
  | { readonly type: 'webhook'; readonly options: WebhookOptions }
);

/** The integrations of a receiver, in the order of its options. A receiver without any swallows its alerts, as in Alertmanager. */
export function integrationsOf(receiver: ReceiverOptions): ReceiverIntegration[] {
  const key = (type: string, index: number): string => `${receiver.name}/${type}/${index}`;
  return [
    ...receiver.slack_configs.map((options, index) => ({
      key: key('slack', index),
      sendResolved: options.send_resolved,
      type: 'slack' as const,
      options,
    })),
    ...receiver.webhook_configs.map((options, index) => ({
      key: key('webhook', index),
      sendResolved: options.send_resolved,
      type: 'webhook' as const,
      options,
    })),
  ];
}

/** The receiver's name as the user wrote it. */
export function receiverName(integrationKey: string): string {
  return integrationKey.split('/', 1)[0] ?? integrationKey;
}
