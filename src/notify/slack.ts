import { outcomeOf, type Post } from './http-post.ts';
import type { AlertNotification } from './notification.ts';
import type { SlackOptions } from './receiver-options.ts';
import type { SendOutcome } from './send-outcome.ts';
import { slackPayload } from './slack-payload.ts';

/** Makes a function that posts to one Slack incoming webhook. Success is 200 and the body `ok`; 403, 404 and 410 mean that the hook is gone. */
export function slackSend(
  options: SlackOptions,
  post: Post,
): (notification: AlertNotification, signal: AbortSignal) => Promise<SendOutcome> {
  return async (notification, signal) => {
    const body = JSON.stringify(slackPayload(notification));
    const result = await post({ url: options.api_url, body }, signal);
    if (result.kind === 'failed') return outcomeOf(result);
    const outcome = outcomeOf(result, [403, 404, 410]);
    // Not tried again: services that only resemble Slack may have shown the message and answer in their own words.
    if (outcome.kind === 'sent' && result.body.trim() !== 'ok') {
      return { kind: 'refused', reason: `answered ${result.status}, but not with "ok" as Slack does` };
    }
    // Slack says what is wrong in one word, such as invalid_blocks.
    if (outcome.kind === 'refused' && /^[a-z]+(_[a-z]+)+$/.test(result.body) && result.body.length < 50) {
      return { ...outcome, reason: `${outcome.reason} ${result.body}` };
    }
    return outcome;
  };
}
