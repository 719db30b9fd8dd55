import pino from 'pino';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import { createDelivery } from '../../src/notify/delivery.ts';
import type { Notification } from '../../src/notify/notification.ts';
import { openOutbound } from '../../src/notify/outbound.ts';
import { type OutboxRow, pendingRow } from '../../src/notify/outbox-row.ts';
import type { NotifyOptions } from '../../src/notify/receiver-options.ts';
import type { Send, SendOutcome } from '../../src/notify/send-outcome.ts';
import { createSends } from '../../src/notify/sends.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { HOUR, INSTANT } from './examples.ts';

export interface Delivered {
  /** As it was recorded last. */
  readonly row: OutboxRow;
  /** The waits between attempts. */
  readonly waits: readonly number[];
  /** All that was recorded anywhere: rows, log lines, outcomes, metrics. */
  readonly recorded: string;
}

/** Sends through the whole outbox, on a clock that only waits move. */
export async function deliver(options: NotifyOptions, notification: Notification): Promise<Delivered> {
  let now = INSTANT + HOUR;
  const waits: number[] = [];
  const rows: OutboxRow[] = [];
  const lines: string[] = [];
  const outcomes: SendOutcome[] = [];
  const telemetry = createTelemetry();
  const clock = { now: () => now };
  const delivery = createDelivery({
    loadPending: async () => [pendingRow(notification, now)],
    save: async (row) => {
      rows.push(row);
    },
    sends: sendsOf(options, clock),
    log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
    random: () => 0.999999,
    clock,
    sleep: async (wait) => {
      waits.push(wait);
      now += wait;
    },
    onAttempt: ({ receiver }, outcome) => {
      outcomes.push(outcome);
      telemetry.notifications.inc({ receiver, outcome: outcome.kind });
    },
    onDone: ({ receiver, status }) => telemetry.notificationsFinished.inc({ receiver, status }),
    onCircuit: (receiver, open) => telemetry.receiverCircuitOpen.set({ receiver }, open ? 1 : 0),
  });
  await delivery.refresh();
  await delivery.drained();
  const row = rows.at(-1);
  if (row === undefined) throw new Error('nothing was recorded');
  const metrics = await telemetry.registry.metrics();
  return { row, waits, recorded: JSON.stringify([rows, lines, outcomes, metrics]) };
}

export function sendsOf(
  options: NotifyOptions,
  clock: Clock = { now: () => INSTANT },
  timeout = 10_000,
): ReadonlyMap<string, Send> {
  const outbound = openOutbound({ mayCall: () => true, timeout, clock });
  onTestFinished(outbound.close);
  return createSends(options, { ...outbound, clock });
}

/** One attempt to the only receiver that there is. */
export async function sendOnce(
  options: NotifyOptions,
  notification: Notification,
  timeout?: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<SendOutcome> {
  const [send] = sendsOf(options, undefined, timeout).values();
  if (send === undefined) throw new Error('no such integration');
  return send(notification, signal);
}
