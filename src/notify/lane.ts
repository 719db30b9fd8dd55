import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock, Millis } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { backoffDelay, retry } from '../base/retry.ts';
import { afterOutcome, type CircuitPolicy, CLOSED, isOpen } from './circuit-breaker.ts';
import { groupKeyOf } from './group-key.ts';
import type { Notification } from './notification.ts';
import {
  afterAttempt,
  cancelledRow,
  type DeliveryPolicy,
  isOverdue,
  nextRow,
  type OutboxRow,
  overdueRow,
} from './outbox-row.ts';
import { afterMessage, NOTHING_SENT, type Rate, readyAt } from './rate-limit.ts';
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
  /** Whether a notification shall still be sent. Throws while nobody can say. */
  readonly isWanted: (notification: Notification) => Promise<boolean>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly policy: DeliveryPolicy;
  readonly circuit: CircuitPolicy;
  /** How many messages the receiver takes in how long; undefined for as many as come. */
  readonly rate: () => Rate | undefined;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly onAttempt: (row: OutboxRow, outcome: SendOutcome) => void;
  readonly onDone: (row: OutboxRow) => void;
  /** When the circuit to the receiver opens or closes. */
  readonly onCircuit: (open: boolean) => void;
  /** When the receiver says that it is gone, so that it is sent nothing more, and when it is reinstated. */
  readonly onDisabled: (disabled: boolean) => void;
  /** Aborts the attempt in flight: the process is about to end. */
  readonly cutOff: AbortSignal;
}

/** The way to one receiver: one attempt at a time. */
export interface Lane {
  add(row: OutboxRow): void;
  /** How many rows are still on their way. */
  size(): number;
  /** Whether one of them is about this group of alerts. */
  holds(groupKey: string): boolean;
  /** Resolves when nothing is left to do: every row is sent, dead or called off, or the lane was stopped and its last attempt is over. */
  finished(): Promise<void>;
  /** Begins no further attempt. */
  stop(): void;
  /** Sends again to a receiver that had said that it is gone: it may be another one by now. */
  reinstate(): void;
}

