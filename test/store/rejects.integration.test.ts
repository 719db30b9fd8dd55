import { describe, expect, it } from 'vitest';
import { REJECT_REASONS } from '../../src/event/events.ts';
import { type Rejected, rejectRow } from '../../src/store/rejects.ts';
import { MORNING } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

function rejectedOf(change: Partial<Rejected> = {}): Rejected {
  return {
    topic: 'predictions',
    partition: 3,
    offset: 0,
    timestamp: MORNING,
    reason: 'not_json',
    detail: 'Unexpected token',
    payload: Buffer.from('{"model":'),
    ...change,
  };
}

const COLUMNS = 'topic, partition, offset, reason, detail, payload, size, toString(timestamp) AS at';

describe.each(STORE_KINDS)('rejects in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('say where the record stood, why it was rejected, and how it began', async () => {
    const store = await stores.fresh();
    await store.insert('rejects', [
      rejectRow(rejectedOf()),
      rejectRow(rejectedOf({ offset: 1, reason: 'empty', payload: null })),
    ]);
    const place = { topic: 'predictions', partition: 3, at: '2026-11-22 08:00:00.000' };
    const detail = 'Unexpected token';
    expect(await store.query(`SELECT ${COLUMNS} FROM {database}.rejects ORDER BY offset`)).toEqual([
      { ...place, offset: 0, reason: 'not_json', detail, payload: '{"model":', size: 9 },
      { ...place, offset: 1, reason: 'empty', detail, payload: '', size: 0 },
    ]);
  });

  it('take whatever a log may hold', async () => {
    const store = await stores.fresh();
    const payloads = [
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
      Buffer.from('ä'.repeat(5_000_000 / 2)),
      Buffer.from(`x${'🐛'.repeat(300)}`),
      Buffer.from('"\\ud800"; DROP'),
    ];
    const rows = payloads.map((payload, offset) => rejectRow(rejectedOf({ offset, payload })));
    rows.push(rejectRow(rejectedOf({ offset: 4, detail: 'cut in the middle: \ud83d' })));
    // A producer that stamps its records in microseconds, and one that does not stamp them.
    rows.push(rejectRow(rejectedOf({ offset: 5, timestamp: MORNING * 1_000 })));
    rows.push(rejectRow(rejectedOf({ offset: 6, timestamp: -1 })));
    await store.insert('rejects', rows);
    const found = await store.query<{ payload: string; size: number; detail: string }>(
      'SELECT payload, size, detail FROM {database}.rejects ORDER BY offset',
    );
    expect(found.map(({ size }) => size).slice(0, 4)).toEqual(payloads.map((payload) => payload.length));
    expect(found.every(({ payload }) => Buffer.byteLength(payload) < 1_030)).toBe(true);
    expect(found[3]?.payload).toBe('"\\ud800"; DROP');
    expect(found[4]?.detail).toBe('cut in the middle: \ufffd');
  });

  it('are one for each record, however often it is read', async () => {
    const store = await stores.fresh();
    const rows = REJECT_REASONS.map((reason, offset) => rejectRow(rejectedOf({ offset, reason })));
    await store.insert('rejects', rows);
    await store.insert('rejects', rows);
    const found = await store.query<{ reason: string }>(
      'SELECT reason FROM {database}.rejects FINAL ORDER BY offset',
    );
    expect(found.map(({ reason }) => reason)).toEqual(REJECT_REASONS);
  });
});
