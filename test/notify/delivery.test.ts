import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { DriftdError } from '../../src/base/errors.ts';
import { createDelivery, type Delivery, type DeliveryOptions } from '../../src/notify/delivery.ts';
import { groupKeyOf } from '../../src/notify/group-key.ts';
import { type OutboxRow, pendingRow, retriedRow } from '../../src/notify/outbox-row.ts';
import type { Send, SendOutcome } from '../../src/notify/send-outcome.ts';
import { DAY, HOUR, INSTANT, notificationOf, retrainOf } from './examples.ts';

const retry: SendOutcome = { kind: 'retry', reason: 'answered 503' };
const sent: SendOutcome = { kind: 'sent' };

interface Bench {
  readonly delivery: Delivery;
  /** Ids in the order of the attempts. */
  readonly attempts: string[];
  readonly store: Map<string, OutboxRow>;
  readonly sleeps: number[];
  readonly logged: Array<{ level: number; msg: string }>;
  readonly done: OutboxRow[];
}

/** A delivery whose waits pass at once on a clock of their own, and whose receivers answer as told. */
function bench(
  answer: (attempt: number, id: string) => SendOutcome | Promise<SendOutcome>,
  change: Partial<DeliveryOptions> = {},
): Bench {
  let now = INSTANT;
  const attempts: string[] = [];
  const store = new Map<string, OutboxRow>();
  const sleeps: number[] = [];
  const logged: Bench['logged'] = [];
  const done: OutboxRow[] = [];
  const send: Send = async (notification) => {
    attempts.push(notification.id);
    return answer(attempts.length, notification.id);
  };
  const delivery = createDelivery({
    loadPending: async () => [...store.values()].filter(({ status }) => status === 'pending'),
    save: async (row) => {
      store.set(row.id, row);
    },
    sends: new Map([
      ['team/slack/0', send],
      ['pipeline', send],
    ]),
    log: pino({ base: null }, { write: (line: string) => logged.push(JSON.parse(line)) }),
    random: () => 0.999999,
    clock: { now: () => now },
    sleep: async (duration) => {
      sleeps.push(duration);
      now += duration;
    },
    onDone: (row) => done.push(row),
    ...change,
  });
  return { delivery, attempts, store, sleeps, logged, done };
}

function row(id: string, change: Parameters<typeof notificationOf>[0] = {}): OutboxRow {
  return pendingRow(notificationOf({ id, ...change }), INSTANT);
}

