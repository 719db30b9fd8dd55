import { parseArgs } from 'node:util';
import { gaussian, seededRandom } from '../src/base/random.ts';
import { createDecoder } from '../src/decode/decoder.ts';
import type { PredictionEvent } from '../src/event/events.ts';
import { writeBaseline } from '../src/profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../src/profile/baseline-builder.ts';
import { EventRecorder } from '../src/profile/event-recorder.ts';
import { NOTHING_DECLARED } from '../src/profile/feature-survey.ts';

const NOW = Date.UTC(2026, 10, 28);
const COUNTS = [0, 1, 2, 5];

/** What it costs to count events in segments, by how many features are declared, and how large the baseline becomes. */
export async function segmentsBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { events: { type: 'string', default: '10000' }, features: { type: 'string', default: '50' } },
  });
  const [events, features] = [Number(values.events), Number(values.features)];
  console.log(
    `${events} events of ${features} numeric features and 5 declared ones; Node ${process.versions.node}`,
  );
  console.log('declared  segments  CPU us/event  rows a pane  baseline MB');
  const messages = Array.from({ length: events }, messageMaker(features));
  for (const count of COUNTS) {
    const declared = ['a', 'b', 'c', 'd', 'e'].slice(0, count);
    const { recorder, size } = recorderFor(messages.slice(0, 5_000), declared);
    // Once without being measured.
    countAll(recorder, messages);
    const { micros, rows } = countAll(recorder, messages);
    const segments = recorder.segments?.names.length ?? 0;
    const cells = [count, segments, (micros / events).toFixed(1), rows, (size / 1e6).toFixed(1)];
    console.log(cells.map((cell, i) => String(cell).padStart([8, 8, 12, 11, 11][i] as number)).join('  '));
  }
}

function messageMaker(features: number): () => Buffer {
  const random = seededRandom(1);
  const pick = (values: number): string => `v${Math.floor(values * random() ** 2)}`;
  return () => {
    const numbers = Array.from({ length: features }, (_, i) => [`x${i}`, gaussian(random)]);
    const declared = { a: pick(12), b: pick(4), c: pick(6), d: pick(3), e: pick(8) };
    const about = { model: 'm', version: '1', timestamp: NOW, prediction: 'ok', score: random() };
    return Buffer.from(
      JSON.stringify({ ...about, features: { ...declared, ...Object.fromEntries(numbers) } }),
    );
  };
}

function recorderFor(sample: readonly Buffer[], declared: readonly string[]) {
  const survey = new BaselineSurvey(NOTHING_DECLARED, undefined, false, declared);
  const events = sample.map((message) => decoded(message, decoder()));
  for (const event of events) survey.add(event);
  const builder = new BaselineBuilder(survey.specs(), survey.derived(), survey.segments());
  for (const event of events) builder.add(event);
  const about = { model: 'm', version: undefined, pane: 300_000, performance: new Map() };
  const baseline = builder.finish(about);
  const recorder = new EventRecorder(baseline.features, baseline.derivations, baseline.segments);
  return { recorder, size: writeBaseline(baseline).length };
}

function countAll(recorder: EventRecorder, messages: readonly Buffer[]): { micros: number; rows: number } {
  const decode = decoder();
  const counts = recorder.empty(() => () => true);
  const before = process.cpuUsage();
  for (const message of messages) recorder.record(decoded(message, decode), counts);
  recorder.settle();
  const { user, system } = process.cpuUsage(before);
  const slices = [...(counts.segments?.drain() ?? [])].length;
  return { micros: user + system, rows: (1 + slices) * recorder.features.length };
}

function decoder() {
  return createDecoder({
    maxBytes: 100_000,
    maxAge: 1e12,
    maxFuture: 1e12,
    mapping: undefined,
    knowsModel: () => true,
    positiveClass: () => undefined,
  });
}

function decoded(message: Buffer, decode: ReturnType<typeof decoder>): PredictionEvent {
  const outcome = decode(message, NOW);
  if (outcome.kind !== 'ok' || outcome.value.kind !== 'prediction') throw new TypeError('no prediction');
  return outcome.value;
}
