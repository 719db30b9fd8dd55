import { describe, expect, it } from 'vitest';
import { pendingRow } from '../../src/notify/outbox-row.ts';
import { toStored } from '../../src/pipeline/outbox.ts';
import { acknowledgementsSince, saveAcknowledgement } from '../../src/store/acknowledgements.ts';
import { newestTransitions, saveTransitions } from '../../src/store/alert-transitions.ts';
import {
  type NotificationLogRow,
  newestConversations,
  saveLogRows,
  strandedNotifications,
} from '../../src/store/notification-log.ts';
import { saveNotifications } from '../../src/store/notifications.ts';
import { saveSilence, silencesEndingAfter } from '../../src/store/silences.ts';
import { alertOf, fires, notificationOf, resolves } from '../notify/examples.ts';
import { HOUR, MORNING } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

function row(change: Partial<NotificationLogRow> = {}): NotificationLogRow {
  const about = { receiver: 'team/slack/0', groupKey: '{}:{model="fraud"}', seq: 1, reason: 'sent_first' };
  return { ...about, state: '{"told":{}}', notificationId: '', notification: '', ...change };
}

// One file for the tables of dispatching: each file with a store starts an engine of its own.
describe.each(STORE_KINDS)('the tables of dispatching: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('know the newest step of each conversation, of steps written twice the one written last', async () => {
    const store = await stores.fresh();
    await saveLogRows(store, [row(), row({ receiver: 'team/webhook/0', state: 'a' })]);
    await saveLogRows(store, [row({ seq: 3, state: 'third' })]);
    await saveLogRows(store, [
      row({ seq: 2, state: 'second' }),
      row({ groupKey: 'other "quoted" {}', seq: 10, state: 'b' }),
    ]);
    expect(await newestConversations(store)).toEqual([
      { receiver: 'team/slack/0', groupKey: 'other "quoted" {}', seq: 10, state: 'b' },
      { receiver: 'team/slack/0', groupKey: '{}:{model="fraud"}', seq: 3, state: 'third' },
      { receiver: 'team/webhook/0', groupKey: '{}:{model="fraud"}', seq: 1, state: 'a' },
    ]);
    await saveLogRows(store, [row({ seq: 3, state: 'third again' })]);
    await store.command('OPTIMIZE TABLE {database}.notification_log FINAL');
    expect((await newestConversations(store))[1]).toMatchObject({ state: 'third again' });
  });

  it('know which messages were decided and did not get into the outbox', async () => {
    const store = await stores.fresh();
    const message = (id: string) => ({ notificationId: id, notification: JSON.stringify({ id }) });
    await saveLogRows(store, [
      row({ seq: 1, ...message('old') }),
      row({ receiver: 'a', ...message('sent') }),
    ]);
    await saveLogRows(store, [row({ seq: 2, ...message('new') }), row({ receiver: 'b', seq: 7 })]);
    await saveNotifications(store, [toStored(pendingRow(notificationOf({ id: 'sent' }), MORNING))]);
    expect(await strandedNotifications(store)).toEqual(['{"id":"new"}']);
  });

  it('know the newest change of alerts, and nothing of others', async () => {
    const store = await stores.fresh();
    const alert = alertOf({ fingerprint: 'f1', firedAt: MORNING });
    await saveTransitions(store, [
      { ...fires(alert), at: MORNING },
      { ...fires({ ...alert, fingerprint: 'f2' }), id: 'other', at: MORNING },
    ]);
    await saveTransitions(store, [{ ...resolves(alert), at: MORNING + HOUR }]);
    const many = Array.from({ length: 1_500 }, (_, i) => `nobody-${i}`);
    const found = await newestTransitions(store, ['f1', ...many, 'f2']);
    expect(
      found.map(({ alert: text, to, at }) => [
        (JSON.parse(text) as { fingerprint: string }).fingerprint,
        to,
        at,
      ]),
    ).toEqual([
      ['f1', 'resolved', MORNING + HOUR],
      ['f2', 'firing', MORNING],
    ]);
    expect(await newestTransitions(store, [])).toEqual([]);
  });

  it('give back silences that have not ended, as they were last saved', async () => {
    const store = await stores.fresh();
    const silence = {
      id: 's1',
      matchers: '[["model","=","fraud \\"x\\""]]',
      startsAt: MORNING,
      endsAt: MORNING + HOUR,
      createdBy: "o'hara",
      comment: 'line\nbreak',
      updatedAt: MORNING,
    };
    const later = { ...silence, id: 's2', startsAt: MORNING + 1, endsAt: Date.UTC(2099, 0, 1) };
    await saveSilence(store, silence);
    await saveSilence(store, later);
    expect(await silencesEndingAfter(store, MORNING)).toEqual([silence, later]);
    const expired = { ...silence, endsAt: MORNING + 60_000, updatedAt: MORNING + 60_000 };
    await saveSilence(store, expired);
    expect(await silencesEndingAfter(store, MORNING)).toEqual([expired, later]);
    expect(await silencesEndingAfter(store, expired.endsAt)).toEqual([later]);
    await store.command('OPTIMIZE TABLE {database}.silences FINAL');
    expect(await silencesEndingAfter(store, expired.endsAt)).toEqual([later]);
  });

  it('give back acknowledgements that were not withdrawn', async () => {
    const store = await stores.fresh();
    const made = {
      matchers: '[]',
      fingerprint: 'f1',
      createdBy: 'ada',
      comment: '',
      withdrawn: false,
      updatedAt: MORNING,
    };
    const first = { ...made, id: 'a1', createdAt: MORNING };
    const second = { ...made, id: 'a2', createdAt: MORNING + HOUR };
    await saveAcknowledgement(store, first);
    await saveAcknowledgement(store, second);
    expect(await acknowledgementsSince(store, MORNING)).toEqual([first, second]);
    expect(await acknowledgementsSince(store, MORNING + 1)).toEqual([second]);
    await saveAcknowledgement(store, { ...second, withdrawn: true, updatedAt: MORNING + 2 * HOUR });
    expect(await acknowledgementsSince(store, MORNING)).toEqual([first]);
  });
});
