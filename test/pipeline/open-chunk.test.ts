import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { DriftdEvent, PredictionEvent } from '../../src/event/events.ts';
import { Chunk, DEFAULT_CHUNK_LIMITS } from '../../src/ingest/chunk.ts';
import { DEFAULT_CHUNK_BOUNDS, type OpenChunk } from '../../src/pipeline/open-chunk.ts';
import { readBaseline, writeBaseline } from '../../src/profile/baseline.ts';
import { HeldOutCoin } from '../../src/profile/derived/held-out-coin.ts';
import { baselineOf, HOUR, labelOf, MINUTE, MORNING, predictionOf } from '../support/events.ts';
import { activationOf, chunkOf, directoryOf, POLICY, takeAll } from '../support/open-chunks.ts';

const EVENTS = [1, 2, 3].map((amount) => predictionOf({ features: { amount, country: 'DE' } }));
const BASELINE = baselineOf(EVENTS);

function take(open: OpenChunk, value: DriftdEvent): void {
  const offset = open.chunk.end;
  open.chunk.take(offset, MORNING);
  open.take({ offset, timestamp: MORNING, value: null }, { kind: 'ok', value });
}

function drained(open: OpenChunk): Record<string, number> {
  return Object.fromEntries([...open.drain()].map(([table, rows]) => [table, rows.length]));
}

const NOTHING = { profile_parts: 0, predictions: 0, labels: 0, learning_samples: 0, rejects: 0 };

