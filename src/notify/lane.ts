import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock, Millis } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { retry } from '../base/retry.ts';
import { afterAttempt, type DeliveryPolicy, nextRow, type OutboxRow } from './outbox-row.ts';
import type { Send, SendOutcome } from './send-outcome.ts';

/** Timers beyond 24.8 days fire at once; waking up for nothing once an hour costs nothing. */
const LONGEST_SLEEP: Millis = 3_600_000;

/** Waits, or comes back early when the signal aborts. Never throws. */
export type Sleep = (duration: Millis, signal: AbortSignal) => Promise<void>;

export const systemSleep: Sleep = (duration, signal) =>
  setTimeout(duration, undefined, { signal }).catch(() => undefined);

export interface LanePorts {
  readonly send: Send;
  readonly save: (row: OutboxRow) => Promise<void>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly policy: DeliveryPolicy;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly onAttempt: (row: OutboxRow, outcome: SendOutcome) => void;
  readonly onDone: (row: OutboxRow) => void;
  /** Aborts the attempt in flight: the process is about to end. */
  readonly cutOff: AbortSignal;
}

/** The way to one receiver: one attempt at a time. */
export interface Lane {
  add(row: OutboxRow): void;
  /** How many rows are still on their way. */
  size(): number;
  /** Resolves when nothing is left to do: every row is sent or dead, or the lane was stopped and its last attempt is over. */
  finished(): Promise<void>;
  /** Begins no further attempt. */
  stop(): void;
}

export function createLane(receiver: string, ports: LanePorts): Lane {
  const { clock, log, policy } = ports;
  let queue: readonly OutboxRow[] = [];
  let heldUntil: Millis = 0;
  let failing = false;
  let stopped = false;
  let running = false;
  let finished = Promise.resolve();
  let alarm = new AbortController();

  async function run(): Promise<void> {
    while (!stopped) {
      const row = nextRow(queue);
      if (row === undefined) break;
      const wait = Math.max(row.nextAttemptAt, heldUntil) - clock.now();
      if (wait > 0) {
        alarm = new AbortController();
        await ports.sleep(Math.min(wait, LONGEST_SLEEP), alarm.signal);
      } else {
        await attempt(row);
      }
    }
    // In the same turn as the look at the queue: a row that comes later starts a new run.
    running = false;
  }

  async function attempt(row: OutboxRow): Promise<void> {
    const outcome = await ports.send(row.payload, ports.cutOff).catch(unexpected);
    // Cut off by us: the attempt says nothing about the receiver, and the row stays as it was.
    if (ports.cutOff.aborted && outcome.kind === 'retry') return;
    const tried = afterAttempt(row, outcome, clock.now(), policy);
    queue = queue.flatMap((other) => (other !== row ? [other] : tried.status === 'pending' ? [tried] : []));
    // A receiver that names a time means all messages to it, not only this one.
    if (outcome.kind === 'retry' && outcome.after !== undefined) heldUntil = tried.nextAttemptAt;
    logChange(tried, outcome);
    ports.onAttempt(tried, outcome);
    await record(tried);
    if (tried.status !== 'pending') ports.onDone(tried);
  }

  function logChange(row: OutboxRow, outcome: SendOutcome): void {
    const about = { receiver, notification: row.id, attempts: row.attempts };
    if (outcome.kind === 'retry' && !failing) {
      log.warn(
        { ...about, reason: outcome.reason },
        'a receiver does not take notifications; trying again until it does',
      );
    }
    if (outcome.kind !== 'retry' && failing) log.info({ receiver }, 'the receiver answers again');
    failing = outcome.kind === 'retry';
    if (row.status === 'sent') log.info(about, 'notification sent');
    if (row.status === 'dead')
      log.error({ ...about, reason: row.lastError }, 'notification given up; it will not be sent');
  }

  async function record(row: OutboxRow): Promise<void> {
    const about = { receiver, notification: row.id };
    try {
      await retry(() => ports.save(row), {
        backoff: policy.backoff,
        signal: ports.cutOff,
        onFailure: (error, failures) => {
          if (failures > 0) return;
          log.warn(
            { ...about, reason: messageOf(error) },
            'cannot record the state of a notification; trying again',
          );
        },
      });
    } catch (error) {
      const reason = messageOf(error);
      log.error(
        { ...about, reason },
        'the state of a notification was not recorded; it may be sent again, with the same id',
      );
    }
  }

  return {
    add(row) {
      queue = [...queue, row];
      alarm.abort();
      if (running || stopped) return;
      running = true;
      finished = run();
    },
    size: () => queue.length,
    finished: () => finished,
    stop() {
      stopped = true;
      alarm.abort();
    },
  };
}

// A defect of ours. Its message could hold what was being sent, so only its name is told.
function unexpected(error: unknown): SendOutcome {
  return { kind: 'refused', reason: `internal error: ${error instanceof Error ? error.name : typeof error}` };
}