export function createLane(receiver: string, ports: LanePorts): Lane {
  const { clock, log, policy } = ports;
  let queue: readonly OutboxRow[] = [];
  let circuit = CLOSED;
  let level = NOTHING_SENT;
  let stopped = false;
  let running = false;
  /** How often in a row nobody could say whether a notification is still wanted. */
  let unanswered = 0;
  /** What the receiver said when it was gone. */
  let gone: string | undefined;
  let finished = Promise.resolve();
  let alarm = new AbortController();

  async function run(): Promise<void> {
    while (!stopped) {
      const row = nextRow(queue);
      if (row === undefined) break;
      if (gone !== undefined) {
        await outlast(gone);
        continue;
      }
      const rate = ports.rate();
      const free = rate === undefined ? 0 : readyAt(level, rate);
      const ready = Math.max(row.nextAttemptAt, circuit.heldUntil, free);
      const wait = ready - clock.now();
      if (wait > 0) await pause(wait);
      else if (await isWanted(row)) {
        if (rate !== undefined) level = afterMessage(level, rate, clock.now());
        await attempt(row);
      }
    }
    // In the same turn as the look at the queue: a row that comes later starts a new run.
    running = false;
  }

  function pause(duration: Millis): Promise<void> {
    alarm = new AbortController();
    return ports.sleep(Math.min(duration, LONGEST_SLEEP), alarm.signal);
  }

  /** Nothing is asked of a receiver that is gone: what waits for it dies of age, unless somebody mends the configuration before. */
  async function outlast(reason: string): Promise<void> {
    const now = clock.now();
    const overdue = queue.filter((row) => isOverdue(row, now, policy));
    queue = queue.filter((row) => !overdue.includes(row));
    for (const row of overdue) await end(overdueRow(row, `the receiver is gone: it ${reason}`, now));
    const next = queue.reduce((first, { queuedAt }) => Math.min(first, queuedAt), Number.POSITIVE_INFINITY);
    if (!stopped && gone !== undefined && queue.length > 0)
      await pause(next + policy.giveUpAfter - clock.now());
  }

  /** It says nothing about the receiver when a notification was called off, or nobody knows. */
  async function isWanted(row: OutboxRow): Promise<boolean> {
    let wanted: boolean;
    try {
      wanted = await ports.isWanted(row.payload);
    } catch (error) {
      const about = { receiver, notification: row.id, reason: messageOf(error) };
      if (unanswered === 0)
        log.warn(about, 'cannot ask whether a notification is still wanted; it waits until that is known');
      const nextAttemptAt = clock.now() + backoffDelay(policy.backoff, unanswered);
      unanswered += 1;
      queue = queue.map((other) => (other === row ? { ...row, nextAttemptAt } : other));
      return false;
    }
    unanswered = 0;
    if (!wanted) {
      queue = queue.filter((other) => other !== row);
      await end(cancelledRow(row, clock.now()));
    }
    return wanted && !stopped;
  }

  async function attempt(row: OutboxRow): Promise<void> {
    const outcome = await ports.send(row.payload, ports.cutOff).catch(unexpected);
    // Cut off by us: the attempt says nothing about the receiver, and the row stays as it was.
    if (ports.cutOff.aborted && outcome.kind === 'retry') return;
    const now = clock.now();
    const tried = afterAttempt(row, outcome, now, policy);
    follow(tried, outcome, now);
    const lost = outcome.kind === 'retry' ? lostWith(row, outcome.reason, now) : [];
    queue = queue.flatMap((other) =>
      other === row ? [tried].filter(isPending) : lost.some(({ id }) => id === other.id) ? [] : [other],
    );
    ports.onAttempt(tried, outcome);
    for (const changed of [tried, ...lost]) await end(changed);
  }

  async function end(row: OutboxRow): Promise<void> {
    logEnd(row);
    await record(row);
    if (!isPending(row)) ports.onDone(row);
  }

  /** While the circuit is open, an attempt speaks for all that wait: those that have had their time are lost with it. */
  function lostWith(row: OutboxRow, reason: string, now: Millis): OutboxRow[] {
    if (!isOpen(circuit, ports.circuit)) return [];
    return queue
      .filter((other) => other !== row && isOverdue(other, now, policy))
      .map((other) => overdueRow(other, reason, now));
  }

  /** Follows the receiver's state, and tells changes of it. */
  function follow({ id, attempts }: OutboxRow, outcome: SendOutcome, now: Millis): void {
    const before = circuit;
    circuit = afterOutcome(before, outcome, now, ports.circuit);
    const [wasOpen, open] = [isOpen(before, ports.circuit), isOpen(circuit, ports.circuit)];
    if (open !== wasOpen) ports.onCircuit(open);
    if (outcome.kind === 'gone') {
      gone = outcome.reason;
      ports.onDisabled(true);
      log.error(
        { receiver, reason: outcome.reason },
        'the receiver says that it is gone; it is sent nothing until the configuration is reloaded',
      );
      return;
    }
    if (outcome.kind !== 'retry') {
      if (before.failures > 0) log.info({ receiver }, 'the receiver answers again');
      return;
    }
    const about = { receiver, notification: id, attempts, reason: outcome.reason };
    if (before.failures === 0)
      log.warn(about, 'a receiver does not take notifications; trying again until it does');
    if (open && !wasOpen)
      log.warn(about, 'the receiver failed many times in a row; asking with one notification at a time');
  }

  function logEnd({ id, attempts, status, lastError: reason }: OutboxRow): void {
    const about = { receiver, notification: id, attempts };
    if (status === 'sent') log.info(about, 'notification sent');
    if (status === 'cancelled') log.info(about, 'notification called off; it will not be sent');
    if (status === 'dead') log.error({ ...about, reason }, 'notification given up; it will not be sent');
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
    holds: (groupKey) => queue.some(({ payload }) => groupKeyOf(payload) === groupKey),
    finished: () => finished,
    stop() {
      stopped = true;
      alarm.abort();
    },
    reinstate() {
      if (gone === undefined) return;
      gone = undefined;
      ports.onDisabled(false);
      alarm.abort();
    },
  };
}

function isPending({ status }: OutboxRow): boolean {
  return status === 'pending';
}

// A defect of ours. Its message could hold what was being sent, so only its name is told.
function unexpected(error: unknown): SendOutcome {
  return { kind: 'refused', reason: `internal error: ${error instanceof Error ? error.name : typeof error}` };
}
