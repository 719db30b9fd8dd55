import '../support/far-from-utc.ts';
import { describe, expect, it } from 'vitest';
import { emptyProfile, type FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { errorSums } from '../../src/store/error-sums.ts';
import { labelledCells } from '../../src/store/labelled-cells.ts';
import { labelRow, predictionRow } from '../../src/store/predictions.ts';
import { mergedProfiles, profiledPeriods, profilePartRow } from '../../src/store/profile-parts.ts';
import { retrainsBetween, saveRetrains } from '../../src/store/retrain-requests.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const AT = Date.UTC(2026, 10, 22, 8);
const WINDOW = { from: AT, to: AT + 300_000 };

describe.each(STORE_KINDS)('a store far from UTC: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('is far from UTC', async () => {
    const store = await stores.bare();
    expect(await store.query('SELECT timezone() AS zone')).toEqual([{ zone: 'America/St_Johns' }]);
    expect(new Date(AT).getHours()).not.toBe(8);
  });

  it('finds the panes of a window', async () => {
    const store = await stores.fresh();
    const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid([1, 2, 3]) };
    const key = { model: 'm', version: '1', segment: '', baselineId: 'b' };
    const origin = { topic: 't', partition: 0, chunkStart: 0, endOffset: 10 };
    const rows = [-300_000, 0, 300_000].map((shift, i) =>
      profilePartRow({ ...key, pane: AT + shift }, origin, 'x', { ...emptyProfile(spec), missing: 10 ** i }),
    );
    await store.insert('profile_parts', rows);
    const merged = await mergedProfiles(store, { ...key, ...WINDOW }, new Map([['x', spec]]));
    expect(merged.get('1')?.get('x')?.missing).toBe(10);
    expect(await profiledPeriods(store)).toEqual([
      { model: 'm', version: '1', first: AT - 300_000, last: AT + 300_000 },
    ]);
  });

  it('finds the labelled predictions of a window', async () => {
    const store = await stores.fresh();
    const times = { before: AT - 1, first: AT, last: WINDOW.to - 1, behind: WINDOW.to };
    const events = Object.entries(times).map(([predictionId, timestamp]) => ({
      kind: 'prediction' as const,
      model: 'm',
      version: '1',
      predictionId,
      timestamp,
      features: {},
      prediction: 2,
      score: undefined,
      label: undefined,
    }));
    await store.insert(
      'predictions',
      events.map((event, offset) =>
        predictionRow(event, event.predictionId, { topic: 'labels', partition: 0, offset }),
      ),
    );
    await store.insert(
      'labels',
      events.map((event, offset) =>
        labelRow({ ...event, label: 1 }, { topic: 'labels', partition: 0, offset }),
      ),
    );
    const about = { positives: ['1'], threshold: 0.5 };
    expect(await labelledCells(store, { model: 'm', ...WINDOW }, about)).toMatchObject({
      cells: [{ version: '1', prediction: '2', label: '1', count: 2 }],
    });
    expect(await errorSums(store, { model: 'm', ...WINDOW })).toMatchObject([{ n: 2, sumError: 2 }]);
  });

  it('finds the retraining requests of a period', async () => {
    const store = await stores.fresh();
    const request = { target: 't', model: 'm', version: '1', reason: '', baselineId: '', request: '{}' };
    const rows = [AT - 1, AT, AT + 1].map((at) => ({
      ...request,
      id: `r${at - AT}`,
      at,
      status: 'requested',
    }));
    await saveRetrains(store, rows, AT);
    const found = await retrainsBetween(store, AT, AT);
    expect(found).toMatchObject([{ id: 'r0', target: 't', model: 'm', at: AT }]);
  });
});
