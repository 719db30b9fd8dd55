import { z } from 'zod';
import { outcomeOf, type PostResult } from '../http-post.ts';
import { integration } from '../integration.ts';
import { secretUrl, sendResolved } from '../option-schemas.ts';
import type { SendOutcome } from '../send-outcome.ts';
import { slackPayload } from './slack-payload.ts';

export const slack = integration({
  type: 'slack',
  about: 'Slack channels to post to.',
  options: z.strictObject({
    api_url: secretUrl.describe('The Slack incoming-webhook URL. A secret.'),
    send_resolved: sendResolved,
  }),
  rate: { count: 1, per: 1_000 },
  connect: ({ api_url: url }, { http }) => {
    const post = http();
    return async (notification, signal) => {
      const body = JSON.stringify(slackPayload(notification));
      return outcomeOfSlack(await post({ url, body }, signal));
    };
  },
});

/** Success is 200 and the body `ok`; 403, 404 and 410 mean that the hook is gone. */
function outcomeOfSlack(result: PostResult): SendOutcome {
  const outcome = outcomeOf(result, [403, 404, 410]);
  if (result.kind === 'failed') return outcome;
  // Not tried again: services that only resemble Slack may have shown the message and answer in their own words.
  if (outcome.kind === 'sent' && result.body.trim() !== 'ok') {
    return { kind: 'refused', reason: `answered ${result.status}, but not with "ok" as Slack does` };
  }
  // Slack says what is wrong in one word, such as invalid_blocks.
  if (outcome.kind === 'refused' && /^[a-z]+(_[a-z]+)+$/.test(result.body) && result.body.length < 50) {
    return { ...outcome, reason: `${outcome.reason} ${result.body}` };
  }
  return outcome;
}
