import { expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { ReplayRecord } from '../../src/pipeline/replay.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { activationOf } from '../support/open-chunks.ts';
import { storesOfSuite } from '../support/stores.ts';
import { groupsOf } from './memory-evaluations.ts';
import { replayInto } from './replay-into.ts';

const stores = storesOfSuite('embedded');
const HOURS = 6;
const PER_HOUR = 600;
/** In this hour the model is wrong about phones in Brazil, and amounts are larger. */
const BAD = 3;

const random = seededRandom(21);
const baseline = baselineOf(
  Array.from({ length: 2_000 }, () =>
    predictionOf({ model: 'm', features: { amount: random(), country: 'BR' }, score: random() }),
  ),
  { performance: new Map([['accuracy', { value: 0.9, n: 2_000 }]]) },
);

function log(): ReplayRecord[] {
  return Array.from({ length: HOURS * PER_HOUR }, (_, i) => {
    const at = MORNING + Math.floor((i * HOUR) / PER_HOUR);
    const isBad = Math.floor(i / PER_HOUR) === BAD;
    const [country, device] = [random() < 0.5 ? 'BR' : 'DE', random() < 0.5 ? 'phone' : 'desk'];
    const chance = isBad && country === 'BR' && device === 'phone' ? 0.9 : 0.1;
    const event = {
      model: 'm',
      prediction_id: `p${i}`,
      timestamp: at,
      features: { amount: random() * (isBad ? 1.5 : 1), country, device },
      prediction: 'ok',
      score: random(),
      label: random() < chance ? 'fraud' : 'ok',
    };
    return { topic: 'predictions', offset: i, timestamp: at, value: Buffer.from(JSON.stringify(event)) };
  });
}

it('an alert carries what was found into the store, and whoever takes over tells the same', async () => {
  const store = await stores.fresh();
  await saveBaseline(store, baseline, 'file');
  await saveActivation(store, activationOf(baseline));
  const config = configSchema.parse({
    models: { m: { positive: 'fraud', labels: { delay: '10m' }, segments: ['country', 'device'] } },
  });
  const groups = groupsOf(`
groups:
  - name: performance
    schedule: "10 * * * *"
    window: 1h
    rules: [{ alert: AccuracyDrop, when: accuracy < baseline.accuracy - 0.05, for: 1, clear: 1, summary: x }]
`);
  const { transitions } = await replayInto(store, log(), { config, groups });
  const fired = transitions.find(({ to }) => to === 'firing');
  const { segments, features, lines } = fired?.alert.explanation ?? {};
  expect(segments?.worsened.map(({ segment }) => segment)).toEqual(['country=BR,device=phone']);
  expect(segments?.n).toEqual({ now: PER_HOUR, before: BAD * PER_HOUR });
  expect(features?.map(({ feature }) => feature)).toContain('amount');
  const kept = (): Promise<object[]> =>
    store.query('SELECT to_state, explanation FROM {database}.alert_transitions FINAL ORDER BY at');
  const text = lines?.join('\n');
  const rows = await kept();
  expect(rows).toEqual([
    { to_state: 'firing', explanation: text },
    { to_state: 'resolved', explanation: text },
  ]);
  await store.command('TRUNCATE TABLE {database}.alert_transitions');
  await replayInto(store, [], { config, groups });
  expect((await kept()).at(-1)).toEqual({ to_state: 'resolved', explanation: text });
});
