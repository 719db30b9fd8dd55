import { alertmanager } from './receivers/alertmanager.ts';
import { email } from './receivers/email.ts';
import { msteams } from './receivers/msteams.ts';
import { pagerduty } from './receivers/pagerduty.ts';
import { slack } from './receivers/slack.ts';
import { webhook } from './receivers/webhook.ts';

/** Every kind of place that messages about alerts can go to, by its key in a receiver's options. */
export const INTEGRATIONS = {
  alertmanager_configs: alertmanager,
  email_configs: email,
  msteamsv2_configs: msteams,
  pagerduty_configs: pagerduty,
  slack_configs: slack,
  webhook_configs: webhook,
} as const;