describe('createDelivery', () => {
  it('tries until the receiver takes it, and keeps every state', async () => {
    const { delivery, store, sleeps, done } = bench((attempt) => (attempt < 4 ? retry : sent));
    delivery.enqueue([row('a')]);
    expect(delivery.pending()).toBe(1);
    await delivery.drained();
    expect(delivery.pending()).toBe(0);
    expect(sleeps).toEqual([1000, 2000, 4000]);
    expect(store.get('a')).toMatchObject({ status: 'sent', attempts: 4, lastError: '' });
    expect(done).toEqual([store.get('a')]);
  });

  it('logs that a receiver fails once, that it goes on failing once, and that it works again once', async () => {
    const { delivery, logged } = bench((attempt) => (attempt < 9 ? retry : sent));
    delivery.enqueue([row('a')]);
    await delivery.drained();
    expect(logged.map(({ level, msg }) => [level, msg.split(/[;,]/)[0]])).toEqual([
      [40, 'a receiver does not take notifications'],
      [40, 'the receiver failed many times in a row'],
      [30, 'the receiver answers again'],
      [30, 'notification sent'],
    ]);
  });

  it('sends a row once that was loaded and is handed over again', async () => {
    const { delivery, attempts, store } = bench(() => sent);
    store.set('a', row('a'));
    await Promise.all([delivery.refresh(), delivery.refresh()]);
    delivery.enqueue([row('a'), row('a')]);
    await delivery.drained();
    delivery.enqueue([row('a')]);
    await delivery.refresh();
    await delivery.drained();
    expect(attempts).toEqual(['a']);
  });

  describe('to somebody who may call notifications off', () => {
    const calledOff = (id: string) => ({
      isWanted: async (notification: { readonly id: string }) => notification.id !== id,
    });

    it('sends those that are wanted, and ends the others without an attempt', async () => {
      const { delivery, attempts, store, done, logged } = bench(() => sent, calledOff('a'));
      delivery.enqueue([row('a'), row('b')]);
      await delivery.drained();
      expect(attempts).toEqual(['b']);
      expect(store.get('a')).toMatchObject({ status: 'cancelled', attempts: 0, lastError: '' });
      expect(done.map(({ id, status }) => [id, status])).toEqual([
        ['a', 'cancelled'],
        ['b', 'sent'],
      ]);
      expect(logged.filter(({ level }) => level > 30)).toEqual([]);
    });

    it('leaves what is known of the receiver as it is', async () => {
      const events: string[] = [];
      const { delivery, sleeps } = bench(
        (attempt) => (attempt < 3 ? { kind: 'retry', reason: 'answered 429', after: 600_000 } : sent),
        {
          ...calledOff('b'),
          failures: 1,
          onCircuit: (_, isOpen) => events.push(isOpen ? 'open' : 'closed'),
          onDone: ({ id, status }) => events.push(`${id} ${status}`),
        },
      );
      delivery.enqueue([row('a', { at: 1 }), row('b', { at: 2, groupLabels: { model: 'churn' } })]);
      await delivery.drained();
      expect(events).toEqual(['open', 'b cancelled', 'closed', 'a sent']);
      expect(sleeps).toEqual([600_000, 600_000]);
    });

    it('waits while nobody can say, which is no failure of the receiver', async () => {
      let asked = 0;
      const { delivery, attempts, sleeps, store, logged } = bench(() => sent, {
        failures: 1,
        isWanted: async () => {
          asked += 1;
          if (asked < 4) throw new Error('the store is away');
          return true;
        },
        onCircuit: () => expect.unreachable(),
      });
      delivery.enqueue([row('a')]);
      await delivery.drained();
      expect(attempts).toEqual(['a']);
      expect(sleeps).toEqual([1000, 2000, 4000]);
      expect(store.get('a')).toMatchObject({ status: 'sent', attempts: 1 });
      expect(logged.filter(({ level }) => level === 40)).toHaveLength(1);
    });
  });

  it('does not touch rows that are finished', async () => {
    const { delivery, attempts } = bench(() => sent);
    delivery.enqueue([
      { ...row('a'), status: 'sent' },
      { ...row('b'), status: 'dead' },
    ]);
    await delivery.drained();
    expect(attempts).toEqual([]);
  });

  it('goes on after a restart where the store says it was', async () => {
    const { delivery, store, sleeps } = bench(() => sent);
    store.set('a', { ...row('a'), attempts: 7, nextAttemptAt: INSTANT + 5000, lastError: 'answered 503' });
    await delivery.refresh();
    await delivery.drained();
    expect(sleeps).toEqual([5000]);
    expect(store.get('a')).toMatchObject({ status: 'sent', attempts: 8 });
  });

  it('has one attempt at a time to a receiver, while receivers do not wait for one another', async () => {
    const waiting: Array<() => void> = [];
    const { delivery, attempts } = bench(
      () => new Promise<SendOutcome>((resolve) => waiting.push(() => resolve(sent))),
    );
    delivery.enqueue([row('a', { at: 1 }), row('b', { at: 2 }), pendingRow(retrainOf({ id: 'r' }), INSTANT)]);
    await settled();
    expect(attempts).toEqual(['a', 'r']);
    for (const answer of waiting.splice(0)) answer();
    await settled();
    expect(attempts).toEqual(['a', 'r', 'b']);
    for (const answer of waiting.splice(0)) answer();
    await delivery.drained();
  });

  it('never lets "resolved" overtake "firing", and lets other groups pass one that fails', async () => {
    const { delivery, attempts } = bench((attempt, id) => (id === 'firing' && attempt < 4 ? retry : sent));
    delivery.enqueue([
      row('firing', { at: 1, groupLabels: { model: 'fraud' } }),
      row('resolved', { at: 2, groupLabels: { model: 'fraud' }, status: 'resolved' }),
      row('other', { at: 3, groupLabels: { model: 'churn' } }),
    ]);
    await delivery.drained();
    expect(attempts).toEqual(['firing', 'other', 'firing', 'firing', 'resolved']);
  });

  it('holds back everything to a receiver that asks for time', async () => {
    const { delivery, attempts, sleeps } = bench((attempt) =>
      attempt === 1 ? { ...retry, after: 30_000 } : sent,
    );
    delivery.enqueue([
      row('a', { at: 1, groupLabels: { model: 'fraud' } }),
      row('b', { at: 2, groupLabels: { model: 'churn' } }),
    ]);
    await delivery.drained();
    expect(attempts).toHaveLength(3);
    expect(sleeps).toEqual([30_000]);
  });

  it('knows which groups wait for which receiver', async () => {
    const { delivery } = bench((attempt) => (attempt === 1 ? retry : sent));
    const waiting = row('a');
    const groupKey = groupKeyOf(waiting.payload);
    expect(delivery.waits(waiting.receiver, groupKey)).toBe(false);
    delivery.enqueue([waiting]);
    expect(delivery.waits(waiting.receiver, groupKey)).toBe(true);
    expect(delivery.waits('team/slack/1', groupKey)).toBe(false);
    expect(delivery.waits(waiting.receiver, 'another')).toBe(false);
    await delivery.drained();
    expect(delivery.waits(waiting.receiver, groupKey)).toBe(false);
  });

  it.each(['gone', 'refused'] as const)(
    'gives up at once when the receiver is %s, and tells so',
    async (kind) => {
      const { delivery, attempts, logged, done } = bench(() => ({ kind, reason: 'answered 410' }));
      delivery.enqueue([row('a')]);
      await delivery.drained();
      expect(attempts).toEqual(['a']);
      expect(done[0]).toMatchObject({ status: 'dead', lastError: 'answered 410' });
      const given = logged.filter(({ msg }) => msg.startsWith('notification given up'));
      expect(given).toMatchObject([{ level: 50, reason: 'answered 410', receiver: 'team/slack/0' }]);
    },
  );

  it('gives up after a day', async () => {
    const { delivery, sleeps, store } = bench(() => retry);
    delivery.enqueue([row('a')]);
    await delivery.drained();
    expect(store.get('a')?.status).toBe('dead');
    const tried = sleeps.reduce((sum, wait) => sum + wait, 0);
    expect(tried).toBeGreaterThanOrEqual(DAY);
    expect(tried).toBeLessThan(DAY + HOUR);
  });

  it('tells every attempt to whoever counts them', async () => {
    const seen: string[] = [];
    const { delivery } = bench((attempt) => (attempt === 1 ? retry : sent), {
      onAttempt: (row, outcome) => seen.push(`${row.receiver} ${outcome.kind} ${row.attempts}`),
    });
    delivery.enqueue([row('a')]);
    await delivery.drained();
    expect(seen).toEqual(['team/slack/0 retry 1', 'team/slack/0 sent 2']);
  });

  it('keeps a row for a receiver that is not configured until it is too old', async () => {
    const { delivery, store, done } = bench(() => sent);
    delivery.enqueue([row('a', { receiver: 'team/slack/1' })]);
    await delivery.drained();
    expect(done[0]).toMatchObject({ status: 'dead', lastError: 'no such receiver is configured' });
    expect(store.get('a')?.attempts).toBeGreaterThan(100);
  });

  it('takes an exception for a defect, and repeats nothing of what it says', async () => {
    const { delivery, done, logged } = bench(() => Promise.reject(new TypeError('https://secret')));
    delivery.enqueue([row('a')]);
    await delivery.drained();
    expect(done[0]).toMatchObject({ status: 'dead', lastError: 'internal error: TypeError' });
    expect(JSON.stringify(logged)).not.toContain('secret');
  });

  it('records what it sent as soon as the store is back, and does not send again meanwhile', async () => {
    const saved: string[] = [];
    let failures = 2;
    const { delivery, attempts, logged } = bench(() => sent, {
      backoff: { base: 1, max: 1 },
      save: async (row) => {
        failures -= 1;
        if (failures >= 0) throw new DriftdError('environment', 'the store is down', { retryable: true });
        saved.push(row.status);
      },
    });
    delivery.enqueue([row('a')]);
    await delivery.drained();
    expect(attempts).toEqual(['a']);
    expect(saved).toEqual(['sent']);
    expect(logged.filter(({ level }) => level === 40)).toHaveLength(1);
  });

  it('goes on with the next row when a state cannot be recorded at all', async () => {
    const { delivery, attempts, logged } = bench(() => sent, {
      save: async () => {
        throw new DriftdError('defect', 'bad SQL');
      },
    });
    delivery.enqueue([row('a', { at: 1 }), row('b', { at: 2 })]);
    await delivery.drained();
    expect(attempts).toEqual(['a', 'b']);
    expect(logged.filter(({ level }) => level === 50)).toHaveLength(2);
  });

  it('takes on a dead row again that somebody wants to be tried once more, with the same id', async () => {
    const { delivery, attempts, store } = bench((attempt) =>
      attempt === 1 ? { kind: 'refused', reason: 'answered 400' } : sent,
    );
    delivery.enqueue([row('a')]);
    await delivery.drained();
    const dead = store.get('a');
    expect(dead).toMatchObject({ status: 'dead', round: 0 });
    if (dead !== undefined) store.set('a', retriedRow(dead, INSTANT + DAY));
    await Promise.all([delivery.refresh(), delivery.refresh()]);
    await delivery.drained();
    expect(attempts).toEqual(['a', 'a']);
    expect(store.get('a')).toMatchObject({ status: 'sent', round: 1, attempts: 1 });
  });

  it('asks the store for nothing that it knows', async () => {
    const known: boolean[] = [];
    const { delivery } = bench(() => sent, {
      loadPending: async (isKnown) => {
        known.push(isKnown({ id: 'a', round: 0 }), isKnown({ id: 'a', round: 1 }));
        return [];
      },
    });
    delivery.enqueue([row('a')]);
    await delivery.refresh();
    await delivery.drained();
    await delivery.refresh();
    expect(known).toEqual([true, false, true, false]);
  });

  it('takes on nothing that it was still loading when another process took over', async () => {
    let answer: (rows: OutboxRow[]) => void = () => undefined;
    const { delivery, attempts } = bench(() => sent, {
      loadPending: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const refreshed = delivery.refresh();
    delivery.release();
    answer([row('a')]);
    await refreshed;
    await delivery.drained();
    expect(attempts).toEqual([]);
  });

  describe('to a receiver that is away', () => {
    const rows = Array.from({ length: 20 }, (_, i) =>
      row(`n${String(i).padStart(2, '0')}`, { at: i, groupLabels: { model: `m${i}` } }),
    );

    it('asks with one notification at a time after five failures, and sends all when it is back', async () => {
      let now = INSTANT;
      const times: number[] = [];
      const circuits: string[] = [];
      const { delivery, store } = bench(() => (now < INSTANT + 600_000 ? retry : sent), {
        clock: { now: () => now },
        sleep: async (duration) => {
          now += duration;
        },
        onAttempt: () => times.push(now - INSTANT),
        onCircuit: (receiver, open) => circuits.push(`${receiver} ${open ? 'open' : 'closed'}`),
      });
      delivery.enqueue(rows);
      await delivery.drained();
      expect([...store.values()].filter(({ status }) => status === 'sent')).toHaveLength(20);
      const [back = 0] = times.filter((time) => time >= 600_000);
      const failed = times.filter((time) => time < back);
      // Five at once, then after 30 s, 1, 2 and 4 minutes.
      expect(failed).toEqual([0, 0, 0, 0, 0, 30_000, 90_000, 210_000, 450_000]);
      expect(times.filter((time) => time === back)).toHaveLength(20);
      expect(circuits).toEqual(['team/slack/0 open', 'team/slack/0 closed']);
    });

    it('gives up all that have had their time, not only the one that it asks with', async () => {
      const { delivery, done, attempts } = bench(() => retry);
      delivery.enqueue(rows);
      await delivery.drained();
      expect(done.map(({ status, lastError }) => `${status} ${lastError}`)).toEqual(
        rows.map(() => 'dead answered 503'),
      );
      expect(attempts.length).toBeLessThan(350);
    });

    it('does not take a refusal for an absence', async () => {
      const circuits: boolean[] = [];
      const { delivery, attempts } = bench(() => ({ kind: 'refused', reason: 'answered 400' }), {
        onCircuit: (_, open) => circuits.push(open),
      });
      delivery.enqueue(rows);
      await delivery.drained();
      expect(attempts).toHaveLength(20);
      expect(circuits).toEqual([]);
    });
  });

  it('sends no faster than the receiver takes, and holds up no other receiver', async () => {
    const { delivery, attempts, sleeps } = bench(() => sent, {
      rates: new Map([['team/slack/0', { count: 2, per: 10_000 }]]),
    });
    delivery.enqueue([
      ...['a', 'b', 'c', 'd'].map((id, at) => row(id, { at, groupLabels: { model: id } })),
      pendingRow(retrainOf({ id: 'r' }), INSTANT),
    ]);
    await delivery.drained();
    expect(attempts).toEqual(['a', 'r', 'b', 'c', 'd']);
    expect(sleeps).toEqual([5_000, 5_000]);
  });

  describe('stop', () => {
    it('finishes the attempt in flight and leaves the rest pending', async () => {
      let answer = (): void => undefined;
      const { delivery, attempts, store } = bench(
        () =>
          new Promise((resolve) => {
            answer = () => resolve(sent);
          }),
      );
      delivery.enqueue([row('a', { at: 1 }), row('b', { at: 2 })]);
      await settled();
      const stopped = delivery.stop(60_000);
      answer();
      await stopped;
      expect(store.get('a')?.status).toBe('sent');
      delivery.enqueue([row('c')]);
      await settled();
      expect(attempts).toEqual(['a']);
      expect(delivery.pending()).toBe(1);
    });

    it('cuts off an attempt that takes too long, and leaves its row as it was', async () => {
      const { delivery, store } = bench(() => sent, {
        sends: new Map<string, Send>([
          [
            'team/slack/0',
            (_, signal) =>
              new Promise((resolve) => {
                signal.addEventListener('abort', () => resolve(retry));
              }),
          ],
        ]),
      });
      delivery.enqueue([row('a')]);
      await settled();
      await delivery.stop(1);
      await settled();
      expect(store.size).toBe(0);
      expect(delivery.pending()).toBe(1);
    });

    it('does not wait for a back-off to end', async () => {
      const { delivery, attempts } = bench(() => retry, {
        sleep: (_, signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => resolve());
          }),
      });
      delivery.enqueue([row('a')]);
      await settled();
      await delivery.stop(60_000);
      expect(attempts).toEqual(['a']);
    });
  });

  it('sends nothing more to a receiver that said that it is gone, says so once, and lets what waits die of age', async () => {
    const disabled: boolean[] = [];
    const { delivery, attempts, store, logged } = bench(() => ({ kind: 'gone', reason: 'answered 410' }), {
      onDisabled: (_, gone) => disabled.push(gone),
    });
    delivery.enqueue([row('a'), row('b', { groupKey: 'another' })]);
    await delivery.drained();
    expect(attempts).toEqual(['a']);
    expect(disabled).toEqual([true]);
    expect(store.get('a')).toMatchObject({ status: 'dead', lastError: 'answered 410' });
    expect(store.get('b')).toMatchObject({
      status: 'dead',
      attempts: 0,
      lastError: 'the receiver is gone: it answered 410',
    });
    expect(store.get('b')?.updatedAt).toBe(INSTANT + DAY);
    expect(logged.filter(({ msg }) => msg.startsWith('the receiver says that it is gone'))).toHaveLength(1);
  });

  it('sends what waited when the receiver is reinstated', async () => {
    const disabled: boolean[] = [];
    let paused = (): void => undefined;
    const isPaused = new Promise<void>((resolve) => {
      paused = resolve;
    });
    const { delivery, attempts, store } = bench(
      (attempt) => (attempt === 1 ? { kind: 'gone', reason: 'answered 410' } : sent),
      {
        onDisabled: (_, gone) => disabled.push(gone),
        sleep: (_, signal) => {
          paused();
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
        },
      },
    );
    delivery.enqueue([row('a'), row('b', { groupKey: 'another' })]);
    await isPaused;
    delivery.reinstate();
    await delivery.drained();
    expect(attempts).toEqual(['a', 'b']);
    expect(disabled).toEqual([true, false]);
    expect(store.get('a')?.status).toBe('dead');
    expect(store.get('b')?.status).toBe('sent');
  });
});

/** Lets everything run that needs no timer. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
