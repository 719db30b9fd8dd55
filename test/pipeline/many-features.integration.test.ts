import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { wireCore } from '../../src/app-core.ts';
import { Availability } from '../../src/base/availability.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Stops } from '../../src/base/stops.ts';
import { readSources, settingsFrom } from '../../src/config/sources.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import { createPatience } from '../../src/store/patience.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { startHttpSink } from '../support/http-sink.ts';
import { activationOf, chunkOf, directoryOf, drainInto, takeAll } from '../support/open-chunks.ts';
import { storesOfSuite } from '../support/stores.ts';

const FEATURES = 500;

const RULES = `
groups:
  - name: inputs
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: Drift, each: feature, features: ["f*"], when: psi_adjusted > 0.1, for: 1, clear: 1, summary: "{{feature}} drifted" }
`;

/** An hour in which every feature is shifted, each a little further than the one before. */
function eventsOf(hour: number, count: number, shift: number): PredictionEvent[] {
  return Array.from({ length: count }, (_, row) =>
    predictionOf({
      predictionId: `${hour}-${row}`,
      timestamp: MORNING + hour * HOUR + Math.floor((row * HOUR) / count),
      features: Object.fromEntries(
        Array.from({ length: FEATURES }, (_, i) => [
          `f${String(i).padStart(3, '0')}`,
          ((row * 37 + i) % 100) + shift * (30 + (40 * i) / FEATURES),
        ]),
      ),
    }),
  );
}

const stores = storesOfSuite('embedded');

it('of one model that drift at once make one message, which Slack takes: the ten worst are named, the others counted', async () => {
  const store = await stores.fresh();
  const baseline = baselineOf(eventsOf(-24, 150, 0));
  await saveBaseline(store, baseline, 'file');
  await saveActivation(store, activationOf(baseline));
  const open = chunkOf(await directoryOf([baseline]));
  takeAll(open, eventsOf(0, 150, 1));
  await drainInto(store, open);

  const sink = await startHttpSink();
  const folder = await mkdtemp(join(tmpdir(), 'driftd-many-'));
  const stops = new Stops();
  onTestFinished(async () => {
    await stops.run(5_000, () => undefined);
    await sink.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'driftd.yaml');
  await writeFile(join(folder, 'rules.yaml'), RULES);
  const receivers = `[{ name: team, slack_configs: [{ api_url: "${sink.url}/slack" }] }]`;
  await writeFile(file, `rules: [rules.yaml]\nreceivers: ${receivers}\nroute: { receiver: team }\n`);
  const { config, groups } = settingsFrom(await readSources(file, {}));
  const backoff = { base: 100, max: 1_000, random: Math.random };
  const core = wireCore({
    config,
    groups,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    telemetry: createTelemetry(),
    store,
    patience: createPatience(new Availability('store', () => undefined), backoff),
    stops,
    externalUrl: () => 'http://127.0.0.1:9464',
  });
  await core.directory.refresh();
  await core.suppressions.refresh();
  await core.evaluator.takeOver();
  await core.evaluator.evaluateUpTo(MORNING + HOUR, () => true, new AbortController().signal);
  await core.evaluator.dispatch();
  await core.delivery.drained();

  expect(sink.requests).toHaveLength(1);
  const { blocks } = JSON.parse(String(sink.requests[0]?.body)) as {
    blocks: Array<{ type: string; text: { text: string } }>;
  };
  const texts = blocks.map(({ text }) => text.text);
  expect(blocks.length).toBeLessThanOrEqual(50);
  for (const { type, text } of blocks)
    expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
  expect(texts.join('').length).toBeLessThanOrEqual(9_000);
  expect(texts[0]).toBe(`:warning: fraud, version 7: ${FEATURES} alerts firing`);
  const named = texts.filter((text) => text.startsWith('*Drift*'));
  expect(named).toHaveLength(10);
  for (const text of named) {
    // The far end of the features is shifted furthest.
    expect(text).toMatch(/`f4\d\d`/);
    expect(text).toMatch(/```reference [^\n]+\nnow {7}[^\n]+```/);
    expect(text).toContain(`against baseline ${baseline.id.slice(0, 12)}`);
  }
  expect(texts).toContain(`... and ${FEATURES - 10} more not shown: ${FEATURES - 10} Drift`);
}, 60_000);
