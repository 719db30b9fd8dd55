import { describe, expect, it } from 'vitest';
import { RejectWatch } from '../../src/pipeline/reject-watch.ts';
import { intakeRow } from '../../src/store/intake.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { MINUTE, MORNING } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const LIMIT = { share: 0.5, window: 5 * MINUTE, records: 10, severity: 'critical' };

function rowOf(minute: number, records: number, rejected: number) {
  const rejects = rejected === 0 ? [] : [['not_json', { count: rejected, offset: 1 }] as const];
  const place = { topic: 'predictions', partition: 0, at: MORNING + minute * MINUTE };
  return intakeRow(place, { records, rejects: new Map(rejects) });
}

describe.each(STORE_KINDS)('a watch on what is rejected, over a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  async function watching() {
    const store = await stores.fresh();
    const telemetry = createTelemetry();
    let now = MORNING;
    let asked = 0;
    const counting = {
      ...store,
      query: <Row>(sql: string, params?: Readonly<Record<string, unknown>>) => {
        asked += 1;
        return store.query<Row>(sql, params);
      },
    };
    const watch = new RejectWatch({ clock: { now: () => now }, store: counting, telemetry, limit: LIMIT });
    /** What is above the limit at a minute, what the metric says, and how often the store was asked for it. */
    const lookAt = async (minute: number) => {
      now = MORNING + minute * MINUTE;
      asked = 0;
      await watch.look();
      const [share] = (await telemetry.rejectedShare.get()).values;
      return { above: watch.above.map(({ topic }) => topic), share: share?.value, asked };
    };
    return { store, lookAt };
  }

  it('tells of a topic for as long as what was rejected is in the window', async () => {
    const { store, lookAt } = await watching();
    expect(await lookAt(0)).toMatchObject({ above: [], share: undefined });
    await store.insert('intake', [rowOf(0, 90, 90), rowOf(2, 10, 0)]);
    expect(await lookAt(2)).toMatchObject({ above: ['predictions'], share: 0.9 });
    expect(await lookAt(5)).toMatchObject({ above: ['predictions'], share: 0.9 });
    expect(await lookAt(5.1)).toMatchObject({ above: [], share: 0 });
    expect(await lookAt(7.1)).toMatchObject({ above: [], share: undefined });
    await store.insert('intake', [rowOf(8, 20, 20)]);
    expect(await lookAt(8)).toMatchObject({ above: ['predictions'], share: 1 });
  });

  const when = {
    embedded: [
      'when something was written, and when something passes out of the window',
      [1, 0, 0, 1, 0, 1, 0],
    ],
    server: ['each time, since others write as well', [1, 1, 1, 1, 1, 1, 1]],
  } as const;

  it(`asks ${when[kind][0]}`, async () => {
    const { store, lookAt } = await watching();
    await store.insert('intake', [rowOf(0, 10, 0), rowOf(2, 10, 0)]);
    const asked: number[] = [];
    for (const minute of [2, 4, 5, 5.1, 7, 7.1, 8]) asked.push((await lookAt(minute)).asked);
    expect(asked).toEqual(when[kind][1]);
  });
});
