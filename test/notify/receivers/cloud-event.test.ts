import { describe, expect, it } from 'vitest';
import { cloudEvent } from '../../../src/notify/receivers/cloud-event.ts';
import { alertsBody } from '../../../src/notify/webhook-body.ts';
import { notificationOf } from '../examples.ts';

describe('cloudEvent', () => {
  it('has the attributes that CloudEvents 1.0 asks for, around the data of a webhook', () => {
    const notification = notificationOf({ receiver: 'ml team/webhook/0' });
    expect(cloudEvent(notification)).toEqual({
      specversion: '1.0',
      id: notification.id,
      source: 'urn:driftd:ml%20team',
      type: 'driftd.alerts.firing',
      time: '2026-11-22T09:00:00.000Z',
      subject: 'fraud/7',
      datacontenttype: 'application/json',
      data: alertsBody(notification).data,
    });
  });

  it('never has an empty subject, which the specification forbids', () => {
    expect(cloudEvent(notificationOf({ groupLabels: {} }))).toMatchObject({ subject: 'fraud-inputs' });
  });
});
