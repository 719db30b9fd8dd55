import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { gaussian, type Random, seededRandom } from '../../src/base/random.ts';
import { createDecoder } from '../../src/decode/decoder.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { type BaselineSegments, baselineSegment } from '../../src/profile/baseline-segment.ts';
import { CompactLayout, CompactProfiles } from '../../src/profile/compact-profiles.ts';
import type { Derivation } from '../../src/profile/derived/derivation.ts';
import { EventReader } from '../../src/profile/event-reader.ts';
import { type EventCounts, EventRecorder } from '../../src/profile/event-recorder.ts';
import { type FeatureSpec, recorderFor } from '../../src/profile/feature-spec.ts';
import { buildGrid, buildScoreGrid } from '../../src/profile/grid.ts';

const NOW = Date.UTC(2026, 10, 28);

const EVENT: PredictionEvent = {
  kind: 'prediction',
  model: 'm',
  version: '1',
  timestamp: NOW,
  predictionId: undefined,
  features: {},
  prediction: undefined,
  score: undefined,
  label: undefined,
};

const SPECS: ReadonlyMap<string, { spec: FeatureSpec }> = new Map(
  Object.entries({
    x: numeric(1),
    y: numeric(2),
    country: categorical(['DE', 'FR', 'São Paulo', 'a rather long category', '\ud800', ''], false),
    code: categorical(['1', '2', 'true'], true),
    'note.length': numeric(3),
    __prediction__: categorical(['fraud', 'ok'], false),
    __score__: { kind: 'numeric', grid: buildScoreGrid([0.1, 0.5]) } satisfies FeatureSpec,
    __multivariate__: numeric(4),
  } satisfies Record<string, FeatureSpec>).map(([name, spec]) => [name, { spec }]),
);

const DERIVATIONS: readonly Derivation[] = [
  { kind: 'text', source: 'note', outputs: ['length'], vocabulary: ['a'] },
  {
    kind: 'reconstruction',
    // Of these z is not profiled, and code is a category.
    features: ['x', 'y', 'z', 'code'],
    means: [0, 1, 2, 1],
    deviations: [1, 2, 3, 4],
    vectors: [[1, 0, 0, 0]],
    spans: 'kept',
  },
];

const LOST: readonly Derivation[] = DERIVATIONS.map((derivation) =>
  derivation.kind === 'reconstruction' ? { ...derivation, spans: 'lost' } : derivation,
);

const SEGMENTS: BaselineSegments = {
  features: ['country', 'code'],
  known: new Map(
    [
      'country=__other__',
      'code=__other__',
      'country=DE',
      'country=São Paulo',
      'country=__missing__',
      'code=1',
      'code=true',
      'country=DE,code=1',
    ].map((name) => [name, baselineSegment(0, new CompactProfiles(new CompactLayout([])))]),
  ),
};

/** What was counted in slices, by their position, in the order in which they were met. */
function slicesOf({ segments }: EventCounts): unknown[] {
  return [...(segments?.drain() ?? [])].map(([slice, profiles]) => [slice, profiles.expand()]);
}

function numeric(seed: number): FeatureSpec {
  const random = seededRandom(seed);
  return { kind: 'numeric', grid: buildGrid(Array.from({ length: 500 }, () => gaussian(random))) };
}

function categorical(categories: string[], acceptsNumbers: boolean): FeatureSpec {
  return { kind: 'categorical', categories, acceptsNumbers, complete: true };
}

/** The text of an event in which anything may be missing, odd or far away. */
function message(random: Random): string {
  const pick = (values: readonly string[]): string => values[Math.floor(values.length * random())] as string;
  const number = (): string =>
    pick([
      `${gaussian(random)}`,
      `${3 * gaussian(random)}`,
      '0',
      '-0',
      '1e300',
      '1e400',
      'null',
      '"x"',
      'true',
      '{}',
    ]);
  const country = pick([
    '"DE"',
    '"FR"',
    '"S\\u00e3o Paulo"',
    '"São Paulo"',
    '"a rather long category"',
    '"a rather long categorx"',
    '"\\ud800"',
    '"\ufffd"',
    '""',
    'null',
    '7',
    '"new"',
    `"n${Math.floor(9 * random())}"`,
  ]);
  const code = pick(['1', '2', '3', '1.0', '"2"', 'true', 'false', 'null', '1e400']);
  const rest = random() < 0.2 ? '' : `,"z":${number()},"note":${pick(['"a b"', '"é\\n"', 'null', '3'])}`;
  const score = pick(['0.25', '0.5', 'null', '"high"', '1e400']);
  return `{"model":"m","timestamp":${NOW},"features":{"x":${number()},"y":${number()},"country":${country},"code":${code}${rest}},"prediction":${pick(['"ok"', '"fraud"', 'true', 'null', '3'])},"score":${score}}`;
}

