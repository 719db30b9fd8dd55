import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { segmentsOf, withPairs } from '../../src/event/segments.ts';
import { type Baseline, readBaseline, writeBaseline } from '../../src/profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../../src/profile/baseline-builder.ts';
import { emptyProfile, eventCount, mergeProfile } from '../../src/profile/feature-spec.ts';
import { NOTHING_DECLARED } from '../../src/profile/feature-survey.ts';
import { MINUTE, MORNING, predictionOf } from '../support/events.ts';

const DECLARED = ['country', 'device'];

function drawn(count: number, features: number): PredictionEvent[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, (_, i) =>
    predictionOf({
      timestamp: MORNING + i * MINUTE,
      features: {
        country: ['DE', 'FR', 'US', `rare-${i % 90}`][Math.floor(random() * 4)],
        device: ['phone', 'desktop', null][Math.floor(random() * 3)],
        ...Object.fromEntries(
          Array.from({ length: features }, (_, k) => [`x${k}`, random() < 0.02 ? null : gaussian(random)]),
        ),
      },
      score: random(),
    }),
  );
}

function baselineOf(events: readonly PredictionEvent[], declared = DECLARED): Baseline {
  const survey = new BaselineSurvey(NOTHING_DECLARED, undefined, false, declared);
  for (const event of events) survey.add(event);
  const builder = new BaselineBuilder(survey.specs(), survey.derived(), survey.segments());
  for (const event of events) builder.add(event);
  return builder.finish({
    model: 'fraud',
    version: undefined,
    pane: 5 * MINUTE,
    performance: new Map(),
    segmentPerformance: new Map([['country=DE', new Map([['f1', { value: 0.7, n: 40 }]])]]),
  });
}

const EVENTS = drawn(3_000, 3);

describe('a baseline with segments', () => {
  const baseline = baselineOf(EVENTS);
  const known = baseline.segments?.known ?? new Map();

  it('has the profiles that a baseline of the events in them would have', () => {
    expect([...known.keys()].sort()).toEqual([
      'country=DE',
      'country=DE,device=__missing__',
      'country=DE,device=desktop',
      'country=DE,device=phone',
      'country=FR',
      'country=FR,device=__missing__',
      'country=FR,device=desktop',
      'country=FR,device=phone',
      'country=US',
      'country=US,device=__missing__',
      'country=US,device=desktop',
      'country=US,device=phone',
      'country=__other__',
      'device=__missing__',
      'device=__other__',
      'device=desktop',
      'device=phone',
    ]);
    const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
    for (const name of ['country=DE', 'device=__missing__', 'country=FR,device=phone']) {
      const within = EVENTS.filter((event) => withPairs(segmentsOf(event, DECLARED)).includes(name));
      const builder = new BaselineBuilder(specs);
      for (const event of within) builder.add(event);
      const alone = builder.finish(baseline);
      const segment = known.get(name);
      expect(segment?.rows).toBe(within.length);
      for (const [feature, { reference }] of alone.features)
        expect(segment?.references.get(feature)).toEqual(reference);
    }
  });

  it.each(DECLARED)('has slices of %s that make up the whole', (feature) => {
    const slices = [...known].filter(([name]) => name.startsWith(`${feature}=`) && !name.includes(','));
    expect(slices.reduce((sum, [, { rows }]) => sum + rows, 0)).toBe(EVENTS.length);
    for (const [name, { spec, reference }] of baseline.features) {
      const sum = emptyProfile(spec);
      for (const [, { references }] of slices) mergeProfile(sum, references.get(name));
      expect(eventCount(sum)).toBe(eventCount(reference));
      expect(sum.cells).toEqual(reference.cells);
    }
  });

  it('comes back from its text as it was, under the same id', () => {
    const read = readBaseline(writeBaseline(baseline));
    expect(read.id).toBe(baseline.id);
    expect(writeBaseline(read)).toBe(writeBaseline(baseline));
    expect(read.segments?.features).toEqual(DECLARED);
    for (const [name, { rows, performance, references }] of known) {
      const again = read.segments?.known.get(name);
      expect(again?.rows).toBe(rows);
      expect(again?.performance).toEqual(performance);
      expect(new Map([...(again?.references ?? [])].sort())).toEqual(new Map([...references].sort()));
    }
    expect(read.segments?.known.get('country=DE')?.performance.get('f1')).toEqual({ value: 0.7, n: 40 });
  });

  it('has another id than one without, whose text does not speak of segments', () => {
    const without = baselineOf(EVENTS, []);
    expect(without.segments).toBeUndefined();
    expect(writeBaseline(without)).not.toContain('segments');
    expect(without.id).not.toBe(baseline.id);
    const { segments: _, ...same } = baseline;
    expect(writeBaseline(same)).toBe(writeBaseline(without));
  });
});
