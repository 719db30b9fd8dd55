import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { ReplayRecord } from '../../src/pipeline/replay.ts';
import { listActivations, loadBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { HOUR, MORNING } from '../support/events.ts';
import { storesOfSuite } from '../support/stores.ts';
import { groupsOf } from './memory-evaluations.ts';
import { replayInto } from './replay-into.ts';

const PER_HOUR = 1_200;
/** A few minutes more, so that the last hour is over. */
const HOURS = 4.1;
/** One prediction in ten is French. */
const COUNTRIES = ['DE', 'DE', 'DE', 'DE', 'DE', 'ES', 'ES', 'ES', 'ES', 'FR'];

interface Prediction {
  readonly timestamp: number;
  readonly features: {
    readonly amount: number;
    readonly age: number;
    readonly country: string;
    readonly device: string;
  };
}

/** A steady model whose amounts rise in one country from the fourth hour on, when a country comes that was never seen as well. */
function* predictions(): Generator<Prediction> {
  const random = seededRandom(7);
  for (let i = 0; i < HOURS * PER_HOUR; i += 1) {
    const hour = i / PER_HOUR;
    const country = hour >= 3 && i % 10 === 0 ? 'XX' : (COUNTRIES[Math.floor(10 * random())] as string);
    const isHigh = country === 'FR' && hour >= 3;
    yield {
      timestamp: MORNING + Math.floor(hour * HOUR),
      features: {
        amount: 100 + 20 * gaussian(random) + (isHigh ? 30 : 0),
        age: 40 + 10 * gaussian(random),
        country,
        device: random() < 0.6 ? 'phone' : 'desktop',
      },
    };
  }
}

function log(): ReplayRecord[] {
  return [...predictions()].map((prediction, offset) => ({
    topic: 'predictions',
    offset,
    timestamp: prediction.timestamp,
    value: Buffer.from(JSON.stringify({ model: 'fraud', version: '7', ...prediction, prediction: 'ok' })),
  }));
}

const RULES = groupsOf(`
groups:
  - name: slices
    models: [fraud]
    segments: ["*"]
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: SegmentDrift
        each: feature
        features: ["amount", "age"]
        when: psi_adjusted > 0.1 && q_value < 0.01
  - name: whole
    models: [fraud]
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: WholeDrift
        each: feature
        features: ["amount"]
        when: psi_adjusted > 0.1 && q_value < 0.01
`);

function configOf(chunkRecords: number) {
  return configSchema.parse({
    ingest: { chunk_records: chunkRecords },
    models: { fraud: { segments: ['country', 'device'], learn: 2_300 } },
  });
}

interface Measured {
  readonly segment: string;
  readonly value: number;
  readonly n: number;
  readonly baseline_n: number;
}

async function lastMetric(store: Store, metric: string, feature: string): Promise<Map<string, Measured>> {
  const rows = await store.query<Measured>(
    `SELECT segment, value, n, baseline_n FROM {database}.metrics FINAL
     WHERE metric = {metric:String} AND feature = {feature:String} AND window_end = (SELECT max(window_end) FROM {database}.metrics)`,
    { metric, feature },
  );
  return new Map(rows.map((row) => [row.segment, row]));
}

describe('a model with segments', () => {
  const stores = storesOfSuite('embedded');

  it('has an alert for the segment that drifts alone, from events to numbers in the store', async () => {
    const store = await stores.fresh();
    const { transitions } = await replayInto(store, log(), { config: configOf(4_000), groups: RULES });
    const fired = transitions
      .filter(({ to }) => to === 'firing')
      .map(
        ({ at, alert: { labels } }) =>
          `${(at - MORNING) / HOUR} ${labels['alertname']} ${labels['feature']} ${labels['segment'] ?? ''}`,
      );
    // The larger half of it has a segment of its own and drifts with it; a tenth of the whole is not enough there.
    expect(fired.sort()).toEqual([
      '4 SegmentDrift amount country=FR',
      '4 SegmentDrift amount country=FR,device=phone',
    ]);

    const [activation] = await listActivations(store);
    const baseline = await loadBaseline(store, activation?.baselineId ?? '');
    expect(baseline?.segments?.features).toEqual(['country', 'device']);
    expect([...(baseline?.segments?.known.keys() ?? [])]).toContain('country=FR,device=phone');

    const last = [...predictions()].filter(({ timestamp }) => Math.floor((timestamp - MORNING) / HOUR) === 3);
    const size = (test: (features: Prediction['features']) => boolean): number =>
      last.filter(({ features }) => test(features)).length;
    const psi = await lastMetric(store, 'psi', 'amount');
    const french = baseline?.segments?.known.get('country=FR');
    expect(psi.get('country=FR')).toMatchObject({
      n: size(({ country }) => country === 'FR'),
      baseline_n: french?.rows,
    });
    expect(psi.get('country=FR')?.value).toBeGreaterThan(1);
    expect(psi.get('country=DE')?.value).toBeLessThan(0.1);
    expect(psi.get('')?.n).toBe(PER_HOUR);
    const counted = await lastMetric(store, 'predictions', '');
    const predicted = (segment: string): number | undefined => counted.get(segment)?.value;
    expect(predicted('country=__other__')).toBe(size(({ country }) => country === 'XX'));
    expect(predicted('country=DE,device=phone')).toBe(
      size(({ country, device }) => country === 'DE' && device === 'phone'),
    );
    for (const feature of ['country', 'device']) {
      const slices = [...counted.keys()].filter((name) => name.startsWith(feature) && !name.includes(','));
      expect(slices.reduce((sum, name) => sum + (predicted(name) ?? 0), 0)).toBe(PER_HOUR);
    }
  });

  it('counts the same in segments however its log is divided into chunks', async () => {
    const totals = async (chunkRecords: number): Promise<object[]> => {
      const store = await stores.fresh();
      await replayInto(store, log(), { config: configOf(chunkRecords), groups: [] });
      return store.query(
        `SELECT segment, pane, feature, sum(n) AS n, sum(missing) AS missing, sumForEach(cells) AS cells
         FROM {database}.profile_parts FINAL WHERE feature IN ('amount', 'country')
         GROUP BY segment, pane, feature ORDER BY segment, pane, feature`,
      );
    };
    const one = await totals(100_000);
    expect(one.length).toBeGreaterThan(500);
    expect(await totals(777)).toEqual(one);
  });
});
