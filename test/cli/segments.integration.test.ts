import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { weakestSegments } from '../../src/pipeline/weakest-segments.ts';
import type { Store } from '../../src/store/client.ts';
import { labelRow, predictionRow } from '../../src/store/predictions.ts';
import { startApi } from '../http/api-server.ts';
import { HOUR, labelOf, MORNING, predictionOf } from '../support/events.ts';
import { POLICY } from '../support/open-chunks.ts';
import { storesOfSuite } from '../support/stores.ts';
import { type Ran, runHere } from './recorder.ts';

const stores = storesOfSuite('server');
const MODELS = { fraud: { labels: { delay: '1h' }, segments: ['country'] }, churn: {} };

/** A tenth of the answers is wrong, and of those about Brazil a half. */
async function fill(store: Store): Promise<void> {
  const rows = Array.from({ length: 1_000 }, (_, i) => {
    const [place, predictionId] = [{ topic: 't', partition: 0, offset: i }, `p${i}`];
    const country = i % 4 === 0 ? 'BR' : 'DE';
    const isWrong = country === 'BR' ? i % 8 === 0 : [1, 2, 3].includes(i % 40);
    const event = predictionOf({ timestamp: MORNING + i, prediction: 'ok' });
    return {
      prediction: predictionRow(event, predictionId, place, [`country=${country}`]),
      label: labelRow(labelOf({ predictionId, label: isWrong ? 'fraud' : 'ok' }), place),
    };
  });
  await store.insert(
    'predictions',
    rows.map(({ prediction }) => prediction),
  );
  await store.insert(
    'labels',
    rows.map(({ label }) => label),
  );
}

/** By way of the store, or of a daemon, as people with an embedded store do. */
async function scene(way: 'store' | 'daemon'): Promise<(...argv: string[]) => Promise<Ran>> {
  const store = await stores.fresh();
  await fill(store);
  const folder = await mkdtemp(join(tmpdir(), 'driftd-segments-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'driftd.yaml');
  const options = { ...stores.options(store.database), request_timeout: '20s' };
  await writeFile(config, stringify({ store: options, models: MODELS }));
  if (way === 'store') return (...argv) => runHere(['segments', 'weakest', ...argv, '--config', config], {});
  const policies = (model: string) => ({ ...POLICY, segments: model === 'fraud' ? ['country'] : [] });
  const { url } = await startApi(MORNING, {
    weakestSegments: (query) => weakestSegments(query, store, policies, MORNING + 3 * HOUR),
  });
  return (...argv) => runHere(['segments', 'weakest', ...argv, '--url', url], {});
}

describe.each(['store', 'daemon'] as const)('driftd segments weakest, by way of the %s', (way) => {
  it('names the segments that are worse than the others, and says so when there are none', async () => {
    const run = await scene(way);
    const about = ['--model', 'fraud', '--from', '2026-11-22', '--to', '2026-11-23'];
    expect((await run(...about)).stdout).toEqual([
      '2026-11-22T00:00Z to 2026-11-23T00:00Z: 1000 labelled predictions, 2 segments, all 20 %',
      'segment     labelled  wrong  all others  q-value',
      expect.stringMatching(/^country=BR {2}250 {7}50 % {3}10 % {8}\d/),
    ]);
    const { stdout } = await run(...about, '--model-version', '7', '--format', 'json');
    expect(JSON.parse(stdout[0] ?? '')).toEqual({
      model: 'fraud',
      version: '7',
      period: { from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' },
      explained: 'wrong',
      labelled: 1_000,
      sampled: 1,
      mean: 0.2,
      tested: 2,
      weakest: [{ segment: 'country=BR', n: 250, now: 0.5, rest_now: 0.1, q_value: expect.any(Number) }],
    });
    const empty = await run('--model', 'fraud', '--from', '2026-10-01', '--to', '2026-10-02');
    expect(empty.stdout).toEqual([
      '2026-10-01T00:00Z to 2026-10-02T00:00Z: 0 labelled predictions',
      'no segment is worse than the others beyond noise',
    ]);
  });

  it('says what is missing', async () => {
    const run = await scene(way);
    const churn = await run('--model', 'churn');
    expect(churn.code).toBe(1);
    expect(churn.stderr.join('\n')).toContain('declare features in models.churn.segments');
    const reversed = await run('--model', 'fraud', '--from', '2026-11-23', '--to', '2026-11-22');
    expect(reversed).toMatchObject({ code: 1 });
    expect(reversed.stderr.join('\n')).toContain('the period ends before it begins');
  });
});
