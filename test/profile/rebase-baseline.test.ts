import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/steps.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { type Baseline, readBaseline, writeBaseline } from '../../src/profile/baseline.ts';
import { EventRecorder } from '../../src/profile/event-recorder.ts';
import type { FeatureProfile } from '../../src/profile/feature-spec.ts';
import { rebaseSteps } from '../../src/profile/rebase-baseline.ts';
import { eventsOf, REFERENCE } from '../pipeline/hours.ts';
import { countedProfiles } from '../support/counted-profiles.ts';
import { baselineOf, HOUR, MORNING } from '../support/events.ts';

const PERIOD = { from: MORNING, to: MORNING + HOUR };

function counted(events: readonly PredictionEvent[], admits = true): ReadonlyMap<string, FeatureProfile> {
  return countedProfiles(REFERENCE, events, admits);
}

const moved = eventsOf({ hour: 0, count: 1_000, version: '8', shift: 20 }).map((event, i) => ({
  ...event,
  features: { amount: Number(event.features['amount']), country: i % 2 === 0 ? 'DE' : 'IT' },
}));

function rebaseBaseline(...parts: Parameters<typeof rebaseSteps>): Baseline {
  return atOnce(rebaseSteps(...parts));
}

describe('rebaseSteps', () => {
  const baseline = rebaseBaseline(REFERENCE, '8', PERIOD, counted(moved), new Map());

  it('has what was counted as its reference, and can be stored', () => {
    expect(baseline).toMatchObject({
      model: 'fraud',
      version: '8',
      rows: 1_000,
      ...PERIOD,
      pane: REFERENCE.pane,
    });
    const read = readBaseline(writeBaseline(baseline));
    expect(read.id).toBe(baseline.id);
    expect(read.features).toEqual(baseline.features);
    expect(read.derivations).toEqual(REFERENCE.derivations);
  });

  it('keeps the cells of a number, and has its deciles where the values lie', () => {
    const before = REFERENCE.features.get('amount')?.spec;
    const after = baseline.features.get('amount')?.spec;
    if (before?.kind !== 'numeric' || after?.kind !== 'numeric') throw new Error('not numeric');
    expect(after.grid.edges).toEqual(before.grid.edges);
    const deciles = after.grid.decilePositions.map((position) => after.grid.edges[position] as number);
    const sorted = moved.map(({ features }) => features.amount).sort((a, b) => a - b);
    // Values that lie beyond the old reference have no edges between them.
    const inside = deciles.filter((edge) => edge < 98);
    expect(inside.length).toBeGreaterThanOrEqual(7);
    for (const [i, edge] of inside.entries()) {
      const share = sorted.filter((value) => value <= edge).length / sorted.length;
      expect(share).toBeGreaterThanOrEqual((i + 1) / 10);
      expect(share).toBeLessThan((i + 1) / 10 + 0.02);
    }
    expect(new Set(after.grid.decilePositions).size).toBe(after.grid.decilePositions.length);
  });

  it('knows new categories by name, and which of them it does not know', () => {
    const country = baseline.features.get('country');
    if (country?.spec.kind !== 'categorical' || country.reference.kind !== 'categorical')
      throw new Error('not categorical');
    const counts = Object.fromEntries(
      country.spec.categories.map((name, i) => [name, country.reference.cells[i]]),
    );
    expect(counts).toEqual({ DE: 500, FR: 0, IT: 500 });
    expect(country.spec.complete).toBe(true);
    expect(country.reference.extra.size).toBe(0);
    const bounded = rebaseBaseline(REFERENCE, '8', PERIOD, counted(moved, false), new Map());
    const other = bounded.features.get('country');
    expect(other?.spec).toMatchObject({ categories: ['FR', 'DE'], complete: false });
    expect(other?.reference).toMatchObject({ other: 500, n: 1_000 });
  });

  it('is measured by its own accuracy, or by that of the version before while that is not known', () => {
    expect(baseline.performance).toEqual(REFERENCE.performance);
    const own = new Map([['accuracy', { value: 0.99, n: 10 }]]);
    expect(rebaseBaseline(REFERENCE, '8', PERIOD, counted(moved), own).performance).toEqual(own);
  });

  it('is close to the baseline that the same events would have made', () => {
    const same = eventsOf({ hour: 0, count: 1_000, version: '8' });
    const made = baselineOf(same, { version: '8' });
    const learned = rebaseBaseline(REFERENCE, '8', PERIOD, counted(same), new Map());
    expect([...learned.features.keys()].sort()).toEqual([...made.features.keys()].sort());
    expect(learned.features.get('amount')?.reference.n).toBe(made.features.get('amount')?.reference.n);
    expect(learned.features.get('country')?.reference.cells).toEqual(
      made.features.get('country')?.reference.cells,
    );
  });

  it('takes a feature of which nothing was counted as it is', () => {
    const nothing = rebaseBaseline(REFERENCE, '8', PERIOD, new Map(), new Map());
    expect(nothing.rows).toBe(0);
    expect(nothing.features.get('amount')?.spec).toEqual(REFERENCE.features.get('amount')?.spec);
  });
});

describe('rebaseSteps, of a baseline with segments', () => {
  it('has what was counted in each as its reference there, under the categories of the whole', () => {
    const source = baselineOf(
      eventsOf({ hour: -1, count: 1_000 }).map((event, i) => ({
        ...event,
        features: { ...event.features, country: i % 2 === 0 ? 'DE' : 'FR' },
      })),
      {},
      ['country'],
    );
    const recorder = new EventRecorder(source.features, source.derivations, source.segments);
    const counts = recorder.empty(() => () => true);
    for (const event of moved) recorder.record(event, counts);
    recorder.settle();
    const whole = new Map(
      recorder.features.map(({ name }, i) => [name, counts.profiles[i] as FeatureProfile]),
    );
    const slices = new Map(
      [...(counts.segments?.drain() ?? [])].map(([slice, profiles]) => [
        recorder.segments?.names[slice] as string,
        profiles.expand(),
      ]),
    );
    const rebased = rebaseBaseline(source, '8', PERIOD, whole, new Map(), slices);
    const rows = Array.from(rebased.segments?.known ?? [], ([name, segment]) => [name, segment.rows]);
    // Italy is new, and so in what has no slice of its own.
    expect(Object.fromEntries(rows)).toEqual({
      'country=DE': 500,
      'country=FR': 0,
      'country=__other__': 500,
    });
    const rest = rebased.segments?.known.get('country=__other__')?.references.get('country');
    expect(rest).toMatchObject({ n: 500, other: 0, extra: new Map() });
    const spec = rebased.features.get('country')?.spec;
    const at = spec?.kind === 'categorical' ? spec.categories.indexOf('IT') : -1;
    expect(rest?.cells[at]).toBe(500);
    expect(readBaseline(writeBaseline(rebased)).id).toBe(rebased.id);
  });
});
