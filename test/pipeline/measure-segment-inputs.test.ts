import { expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { MeasurePorts } from '../../src/pipeline/measure-ports.ts';
import { measureSegmentInputs } from '../../src/pipeline/measure-segment-inputs.ts';
import type { VersionProfiles } from '../../src/pipeline/reference-window.ts';
import { EventRecorder } from '../../src/profile/event-recorder.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { POLICY } from '../support/open-chunks.ts';
import { groupsOf } from './memory-evaluations.ts';

const CITIES = 50;
const WINDOWS = 12;
const [GROUP] = groupsOf(`
groups:
  - { name: g, segments: ["city=*"], schedule: "0 * * * *", window: 1h, rules: [{ alert: A, each: feature, when: q_value < 0.01 }] }
`);
const PERIOD = { from: MORNING, to: MORNING + HOUR };

function drawn(random: () => number, perCity: number, shift = (_city: number): number => 0) {
  return Array.from({ length: CITIES * perCity }, (_, i) => {
    const city = i % CITIES;
    // Cities are unlike one another, which is no drift.
    const values = Array.from({ length: 6 }, (_, k) => [`x${k}`, gaussian(random) + city / 10] as const);
    const [[, first] = ['', 0]] = values;
    return predictionOf({
      features: { ...Object.fromEntries(values), x0: first + shift(city), city: `c${city}` },
    });
  });
}

const random = seededRandom(11);
const BASELINE = baselineOf(drawn(random, 150), {}, ['city']);
const SEGMENTS = [...(BASELINE.segments?.known.keys() ?? [])].filter((name) => !name.endsWith('__'));

/** Features by segment with a q-value and with a p-value that small, in a window with these events. */
async function found(events: ReturnType<typeof drawn>): Promise<{ q: string[]; p: number }> {
  const recorder = new EventRecorder(BASELINE.features, BASELINE.derivations, BASELINE.segments);
  const counts = recorder.empty(() => () => true);
  for (const event of events) recorder.record(event, counts);
  const profiles = new Map<string, VersionProfiles>();
  for (const [slice, counted] of counts.segments?.drain() ?? [])
    profiles.set(recorder.segments?.names[slice] as string, new Map([['7', counted.expand()]]));
  let asked = 0;
  const ports = {
    policies: () => POLICY,
    segmentProfiles: async () => {
      asked += 1;
      return profiles;
    },
  } as unknown as MeasurePorts;
  const about = { group: GROUP as RuleGroup, model: 'fraud', baseline: BASELINE };
  const of = await measureSegmentInputs(about, SEGMENTS, PERIOD, ports);
  expect(asked).toBe(1);
  const q: string[] = [];
  let p = 0;
  for (const segment of SEGMENTS) {
    for (const [feature, { metrics }] of of(segment).features('7')) {
      const [surprise, single] = [metrics.get('q_value'), metrics.get('p_value')];
      if (surprise?.status === 'ok' && surprise.value < 0.01) q.push(`${segment} ${feature}`);
      if (single?.status === 'ok' && single.value < 0.01) p += 1;
    }
  }
  return { q, p };
}

it('raises no alarm in fifty segments without drift, however many features look odd by themselves', async () => {
  expect(SEGMENTS.length).toBe(CITIES);
  let odd = 0;
  for (let window = 0; window < WINDOWS; window += 1) {
    const { q, p } = await found(drawn(random, 100));
    expect(q).toEqual([]);
    odd += p;
  }
  // 50 segments of 6 features and more, at 1 %.
  expect(odd).toBeGreaterThan(WINDOWS);
});

it('finds the one segment that drifts among fifty, by its own reference', async () => {
  const { q } = await found(drawn(random, 100, (city) => (city === 7 ? 1.2 : 0)));
  expect(q.filter((name) => !name.endsWith('__multivariate__'))).toEqual(['city=c7 x0']);
});
