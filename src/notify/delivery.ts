import type { Logger } from 'pino';
import { type Clock, type Millis, systemClock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { createLane, type Lane, type Sleep, systemSleep } from './lane.ts';
import type { Notification } from './notification.ts';
import type { OutboxRow } from './outbox-row.ts';
import type { Rate } from './rate-limit.ts';
import type { Send, SendOutcome } from './send-outcome.ts';

const DEFAULT_BACKOFF = { base: 1_000, max: 300_000 };
/** How often a receiver that is away is asked whether it is back. */
const PROBE = { base: 30_000, max: 300_000 };
const DEFAULT_FAILURES = 5;
const DEFAULT_GIVE_UP_AFTER: Millis = 24 * 3_600_000;

/** Ids of finished rows that are remembered, so that a row which is handed over twice is sent once. */
const REMEMBERED = 10_000;

export interface DeliveryOptions {
  /** Rows that the store holds as pending; those that are known already may be left out. */
  readonly loadPending: (isKnown: (row: RowKey) => boolean) => Promise<readonly OutboxRow[]>;
  /** Keeps the new state of a row. Called after each attempt; tried again while its error is retryable. */
  readonly save: (row: OutboxRow) => Promise<void>;
  /** By the key in `OutboxRow.receiver`. Rows for other keys wait, and die of age. */
  readonly sends: ReadonlyMap<string, Send>;
  /** By the same key: how many messages it takes. Those that are not here take as many as there are. */
  readonly rates?: ReadonlyMap<string, Rate>;
  /** Asked before each attempt whether it shall still be made. An error says that nobody knows, and it waits. Default: always. */
  readonly isWanted?: (notification: Notification) => Promise<boolean>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly random: Random;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  /** The wait after a failure doubles from `base` to `max`, with jitter. Default 1 s to 5 min. */
  readonly backoff?: { readonly base: Millis; readonly max: Millis };
  /** A notification that was not taken for so long is given up. Default 24 h. */
  readonly giveUpAfter?: Millis;
  /** After so many failures in a row a receiver is asked with one notification at a time. Default 5. */
  readonly failures?: number;
  /** After every attempt, with the row as it is then. For metrics. */
  readonly onAttempt?: (row: OutboxRow, outcome: SendOutcome) => void;
  /** When a row is sent or dead and the store knows. */
  readonly onDone?: (row: OutboxRow) => void;
  /** When a receiver fails so often that its circuit opens, and when it closes again. */
  readonly onCircuit?: (receiver: string, open: boolean) => void;
  /** When a receiver says that it is gone, so that it is sent nothing more, and when it is reinstated. */
  readonly onDisabled?: (receiver: string, disabled: boolean) => void;
}

type RowKey = Pick<OutboxRow, 'id' | 'round'>;

export interface Delivery {
  /**
   * Loads the pending rows and takes on those it does not know. Call it at start, after saving new rows, and now and then,
   * for those that somebody asks to be tried again: since the store knows what another process sent, this is safe after a
   * crash and a hand-over, where enqueue is not.
   */
  refresh(): Promise<void>;
  /** Takes on rows that the caller has saved and that nobody can have sent yet. Saves nothing itself. A row that is known is ignored. */
  enqueue(rows: readonly OutboxRow[]): void;
  /** Forgets every row that is not being sent at this moment: another process takes over. The store keeps them. */
  release(): void;
  /** Sends again to receivers that had said that they are gone, because the configuration is another one. */
  reinstate(): void;
  /** How many rows are on their way. */
  pending(): number;
  /** Whether one of them is about this group of alerts and for this integration. */
  waits(receiver: string, groupKey: string): boolean;
  /** Resolves when every row taken on so far is sent or dead, or delivery has stopped. */
  drained(): Promise<void>;
  /** Begins no attempt any more, gives those in flight `grace` milliseconds to end, then cuts them off. What is not sent stays pending in the store. */
  stop(grace: Millis): Promise<void>;
}

/** The outbox worker: brings every row to its receiver at least once, always with the same id, or declares it dead. Receivers do not wait for one another. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { clock = systemClock, sleep = systemSleep, backoff = DEFAULT_BACKOFF } = options;
  const policy = {
    backoff: { ...backoff, random: options.random },
    giveUpAfter: options.giveUpAfter ?? DEFAULT_GIVE_UP_AFTER,
  };
  const circuit = {
    failures: options.failures ?? DEFAULT_FAILURES,
    probe: { ...PROBE, random: options.random },
  };
  let lanes = new Map<string, Lane>();
  const known = new Set<string>();
  const finished: string[] = [];
  const cutOff = new AbortController();
  let stopped = false;

  function laneTo(receiver: string): Lane {
    const existing = lanes.get(receiver);
    if (existing !== undefined) return existing;
    const lane = createLane(receiver, {
      // Looked up anew each time: receivers may be configured otherwise by then.
      send: (payload, signal) => (options.sends.get(receiver) ?? notConfigured)(payload, signal),
      save: options.save,
      isWanted: options.isWanted ?? (async () => true),
      clock,
      sleep,
      policy,
      circuit,
      rate: () => options.rates?.get(receiver),
      log: options.log,
      onAttempt: options.onAttempt ?? (() => undefined),
      onDone,
      onCircuit: (open) => options.onCircuit?.(receiver, open),
      onDisabled: (disabled) => options.onDisabled?.(receiver, disabled),
      cutOff: cutOff.signal,
    });
    lanes.set(receiver, lane);
    return lane;
  }

  function onDone(row: OutboxRow): void {
    finished.push(keyOf(row));
    if (finished.length > REMEMBERED) known.delete(finished.shift() ?? '');
    options.onDone?.(row);
  }

  function enqueue(rows: readonly OutboxRow[]): void {
    if (stopped) return;
    for (const row of rows) {
      if (row.status !== 'pending' || isKnown(row)) continue;
      known.add(keyOf(row));
      laneTo(row.receiver).add(row);
    }
  }

  function isKnown(row: RowKey): boolean {
    return known.has(keyOf(row));
  }

  async function refresh(): Promise<void> {
    const tenure = lanes;
    const rows = await options.loadPending(isKnown);
    // Released meanwhile: the rows are another process's by now.
    if (tenure === lanes) enqueue(rows);
  }

  async function drained(): Promise<void> {
    await Promise.all([...lanes.values()].map((lane) => lane.finished()));
  }

  return {
    refresh,
    enqueue,
    release() {
      for (const [receiver, lane] of lanes) {
        lane.stop();
        options.onCircuit?.(receiver, false);
        options.onDisabled?.(receiver, false);
      }
      lanes = new Map();
      known.clear();
      finished.length = 0;
    },
    reinstate() {
      for (const lane of lanes.values()) lane.reinstate();
    },
    pending: () => [...lanes.values()].reduce((sum, lane) => sum + lane.size(), 0),
    waits: (receiver, groupKey) => lanes.get(receiver)?.holds(groupKey) ?? false,
    drained,
    async stop(grace) {
      stopped = true;
      for (const lane of lanes.values()) lane.stop();
      const over = new AbortController();
      await Promise.race([drained(), systemSleep(grace, over.signal)]);
      over.abort();
      cutOff.abort();
    },
  };
}

/** What is tried again by hand is another row: the one before is finished. */
function keyOf({ id, round }: RowKey): string {
  return `${id}/${round}`;
}

const notConfigured: Send = async () => ({ kind: 'retry', reason: 'no such receiver is configured' });
