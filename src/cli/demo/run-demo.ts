import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wireCore } from '../../app-core.ts';
import { Availability } from '../../base/availability.ts';
import { systemClock } from '../../base/clock.ts';
import { DriftdError } from '../../base/errors.ts';
import { Stops } from '../../base/stops.ts';
import { loadConfig } from '../../config/load.ts';
import { modelPolicies } from '../../config/model-policies.ts';
import { readTexts } from '../../config/rule-files.ts';
import type { Config } from '../../config/schema.ts';
import { createBaseline } from '../../pipeline/create-baseline.ts';
import { type ReplayRecord, replay } from '../../pipeline/replay.ts';
import { ReplayClock } from '../../pipeline/replay-clock.ts';
import type { AlertTransition } from '../../rules/alert.ts';
import { loadRules } from '../../rules/load-rules.ts';
import type { RuleGroup } from '../../rules/rule.ts';
import { saveActivation, saveBaseline } from '../../store/baselines.ts';
import { openStore, type Store } from '../../store/client.ts';
import { migrate } from '../../store/migrate.ts';
import { createPatience } from '../../store/patience.ts';
import { createTelemetry } from '../../telemetry/telemetry.ts';
import type { CommandContext } from '../context.ts';
import { printLine } from '../print-line.ts';
import { progressBar } from '../progress.ts';
import { transitionLines } from '../transition-text.ts';
import { DEMO_MARK, demoConfig, RETRAINING_TARGET } from './demo-config.ts';
import { type SinkRequest, startSink } from './sink.ts';
import { isMisplaced, judge, summaryLines } from './summary.ts';
import { createTraffic, type Traffic } from './traffic.ts';

export interface DemoFlags {
  readonly count: number;
  readonly seed: number;
  readonly dir: string;
}

const DEFAULT_RULES = fileURLToPath(new URL('../../../rules/default.yaml', import.meta.url));
const REFERENCE_ROWS = 20_000;
const START = Date.UTC(2026, 2, 2);

/** The whole of driftd in one process and one minute: the real pipeline, the embedded store, and real HTTP receivers. */
export async function runDemo(
  flags: DemoFlags,
  { output, environment, signal }: CommandContext,
): Promise<void> {
  const traffic = createTraffic({
    count: flags.count,
    seed: flags.seed,
    start: START,
  });
  const stops = new Stops();
  try {
    const requests: SinkRequest[] = [];
    const { text, secret } = demoConfig();
    const sink = await startSink({
      host: '127.0.0.1',
      port: 0,
      secret,
      onRequest: (request) => requests.push(request),
    });
    stops.add('sink', () => sink.close());
    const folder = resolve(flags.dir);
    await emptyFolder(folder);
    const file = join(folder, 'driftd.yaml');
    await writeFile(file, text(sink.url));
    const config = await loadConfig(file, environment);
    const groups = await demoRules();
    output.print(
      `driftd demo: one day of a fraud model, ${flags.count.toLocaleString('en')} predictions, replayed in event time.\n` +
        `Slack and the retraining target are played by ${sink.url}. What goes wrong on purpose:`,
    );
    for (const fault of traffic.faults) output.print(`  ${hours(fault.from, fault.to)}  ${fault.name}`);
    output.print('');

    const store = await openStore(config.store);
    stops.add('store', () => store.close());
    await migrate(store);
    await makeBaseline(traffic, config, store);
    const transitions: AlertTransition[] = [];
    const { max_future: ahead, max_age: gap } = config.ingest;
    const clock = new ReplayClock({ ahead, gap });
    const core = wireCore({
      config,
      groups,
      clock: systemClock,
      logger: output.logger('warn'),
      telemetry: createTelemetry(),
      store,
      patience: createPatience(new Availability('store', () => undefined), {
        base: 200,
        max: 2_000,
        random: Math.random,
      }),
      stops,
      externalUrl: () => sink.url,
      replays: clock,
      onTransition: (transition) => {
        if (transition.to !== 'firing' && transition.to !== 'resolved') return;
        transitions.push(transition);
        bar.above(() => {
          for (const line of transitionLines(transition)) printLine(output, line);
        });
      },
    });
    await core.directory.refresh();
    await core.evaluator.takeOver();
    const bar = progressBar('one day', flags.count * 2);
    const begun = performance.now();
    const summary = await replay({
      records: () => recordsOf(traffic),
      openPartition: core.openPartition,
      learning: core.learning,
      evaluator: core.evaluator,
      clock,
      allowedLateness: config.ingest.allowed_lateness,
      signal,
      onProgress: (records) => bar.update(records),
    }).finally(() => {
      bar.update(flags.count * 2);
      bar.stop();
    });
    const seconds = (performance.now() - begun) / 1000;
    await core.delivery.drained();

    const verdict = judge(traffic.faults, transitions);
    const sent = {
      slack: requests.filter(({ path }) => path === '/slack').length,
      retrain: requests.filter(({ path }) => path === '/retrain').length,
      unsigned: requests.filter(({ signed }) => signed === false).length,
    };
    for (const line of summaryLines(verdict, { ...summary, seconds, sent, folder: flags.dir }))
      output.print(line);
    if (verdict.falseAlarms.length > 0 || verdict.found.some(({ firing }) => firing === undefined)) {
      throw new DriftdError('defect', 'the demo did not find exactly what was injected');
    }
    if (verdict.found.some(isMisplaced))
      throw new DriftdError('defect', 'the demo did not find where a fault was injected');
  } finally {
    await stops.run(10_000, (name, why) => output.complain(`stopping ${name}: ${why}`));
  }
}