describe('an event recorder', () => {
  it('counts the same of events as they lie in messages and of events as objects, to the last bit', () => {
    const decode = createDecoder({
      maxBytes: 10_000,
      maxAge: 1e9,
      maxFuture: 1e9,
      mapping: undefined,
      knowsModel: () => true,
      positiveClass: () => undefined,
    });
    const random = seededRandom(1);
    const raw = new EventRecorder(SPECS, DERIVATIONS, SEGMENTS);
    const plain = new EventRecorder(SPECS, DERIVATIONS, SEGMENTS);
    const mixed = new EventRecorder(SPECS, DERIVATIONS);
    // Two panes in turns, so that what waits for one is counted before the other goes on.
    const rawCounts = [raw.empty(() => admitter()), raw.empty(() => admitter())];
    const plainCounts = [plain.empty(() => admitter()), plain.empty(() => admitter())];
    const mixedCounts = [mixed.empty(() => admitter()), mixed.empty(() => admitter())];
    let scanned = 0;
    for (let i = 0; i < 6_000; i += 1) {
      const text = message(random);
      const outcome = decode(Buffer.from(text), NOW);
      if (outcome.kind !== 'ok' || outcome.value.kind !== 'prediction') continue;
      const pane = random() < 0.01 ? 1 : 0;
      const event = outcome.value;
      if (event.raw !== undefined) scanned += 1;
      raw.record(event, rawCounts[pane] as EventCounts);
      plain.record(objectOf(event), plainCounts[pane] as EventCounts);
      mixed.record(random() < 0.5 ? event : objectOf(event), mixedCounts[pane] as EventCounts);
      if (random() < 0.01) mixed.settle();
    }
    raw.settle();
    plain.settle();
    mixed.settle();
    expect(scanned).toBeGreaterThan(3_000);
    expect(rawCounts.map(({ profiles }) => profiles)).toEqual(plainCounts.map(({ profiles }) => profiles));
    expect(mixedCounts.map(({ profiles }) => profiles)).toEqual(plainCounts.map(({ profiles }) => profiles));
    const slices = rawCounts.map(slicesOf);
    expect(slices[0]?.length).toBe(SEGMENTS.known.size);
    expect(slices).toEqual(plainCounts.map(slicesOf));
  });

  it.each([
    ['kept', DERIVATIONS],
    ['lost', LOST],
  ])('counts what the recorders of single features count, derived ones (%s) among them', (_, derivations) => {
    const random = seededRandom(2);
    const recorder = new EventRecorder(SPECS, derivations);
    const reader = new EventReader(SPECS.keys(), derivations);
    const places = new Map(reader.features.map((name, place) => [name, place]));
    const counts = recorder.empty(() => admitter());
    const single = recorder.empty(() => admitter());
    for (let i = 0; i < 1_000; i += 1) {
      const { features, prediction, score } = JSON.parse(message(random)) as PredictionEvent;
      const event: PredictionEvent = { ...EVENT, features, prediction, score };
      recorder.record(event, counts);
      reader.read(event);
      recorder.features.forEach(({ name, spec }, position) => {
        const value = reader.values[places.get(name) as number];
        recorderFor(spec)(single.profiles[position] as never, value, single.admits[position] as never);
      });
    }
    recorder.settle();
    expect(recorder.features.length).toBe(SPECS.size);
    expect(counts.profiles).toEqual(single.profiles);
  });
});

describe('an event recorder that has settled', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  /** Counts one event, and gives what its counts hold on to. */
  function counted(recorder: EventRecorder): WeakRef<object> {
    const chunk = { known: 'new' };
    const counts = recorder.empty(() => (category) => category === chunk.known);
    const features = { x: 1, country: 'new' };
    recorder.record(objectOf({ ...EVENT, features }), counts);
    recorder.settle();
    return new WeakRef(chunk);
  }

  it('holds on to nothing that belongs to the chunk', async () => {
    const recorder = new EventRecorder(SPECS, DERIVATIONS, SEGMENTS);
    const chunk = counted(recorder);
    await expect
      .poll(() => {
        collect();
        return chunk.deref() === undefined;
      })
      .toBe(true);
    expect(recorder.features.length).toBe(SPECS.size);
  });
});

function admitter(): (category: string) => boolean {
  const known = new Set<string>();
  return (category) => known.has(category) || (known.size < 4 && known.add(category).size > 0);
}

function objectOf(event: PredictionEvent): PredictionEvent {
  const { kind, model, version, timestamp, predictionId, features, prediction, score, label } = event;
  return { kind, model, version, timestamp, predictionId, features, prediction, score, label };
}
