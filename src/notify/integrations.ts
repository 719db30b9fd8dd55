import { slack } from './receivers/slack.ts';
import { webhook } from './receivers/webhook.ts';

/** Every kind of place that messages about alerts can go to, by its key in a receiver's options. */
export const INTEGRATIONS = {
  slack_configs: slack,
  webhook_configs: webhook,
} as const;
