import type { AlertNotification } from '../notification.ts';
import { alertsBody } from '../webhook-body.ts';

/** What an event of CloudEvents 1.0 in structured mode is sent as. */
export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** The envelope of CloudEvents 1.0 around the same data that a Standard Webhook has. */
export function cloudEvent(notification: AlertNotification): object {
  const { type, timestamp, data } = alertsBody(notification);
  return {
    specversion: '1.0',
    // Together with the source it is one event for ever, over all retries.
    id: data.id,
    source: `urn:driftd:${encodeURIComponent(data.receiver)}`,
    type: `driftd.${type}`,
    time: timestamp,
    subject: Object.values(data.group_labels).filter(Boolean).join('/') || data.rule_group,
    datacontenttype: 'application/json',
    data,
  };
}
