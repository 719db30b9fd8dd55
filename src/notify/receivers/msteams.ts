import { z } from 'zod';
import { outcomeOf } from '../http-post.ts';
import { integration } from '../integration.ts';
import { secretUrl, sendResolved } from '../option-schemas.ts';
import { teamsMessage } from './msteams-card.ts';

/** Microsoft Teams by a workflow "When a Teams webhook request is received". It answers 202; 404 means that the workflow is gone. */
export const msteams = integration({
  type: 'msteams',
  about: 'Microsoft Teams channels to post to.',
  options: z.strictObject({
    webhook_url: secretUrl.describe('The address that the workflow shows. A secret.'),
    send_resolved: sendResolved,
  }),
  rate: { count: 4, per: 1_000 },
  connect: ({ webhook_url: url }, { http }) => {
    const post = http();
    return async (notification, signal) => {
      const body = JSON.stringify(teamsMessage(notification));
      return outcomeOf(await post({ url, body }, signal), [404, 410]);
    };
  },
});
