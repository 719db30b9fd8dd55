import { z } from 'zod';
import type { Millis } from '../../base/clock.ts';
import { DURATION_FORM } from '../../base/duration.ts';
import { durationSchema } from '../../base/duration-schema.ts';
import { httpConfigSchema, httpPost } from '../http-config.ts';
import { outcomeOf } from '../http-post.ts';
import { integration } from '../integration.ts';
import { secretUrl, sendResolved } from '../option-schemas.ts';
import { alertmanagerAlerts } from './alertmanager-alert.ts';

/** An alert is over when nothing was heard of it for so many intervals, as Prometheus has it. */
const MISSED = 4;

/**
 * Alertmanager's API v2. It forgets an alert that nobody speaks of, so what fires is said again at an interval; what it is
 * told by messages comes through the outbox as everywhere else.
 */
export const alertmanager = integration({
  type: 'alertmanager',
  about:
    'Alertmanagers that get the alerts, and route and group them in their own way. Name each of a cluster.',
  options: z.strictObject({
    url: secretUrl.describe(
      'Where Alertmanager is, such as http://alertmanager:9093; with its prefix when it has one.',
    ),
    resend_interval: durationSchema
      .refine((duration) => duration >= 1_000, 'must be at least 1s')
      .prefault('1m')
      .describe(
        `How often it is told what fires. An alert ends there when it was not told for four times as long. Expected: ${DURATION_FORM}.`,
      ),
    http_config: httpConfigSchema,
    send_resolved: sendResolved,
  }),
  rate: { count: 10, per: 1_000 },
  takesNotes: false,
  connect: (options, { http, clock }) => {
    const post = httpPost(options.http_config, http);
    return async (notification, signal) => {
      const body = JSON.stringify(
        alertmanagerAlerts(notification.alerts, {
          link: notification.link,
          resolvedAt: notification.at,
          ...validity(clock.now(), options.resend_interval),
        }),
      );
      return outcomeOf(await post({ url: endpoint(options.url), body }, signal));
    };
  },
  repeat: (options, { http, clock }) => {
    const post = httpPost(options.http_config, http);
    return {
      every: options.resend_interval,
      send: async (alerts, signal) => {
        const body = JSON.stringify(
          alertmanagerAlerts(alerts, validity(clock.now(), options.resend_interval)),
        );
        return outcomeOf(await post({ url: endpoint(options.url), body }, signal));
      },
    };
  },
});

function endpoint(url: string): string {
  const address = new URL(url);
  address.pathname = `${address.pathname.replace(/\/$/, '')}/api/v2/alerts`;
  return address.href;
}

function validity(now: Millis, interval: Millis): { readonly now: Millis; readonly firingUntil: Millis } {
  return { now, firingUntil: now + MISSED * interval };
}