describe('an open chunk', () => {
  it('gives rows of what has changed since they were last asked for, and each time all that it counted', async () => {
    const open = chunkOf(await directoryOf([BASELINE]));
    const features = BASELINE.features.size;
    takeAll(open, [predictionOf(), predictionOf({ timestamp: MORNING + HOUR })]);
    expect(drained(open)).toEqual({ ...NOTHING, profile_parts: 2 * features });
    expect(drained(open)).toEqual(NOTHING);
    takeAll(open, [predictionOf({ features: { amount: 2 } })]);
    const rows = open.drain().get('profile_parts') as Array<{ feature: string; n: number; missing: number }>;
    expect(rows.length).toBe(features);
    expect(rows.find(({ feature }) => feature === 'amount')).toMatchObject({
      n: 1,
      missing: 1,
      end_offset: 3,
    });
  });

  it('gives rows that stay as they are while it counts on, up to as many as are asked for', async () => {
    const event = predictionOf({ features: { amount: 2 } });
    const directory = await directoryOf([BASELINE]);
    const sumOf = (rows: ReturnType<OpenChunk['drain']>): number[] =>
      (rows.get('profile_parts') as Array<{ feature: string; cells: number[] }>)
        .filter(({ feature }) => feature === 'amount')
        .map(({ cells }) => cells.reduce((sum, count) => sum + count, 0));
    for (const [mostCopied, expected] of [
      [BASELINE.features.size, 70_000],
      [BASELINE.features.size - 1, 70_001],
    ] as const) {
      const open = chunkOf(directory);
      // More than fit into 16 bits.
      takeAll(
        open,
        Array.from({ length: 70_000 }, () => event),
      );
      const rows = open.drain({ mostCopied });
      takeAll(open, [event]);
      open.drain();
      expect(sumOf(rows)).toEqual([expected]);
    }
  });

  it('counts derived features as the baseline does', async () => {
    const random = seededRandom(1);
    const events = Array.from({ length: 450 }, (_, i) => {
      const a = gaussian(random);
      const e = i % 9 === 0 ? null : [a, gaussian(random), 2 + random()];
      return predictionOf({
        features: { a, b: a + gaussian(random), e, t: i % 8 === 0 ? 5 : `order ${i} has come` },
      });
    });
    const baseline = baselineOf(events);
    const coin = new HeldOutCoin();
    const open = chunkOf(await directoryOf([readBaseline(writeBaseline(baseline))]));
    takeAll(
      open,
      events.filter(() => coin.isHeldOut()),
    );
    const rows = open.drain().get('profile_parts') as Array<{
      feature: string;
      missing: number;
      cells: number[];
    }>;
    const derived = rows.filter(({ feature }) => feature.includes('.') || feature === '__multivariate__');
    expect(derived.length).toBe(1 + 5 + 4);
    for (const { feature, ...counted } of derived) {
      const { n, missing, invalid, cells } = baseline.features.get(feature)?.reference ?? {};
      expect(counted, feature).toMatchObject({ n, missing, invalid, cells: Array.from(cells ?? []) });
    }
    expect(rows.length).toBe(baseline.features.size);
  });

  it('keeps predictions one by one only where labels are expected and can be joined', async () => {
    const directory = await directoryOf([BASELINE]);
    const joined = predictionOf({ predictionId: 'a' });
    const events = [joined, predictionOf(), { ...joined, predictionId: 'b', label: 'ok' }];
    const open = chunkOf(directory);
    takeAll(open, events);
    take(open, labelOf({ predictionId: 'a' }));
    expect(drained(open)).toMatchObject({ predictions: 2, labels: 2 });
    const unlabelled = chunkOf(directory, { policies: () => ({ ...POLICY, labels: undefined }) });
    takeAll(unlabelled, events);
    expect(drained(unlabelled)).toMatchObject({ predictions: 0, labels: 0 });
  });

  it('counts an event under the baseline of its version and its time', async () => {
    const own = baselineOf(EVENTS.slice(1), { version: '8' });
    const later = baselineOf(EVENTS.slice(2));
    const directory = await directoryOf(
      [BASELINE, own, later],
      [
        activationOf(BASELINE),
        activationOf(own),
        { ...activationOf(later), appliesFrom: MORNING + 10 * MINUTE },
      ],
    );
    const open = chunkOf(directory);
    takeAll(open, [
      predictionOf(),
      predictionOf({ version: '8' }),
      predictionOf({ timestamp: MORNING + 10 * MINUTE }),
      predictionOf({ timestamp: MORNING + 10 * MINUTE - 1 }),
    ]);
    const rows = open.drain().get('profile_parts') as Array<{
      baseline_id: string;
      missing: number;
      feature: string;
    }>;
    const counts = rows
      .filter(({ feature }) => feature === 'amount')
      .map(({ baseline_id, missing }) => [baseline_id, missing]);
    expect(counts.sort()).toEqual(
      [
        [BASELINE.id, 1],
        [BASELINE.id, 1],
        [own.id, 1],
        [later.id, 1],
      ].sort(),
    );
  });

  it('counts further versions of a model than it tells apart under one name, and says so', async () => {
    const overflow: string[] = [];
    const bounds = { ...DEFAULT_CHUNK_BOUNDS, versions: 2 };
    const onOverflow = (bound: string) => void overflow.push(bound);
    const churn = baselineOf([predictionOf({ model: 'churn', features: { amount: 1 } })]);
    const open = chunkOf(await directoryOf([BASELINE, churn]), { bounds, onOverflow });
    for (const version of ['7', '8', '7', '9', '10', '9', '8']) {
      take(open, predictionOf({ version, predictionId: version }));
    }
    // What other models do, or labels, is nothing to this one.
    take(open, predictionOf({ model: 'churn', version: '10' }));
    take(open, labelOf({ model: 'elsewhere', predictionId: 'a' }));
    expect(overflow).toEqual(['versions', 'versions', 'versions']);
    const rows = open.drain();
    const parts = rows.get('profile_parts') as Array<{
      model: string;
      version: string;
      feature: string;
      missing: number;
    }>;
    expect(
      parts
        .filter(({ feature }) => feature === 'amount')
        .map(({ model, version, missing }) => `${model} ${version}: ${missing}`),
    ).toEqual(['fraud 7: 2', 'fraud 8: 2', 'fraud other: 3', 'churn 10: 1']);
    const kept = rows.get('predictions') as Array<{ version: string }>;
    expect(kept.map(({ version }) => version)).toEqual(['7', '8', '7', 'other', 'other', 'other', '8']);
    expect(rows.get('labels')).toHaveLength(1);
  });

  it('touches a minute of a model once for all the versions that it does not tell apart', async () => {
    const bounds = { ...DEFAULT_CHUNK_BOUNDS, versions: 5 };
    const chunk = new Chunk(0, { ...DEFAULT_CHUNK_LIMITS, maxMinutes: 7 });
    const open = Object.assign(chunkOf(await directoryOf([BASELINE]), { bounds }), { chunk });
    for (let i = 0; i < 1_000; i += 1) take(open, predictionOf({ version: String(i) }));
    expect(chunk.endsBefore(MORNING)).toBe(false);
    take(open, predictionOf({ timestamp: MORNING + MINUTE, version: '0' }));
    expect(chunk.endsBefore(MORNING)).toBe(true);
  });

  it('keeps rows of the first rejects of each reason, and counts the rest', async () => {
    const overflow: string[] = [];
    const bounds = { ...DEFAULT_CHUNK_BOUNDS, rejects: 2 };
    const open = chunkOf(await directoryOf([]), { bounds, onOverflow: (bound) => void overflow.push(bound) });
    const reasons = ['empty', 'not_json', 'empty', 'empty', 'not_json', 'not_json', 'empty'] as const;
    for (const [offset, reason] of reasons.entries()) {
      open.chunk.take(offset, MORNING);
      open.take({ offset, timestamp: MORNING, value: null }, { kind: 'reject', reason, detail: '' });
    }
    const rows = open.drain().get('rejects') as Array<{ offset: number }>;
    expect(rows.map(({ offset }) => offset)).toEqual([0, 1, 2, 4]);
    expect(overflow).toEqual(['rejects', 'rejects', 'rejects']);
    expect(open.counts).toMatchObject({ records: 7, rejected: 7 });
  });

  it('admits new categories by feature over the whole chunk, not by pane', async () => {
    const overflow: string[] = [];
    const bounds = { ...DEFAULT_CHUNK_BOUNDS, categories: 2, categoryLength: 10 };
    const onOverflow = (bound: string) => void overflow.push(bound);
    const open = chunkOf(await directoryOf([BASELINE]), { bounds, onOverflow });
    const names = ['a', 'b', 'c', 'a'];
    takeAll(
      open,
      names.map((country, i) => predictionOf({ timestamp: MORNING + i * HOUR, features: { country } })),
    );
    const rows = open.drain().get('profile_parts') as Array<{
      feature: string;
      extra_keys: string[];
      other: number;
    }>;
    const countries = rows.filter(({ feature }) => feature === 'country');
    expect(countries.map(({ extra_keys, other }) => [extra_keys, other])).toEqual([
      [['a'], 0],
      [['b'], 0],
      [[], 1],
      [['a'], 0],
    ]);
    expect(overflow).toEqual(['categories']);
  });

  it('admits no more new categories than fit, of however many features', async () => {
    const overflow: string[] = [];
    const bounds = { ...DEFAULT_CHUNK_BOUNDS, allCategories: 5 };
    const names = ['a', 'b', 'c'];
    const baseline = baselineOf([predictionOf({ features: Object.fromEntries(names.map((n) => [n, 'x'])) })]);
    const open = chunkOf(await directoryOf([baseline]), {
      bounds,
      onOverflow: (bound: string) => void overflow.push(bound),
    });
    for (let i = 0; i < 3; i += 1) {
      take(open, predictionOf({ features: Object.fromEntries(names.map((name) => [name, `new${i}`])) }));
    }
    const parts = open.drain().get('profile_parts') as Array<{ feature: string; extra_keys: string[] }>;
    const kept = names.map((name) => parts.find(({ feature }) => feature === name)?.extra_keys.length);
    expect(kept).toEqual([2, 2, 1]);
    expect(overflow).toHaveLength(4);
  });

  it('knows about how much its rows take until the next flush', async () => {
    const open = chunkOf(await directoryOf([BASELINE]));
    expect(open.pendingBytes).toBe(0);
    take(open, predictionOf({ predictionId: 'x'.repeat(500) }));
    const one = open.pendingBytes;
    expect(one).toBeGreaterThan(500);
    take(open, predictionOf({ predictionId: 'x'.repeat(500) }));
    expect(open.pendingBytes).toBe(2 * one);
    open.drain();
    expect(open.pendingBytes).toBe(0);
  });

  it('says when an event has more features than a sample keeps', async () => {
    const overflow: string[] = [];
    const open = chunkOf(await directoryOf([]), {
      wantsSample: () => true,
      onOverflow: (bound: string) => void overflow.push(bound),
    });
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i] as const));
    take(open, predictionOf({ features: many(2_000) }));
    expect(overflow).toEqual([]);
    take(open, predictionOf({ features: many(2_001) }));
    expect(overflow).toEqual(['features']);
    const [, second] = open.drain().get('learning_samples') as Array<{ event: string }>;
    const { features } = JSON.parse(second?.event ?? '') as { features: object };
    expect(Object.keys(features)).toHaveLength(2_000);
  });

  it('gives events without a baseline to the sample, as long as that wants them', async () => {
    const asked: number[] = [];
    const wantsSample = (_: string, sampled: number): boolean => {
      asked.push(sampled);
      return sampled < 2;
    };
    const open = chunkOf(await directoryOf([]), { wantsSample });
    takeAll(open, [predictionOf(), predictionOf(), predictionOf(), predictionOf()]);
    expect(asked).toEqual([0, 1, 2, 2]);
    expect(drained(open)).toMatchObject({ learning_samples: 2, profile_parts: 0 });
    expect(open.unprofiled).toEqual(new Set(['fraud']));
  });

  it('is outdated once the activations of a model that it met have changed', async () => {
    const activations = [activationOf(BASELINE)];
    const other = baselineOf([predictionOf({ model: 'churn' })]);
    const directory = await directoryOf([BASELINE, other], activations);
    const open = chunkOf(directory);
    takeAll(open, [predictionOf(), predictionOf({ model: 'unknown' })]);
    activations.push(activationOf(other));
    await directory.refresh();
    expect(open.isOutdated()).toBe(false);
    activations.push({ ...activationOf(BASELINE), appliesFrom: MORNING });
    await directory.refresh();
    expect(open.isOutdated()).toBe(true);
  });

  it('ends in the same place whatever baselines there are: what shapes a chunk comes from the log', async () => {
    const events: PredictionEvent[] = Array.from({ length: 400 }, (_, i) =>
      predictionOf({
        timestamp: MORNING + ((i * 7) % 90) * MINUTE,
        features: { amount: i },
      }),
    );
    const endOf = async (...baselines: Parameters<typeof directoryOf>): Promise<number> => {
      const chunk = new Chunk(0, { ...DEFAULT_CHUNK_LIMITS, maxProfiles: 200 });
      const open = Object.assign(chunkOf(await directoryOf(...baselines)), { chunk });
      for (const [offset, value] of events.entries()) {
        if (chunk.endsBefore(MORNING)) return offset;
        chunk.take(offset, MORNING);
        open.take({ offset, timestamp: MORNING, value: null }, { kind: 'ok', value });
      }
      return events.length;
    };
    const without = await endOf([]);
    expect(without).toBeLessThan(events.length);
    expect(await endOf([BASELINE])).toBe(without);
    expect(await endOf([baselineOf(EVENTS, { pane: 6 * HOUR })])).toBe(without);
    expect(await endOf([baselineOf(EVENTS, { pane: MINUTE })])).toBe(without);
    const halfway = [{ ...activationOf(BASELINE), appliesFrom: MORNING + 40 * MINUTE }];
    expect(await endOf([BASELINE], halfway)).toBe(without);
  });
});
