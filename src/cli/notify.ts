import { type Command, InvalidArgumentError } from 'commander';
import { DriftdError } from '../base/errors.ts';
import { NOTIFICATION_STATUSES, type NotificationStatus, retriedRow } from '../notify/outbox-row.ts';
import { type NotificationView, notificationView } from '../pipeline/notification-view.ts';
import { fromStored, toStored } from '../pipeline/outbox.ts';
import type { Store } from '../store/client.ts';
import { outdatedNotifications } from '../store/notification-log.ts';
import {
  listNotifications,
  notificationsById,
  type StoredNotification,
  saveNotifications,
} from '../store/notifications.ts';
import type { CommandContext } from './context.ts';
import { textOrJson } from './format-option.ts';
import { printLine } from './print-line.ts';
import { withStore } from './with-store.ts';

interface ListFlags {
  readonly config: string;
  readonly status?: NotificationStatus;
  readonly receiver?: string;
  readonly limit: number;
  readonly format: 'text' | 'json';
}

interface RetryFlags {
  readonly config: string;
  readonly allDead: boolean;
  readonly receiver?: string;
}

/** Rows are taken up so many at a time: each may hold hundreds of alerts. */
const BATCH = 100;
/** Dead notifications that are looked at; nobody wants more of them again. */
const MOST = 100_000;

export function addNotify(program: Command, context: CommandContext): void {
  const notify = program.command('notify').description('what was sent, what waits, what was given up');
  notify
    .command('list')
    .description('list notifications and retraining requests, the newest first')
    .requiredOption('--config <file>', 'configuration file')
    .option('--status <status>', `only those that are ${NOTIFICATION_STATUSES.join(', ')}`, statusOf)
    .option('--receiver <name>', 'only to this receiver, integration (name/slack/0) or retraining target')
    .option('--limit <count>', 'not more than so many', countOf, 100)
    .option('--format <format>', 'text or json', textOrJson, 'text')
    .action((flags: ListFlags) =>
      withStore(flags.config, context, (_, store) => list(store, flags, context)),
    );
  notify
    .command('retry')
    .description('send again what was given up, with the same id; driftd run does so within seconds')
    .argument('[ids...]', 'ids as driftd notify list shows them')
    .requiredOption('--config <file>', 'configuration file')
    .option('--all-dead', 'everything that was given up', false)
    .option('--receiver <name>', 'with --all-dead: only to this receiver, integration or retraining target')
    .action((ids: string[], flags: RetryFlags) => retry(ids, flags, context));
}

function statusOf(text: string): NotificationStatus {
  const status = NOTIFICATION_STATUSES.find((known) => known === text);
  if (status !== undefined) return status;
  throw new InvalidArgumentError(`Expected ${NOTIFICATION_STATUSES.join(', ')}.`);
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number up to 99999.');
}

async function list(store: Store, flags: ListFlags, { output }: CommandContext): Promise<void> {
  const { status, receiver, limit, format } = flags;
  const rows = await listNotifications(store, {
    limit,
    ...(status !== undefined && { status }),
    ...(receiver !== undefined && { receiver }),
  });
  const notifications = rows.map(notificationView);
  if (format === 'json') output.print(JSON.stringify({ notifications }));
  else for (const view of notifications) printLine(output, line(view));
}

function line({
  id,
  status,
  receiver,
  title,
  attempts,
  last_error: error,
  updated_at: at,
}: NotificationView): string {
  const tries = `${attempts} attempt${attempts === 1 ? '' : 's'}`;
  const state = error === '' ? tries : `${tries}, ${error}`;
  return `${at.slice(0, 16).replace('T', ' ')}  ${status.padEnd(7)}  ${id}  ${receiver}  ${title}  (${state})`;
}

async function retry(ids: readonly string[], flags: RetryFlags, context: CommandContext): Promise<void> {
  if (ids.length > 0 === flags.allDead)
    throw new DriftdError('input', 'say which: ids as driftd notify list shows them, or --all-dead');
  if (flags.receiver !== undefined && !flags.allDead)
    throw new DriftdError('input', '--receiver goes with --all-dead');
  await withStore(flags.config, context, async (_, store) => {
    const { queued, outdated } = flags.allDead
      ? await retryAll(store, flags.receiver)
      : await retryThese(store, ids);
    if (outdated > 0) context.output.print(`${counted(outdated)} left as they are: ${NEWER}`);
    if (queued > 0) context.output.print(`${counted(queued)} queued again; driftd run sends what is queued`);
    else if (outdated === 0) context.output.print('nothing was given up');
  });
}

/** Sent now, a message would be taken for the newest word about its group. */
const NEWER = 'the same receiver was told of the same group since';

interface Retried {
  readonly queued: number;
  readonly outdated: number;
}

function counted(count: number): string {
  return `${count} notification${count === 1 ? '' : 's'}`;
}

/** All of them or none: a mistyped id is found before anything is sent. */
async function retryThese(store: Store, ids: readonly string[]): Promise<Retried> {
  const wanted = [...new Set(ids)];
  const rows = await notificationsById(store, wanted);
  for (const id of wanted) {
    const row = rows.find((found) => found.id === id);
    if (row === undefined) throw new DriftdError('input', `there is no notification "${id}"`);
    if (row.status !== 'dead')
      throw new DriftdError('input', `notification ${id} was not given up: it is ${row.status}`);
  }
  return queueAgain(store, rows);
}

async function retryAll(store: Store, receiver: string | undefined): Promise<Retried> {
  const filter = { status: 'dead', limit: MOST, ...(receiver !== undefined && { receiver }) };
  const dead = (await listNotifications(store, filter)).map(({ id }) => id);
  let [queued, outdated] = [0, 0];
  for (let from = 0; from < dead.length; from += BATCH) {
    const done = await queueAgain(store, await notificationsById(store, dead.slice(from, from + BATCH)));
    queued += done.queued;
    outdated += done.outdated;
  }
  return { queued, outdated };
}

async function queueAgain(store: Store, rows: readonly StoredNotification[]): Promise<Retried> {
  const now = Date.now();
  const old = await outdatedNotifications(
    store,
    rows.map(({ id }) => id),
  );
  const current = rows.filter(({ id }) => !old.has(id));
  await saveNotifications(
    store,
    current.map((row) => toStored(retriedRow(fromStored(row), now))),
  );
  return { queued: current.length, outdated: rows.length - current.length };
}
