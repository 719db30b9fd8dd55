import { z } from 'zod';
import { secret } from '../../base/file-option.ts';
import { outcomeOf } from '../http-post.ts';
import { integration } from '../integration.ts';
import { secretUrl, sendResolved } from '../option-schemas.ts';
import { PAGERDUTY_SEVERITIES, pagerdutyEvent } from './pagerduty-event.ts';

/** PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/events-api-v2/trigger-events). It answers 202. */
export const pagerduty = integration({
  type: 'pagerduty',
  about: 'PagerDuty services to page.',
  options: z.strictObject({
    routing_key: secret(z.string().min(1)).describe(
      'Integration key of a service, of the kind "Events API v2". A secret.',
    ),
    url: secretUrl
      .default('https://events.pagerduty.com/v2/enqueue')
      .describe(
        'Where events are sent. In the EU service region https://events.eu.pagerduty.com/v2/enqueue.',
      ),
    severity: z
      .enum(PAGERDUTY_SEVERITIES)
      .default('error')
      .describe('Severity of alerts whose own is none of critical, error, warning and info.'),
    send_resolved: sendResolved,
  }),
  rate: { count: 10, per: 1_000 },
  takesNotes: false,
  connect: ({ routing_key: routingKey, url, severity }, { http }) => {
    const post = http();
    return async (notification, signal) => {
      const event = pagerdutyEvent(notification, severity);
      const body = JSON.stringify({ routing_key: routingKey, ...event });
      return outcomeOf(await post({ url, body }, signal));
    };
  },
});
