import { describe, expect, it } from 'vitest';
import {
  afterAttempt,
  type DeliveryPolicy,
  nextRow,
  type OutboxRow,
  pendingRow,
  retriedRow,
} from '../../src/notify/outbox-row.ts';
import { alertOf, DAY, HOUR, INSTANT, notificationOf, retrainOf } from './examples.ts';

const policy: DeliveryPolicy = {
  backoff: { base: 1000, max: 300_000, random: () => 0.999999 },
  giveUpAfter: DAY,
};
const NOW = INSTANT + 60_000;
const retry = { kind: 'retry', reason: 'answered 503' } as const;

function row(change: Partial<OutboxRow> = {}): OutboxRow {
  return { ...pendingRow(notificationOf(), NOW), ...change };
}

function message(id: string, at: number, model: string, change: Partial<OutboxRow> = {}): OutboxRow {
  return { ...pendingRow(notificationOf({ id, at, groupLabels: { model } }), NOW), ...change };
}

describe('pendingRow', () => {
  it('is due at once and addressed to the integration or the target', () => {
    expect(row()).toMatchObject({
      receiver: 'team/slack/0',
      status: 'pending',
      attempts: 0,
      nextAttemptAt: NOW,
    });
    expect(pendingRow(retrainOf(), NOW)).toMatchObject({
      kind: 'retrain',
      receiver: 'pipeline',
      at: INSTANT,
    });
  });
});

describe('the payload of a row', () => {
  it('stays small however many alerts there are: only the worst keep their distributions and explanations', () => {
    const distributions = { kind: 'numeric' as const, labels: ['x'], reference: [1], current: [1] };
    const explanation = { lines: ['x'], period: { from: 0, to: 1 }, features: [] };
    const alerts = Array.from({ length: 500 }, (_, i) =>
      alertOf({ labels: { feature: `f${i}` }, distributions, explanation }),
    );
    const { payload } = pendingRow(notificationOf({ alerts }), NOW);
    expect(payload.alerts).toHaveLength(500);
    expect(payload.alerts.map((alert) => alert.distributions !== undefined)).toEqual(
      alerts.map((_, i) => i < 20),
    );
    expect(payload.alerts[499]).toEqual(alertOf({ labels: { feature: 'f499' } }));
  });
});

describe('afterAttempt', () => {
  it('is sent when it was sent, and forgets earlier errors', () => {
    const after = afterAttempt(
      row({ attempts: 2, lastError: 'answered 500' }),
      { kind: 'sent' },
      NOW,
      policy,
    );
    expect(after).toMatchObject({ status: 'sent', attempts: 3, lastError: '', updatedAt: NOW });
  });

  it.each(['gone', 'refused'] as const)('is dead when the receiver is %s', (kind) => {
    const after = afterAttempt(row(), { kind, reason: 'answered 410' }, NOW, policy);
    expect(after).toMatchObject({ status: 'dead', attempts: 1, lastError: 'answered 410' });
  });

  it.each([
    [0, 1000],
    [1, 2000],
    [5, 32_000],
    [9, 300_000],
    [400, 300_000],
  ])('waits longer after %d failures: %d ms', (attempts, wait) => {
    const after = afterAttempt(row({ attempts }), retry, NOW, policy);
    expect(after).toMatchObject({ status: 'pending', nextAttemptAt: NOW + wait, lastError: 'answered 503' });
  });

  it.each([
    ['what the receiver asks for', 30_000, 30_000],
    ['no less than the shortest wait', 0, 1000],
    ['no more than an hour', 10 * DAY, HOUR],
  ])('waits %s', (_, asked, wait) => {
    const after = afterAttempt(row({ attempts: 7 }), { ...retry, after: asked }, NOW, policy);
    expect(after.nextAttemptAt).toBe(NOW + wait);
  });

  it('is dead when it fails after a day in the outbox, however long ago its window is', () => {
    const late = NOW + DAY;
    expect(afterAttempt(row(), retry, late, policy).status).toBe('dead');
    expect(afterAttempt(row(), retry, late - 1, policy).status).toBe('pending');
    const oldNews = row({ at: INSTANT - 30 * DAY });
    expect(afterAttempt(oldNews, retry, late - 1, policy).status).toBe('pending');
  });
});

describe('retriedRow', () => {
  it('is the same notification, given as much time as a new one', () => {
    const dead = row({ status: 'dead', attempts: 12, lastError: 'answered 410' });
    const again = retriedRow(dead, NOW + 2 * DAY);
    expect(again).toEqual({
      ...pendingRow(notificationOf(), NOW + 2 * DAY),
      round: 1,
    });
    expect(afterAttempt(again, retry, NOW + 3 * DAY - 1, policy).status).toBe('pending');
  });
});

describe('nextRow', () => {
  it('takes the oldest of those that are due alike', () => {
    expect(nextRow([message('b', 2, 'm2'), message('a', 1, 'm1')])?.id).toBe('a');
    expect(nextRow([])).toBeUndefined();
  });

  it('lets others pass a row that waits for its next try', () => {
    const stuck = message('a', 1, 'm1', { nextAttemptAt: NOW + 10_000 });
    expect(nextRow([stuck, message('b', 2, 'm2')])?.id).toBe('b');
  });

  it('lets no row pass an earlier one about the same group', () => {
    const stuck = message('a', 1, 'm1', { nextAttemptAt: NOW + 10_000 });
    expect(nextRow([message('b', 2, 'm1'), stuck])?.id).toBe('a');
  });
});
