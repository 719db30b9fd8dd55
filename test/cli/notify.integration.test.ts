import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { afterAttempt, type OutboxRow, pendingRow } from '../../src/notify/outbox-row.ts';
import { fromStored, toStored } from '../../src/pipeline/outbox.ts';
import type { Store } from '../../src/store/client.ts';
import { notificationsById, pendingNotifications, saveNotifications } from '../../src/store/notifications.ts';
import { notificationOf, retrainOf } from '../notify/examples.ts';
import { HOUR, MORNING } from '../support/events.ts';
import { storesOfSuite } from '../support/stores.ts';
import { type Ran, runHere } from './recorder.ts';

const stores = storesOfSuite('server');
const POLICY = { backoff: { base: 1_000, max: 60_000, random: () => 0.5 }, giveUpAfter: HOUR };

interface Outbox {
  readonly store: Store;
  readonly run: (...argv: string[]) => Promise<Ran>;
}

/** A store with one notification in each state, and a configuration that names it. */
async function outbox(): Promise<Outbox> {
  const store = await stores.fresh();
  const row = (id: string, receiver: string): OutboxRow =>
    pendingRow(notificationOf({ id, receiver, at: MORNING }), MORNING);
  const gone = { kind: 'gone', reason: 'answered 410' } as const;
  const rows = [
    afterAttempt(row('sent1', 'team/slack/0'), { kind: 'sent' }, MORNING + 60_000, POLICY),
    afterAttempt(row('dead1', 'team/slack/0'), gone, MORNING + 120_000, POLICY),
    afterAttempt(row('dead2', 'others/webhook/0'), gone, MORNING + 180_000, POLICY),
    pendingRow(retrainOf({ id: 'wait1', at: MORNING }), MORNING + 240_000),
  ];
  await saveNotifications(store, rows.map(toStored));
  const folder = await mkdtemp(join(tmpdir(), 'driftd-notify-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const options = stores.options(store.database) as { url: string };
  const config = join(folder, 'driftd.yaml');
  await writeFile(config, `store: { url: "${options.url}", database: ${store.database} }\n`);
  return { store, run: (...argv) => runHere(['notify', ...argv, '--config', config]) };
}

it('lists what was sent, what waits and what was given up, and why', async () => {
  const { run } = await outbox();
  expect((await run('list')).stdout).toEqual([
    '2026-11-22 08:04  pending  wait1  pipeline  a new model for fraud 7  (0 attempts)',
    '2026-11-22 08:03  dead     dead2  others/webhook/0  fraud, version 7: 1 alert firing  (1 attempt, answered 410)',
    '2026-11-22 08:02  dead     dead1  team/slack/0  fraud, version 7: 1 alert firing  (1 attempt, answered 410)',
    '2026-11-22 08:01  sent     sent1  team/slack/0  fraud, version 7: 1 alert firing  (1 attempt)',
  ]);
  const json = await run('list', '--status', 'dead', '--receiver', 'team', '--format', 'json');
  expect(JSON.parse(json.stdout.join('\n'))).toEqual({
    notifications: [
      {
        id: 'dead1',
        kind: 'alerts',
        receiver: 'team/slack/0',
        status: 'dead',
        title: 'fraud, version 7: 1 alert firing',
        at: '2026-11-22T08:00:00.000Z',
        queued_at: '2026-11-22T08:00:00.000Z',
        round: 0,
        attempts: 1,
        next_attempt_at: null,
        last_error: 'answered 410',
        updated_at: '2026-11-22T08:02:00.000Z',
      },
    ],
  });
  expect((await run('list', '--limit', '1')).stdout).toHaveLength(1);
  expect(await run('list', '--status', 'lost')).toMatchObject({ code: 1 });
});

it('queues by id what was given up, and nothing when one of the ids is wrong', async () => {
  const { store, run } = await outbox();
  expect(await run('retry', 'dead1', 'nowhere')).toMatchObject({
    code: 1,
    stderr: ['there is no notification "nowhere"'],
  });
  expect(await run('retry', 'dead1', 'sent1')).toMatchObject({
    code: 1,
    stderr: ['notification sent1 was not given up: it is sent'],
  });
  expect((await pendingNotifications(store)).map(({ id }) => id)).toEqual(['wait1']);
  expect(await run('retry', 'dead1', 'dead1')).toMatchObject({
    code: 0,
    stdout: ['1 notification queued again; driftd run sends what is queued'],
  });
  const [again] = (await notificationsById(store, ['dead1'])).map(fromStored);
  expect(again).toMatchObject({ status: 'pending', round: 1, attempts: 0, lastError: '' });
  expect(again?.payload).toEqual(notificationOf({ id: 'dead1', at: MORNING }));
});

it('queues everything that was given up, or all of one receiver', async () => {
  const { store, run } = await outbox();
  const pending = async () => (await pendingNotifications(store)).map(({ id }) => id);
  expect((await run('retry', '--all-dead', '--receiver', 'others')).code).toBe(0);
  expect(await pending()).toEqual(['dead2', 'wait1']);
  expect((await run('retry', '--all-dead')).stdout).toEqual([
    '1 notification queued again; driftd run sends what is queued',
  ]);
  expect(await pending()).toEqual(['dead1', 'dead2', 'wait1']);
  expect((await run('retry', '--all-dead')).stdout).toEqual(['nothing was given up']);
});

it('wants to be told what to send again', async () => {
  const { run } = await outbox();
  const say = 'say which: ids as driftd notify list shows them, or --all-dead';
  expect(await run('retry')).toMatchObject({ code: 1, stderr: [say] });
  expect(await run('retry', 'dead1', '--all-dead')).toMatchObject({ code: 1, stderr: [say] });
  expect((await run('retry', 'dead1', '--receiver', 'team')).code).toBe(1);
});