function* recordsOf(traffic: Traffic): Generator<ReplayRecord> {
  const offsets = { predictions: 0, labels: 0 };
  for (const { topic, timestamp, value } of traffic.events()) {
    // The day ends with its last prediction; labels of the next day would find no traffic to evaluate.
    if (timestamp >= traffic.end) return;
    yield { topic, timestamp, value: Buffer.from(value), offset: offsets[topic] };
    offsets[topic] += 1;
  }
}

async function makeBaseline(traffic: Traffic, config: Config, store: Store): Promise<void> {
  const policy = modelPolicies(config)('fraud');
  const rows = async function* () {
    for (const value of traffic.reference(REFERENCE_ROWS)) {
      yield { place: 'the day before', outcome: { kind: 'ok', value } as const };
    }
  };
  const { baseline } = await createBaseline(rows, { model: 'fraud', version: undefined, policy });
  await saveBaseline(store, baseline, 'file');
  const { id: baselineId, model } = baseline;
  await saveActivation(store, { model, version: '', appliesFrom: 0, baselineId, reason: 'demo' });
}

/** The rules that ship, unchanged but for one thing: a drop of the accuracy asks for a new model. */
async function demoRules(): Promise<RuleGroup[]> {
  const { groups, faults } = loadRules(await readTexts([DEFAULT_RULES]), {});
  if (faults.length > 0)
    throw new DriftdError('defect', `rules/default.yaml has faults: ${faults[0]?.message}`);
  return groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) =>
      rule.alert === 'AccuracyDrop' ? { ...rule, retrain: RETRAINING_TARGET } : rule,
    ),
  }));
}

/** Empties a folder of an earlier demo; refuses one that holds something else. */
async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'driftd.yaml');
  const entries = await readdir(folder);
  const text = entries.includes('driftd.yaml') ? await readFile(config, 'utf8') : '';
  if (entries.length > 0 && !text.startsWith(DEMO_MARK)) {
    throw new DriftdError(
      'input',
      `${folder} holds something other than an earlier demo; name another folder with --dir`,
    );
  }
  await rm(join(folder, 'store'), { recursive: true, force: true });
}

function hours(from: number, to: number): string {
  const time = (instant: number): string => new Date(instant).toISOString().slice(11, 16);
  return `${time(from)}-${time(to)}`;
}
