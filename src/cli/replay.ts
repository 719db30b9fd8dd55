import type { Command } from 'commander';
import { wireCore } from '../app-core.ts';
import { Availability } from '../base/availability.ts';
import { systemClock } from '../base/clock.ts';
import { formatDuration } from '../base/duration.ts';
import { DriftdError } from '../base/errors.ts';
import { Stops } from '../base/stops.ts';
import { readSources, type Settings, settingsFrom } from '../config/sources.ts';
import { type ReplaySummary, replay } from '../pipeline/replay.ts';
import { ReplayClock } from '../pipeline/replay-clock.ts';
import type { AlertTransition } from '../rules/alert.ts';
import { openStore } from '../store/client.ts';
import { resetWithBaselinesOf } from '../store/copy-baselines.ts';
import { migrate } from '../store/migrate.ts';
import { createPatience } from '../store/patience.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import type { CommandContext } from './context.ts';
import { textOrJson } from './format-option.ts';
import { printLine } from './print-line.ts';
import { progressBar } from './progress.ts';
import { openReplayFiles, type ReplayFiles } from './replay-records.ts';
import { addTableOptions, rowColumns, type TableFlags } from './table-options.ts';
import { transitionJson, transitionLines } from './transition-text.ts';

interface ReplayFlags extends TableFlags {
  readonly config: string;
  readonly database: string;
  readonly model?: string;
  readonly format: 'text' | 'json';
  readonly notify: boolean;
}

export function addReplay(program: Command, context: CommandContext): void {
  addTableOptions(
    program
      .command('replay')
      .description('send files through the same pipeline, in event time, and print every change of an alert')
      .argument('<files...>', 'NDJSON events in the order of a log; or tables, with --model')
      .requiredOption('--config <file>', 'configuration file; baselines come from its store')
      .option('--database <name>', 'database for the results; it is emptied first', 'driftd_replay')
      .option('--model <name>', 'model that the rows of a table belong to')
      .option('--format <format>', 'text, or json: one change of an alert a line', textOrJson, 'text')
      .option('--notify', 'send notifications and retraining requests, too', false),
  ).action((files: string[], flags: ReplayFlags) => runReplay(files, flags, context));
}

async function runReplay(
  files: readonly string[],
  flags: ReplayFlags,
  context: CommandContext,
): Promise<void> {
  const settings = settingsFrom(await readSources(flags.config, context.environment));
  const { config } = settings;
  if (!/^[A-Za-z_]\w*$/.test(flags.database) || flags.database === config.store.database) {
    throw new DriftdError(
      'input',
      `--database: "${flags.database}" is not usable; it is emptied, so it must be a name other than the live one`,
    );
  }
  const source = await openReplayFiles(files, {
    maxBytes: config.ingest.max_message_bytes,
    columns: rowColumns(flags),
    defaults: flags.model === undefined ? undefined : { model: flags.model, timestamp: Number.NaN },
  });
  const stops = new Stops();
  try {
    const summary = await execute(settings, source, flags, context, stops);
    for (const [reason, count] of summary.rejected)
      context.output.complain(`${count} records rejected: ${reason}`);
    if (summary.accepted === 0) {
      throw new DriftdError(
        'input',
        summary.records === 0
          ? 'the files hold no records'
          : 'no record was an event; tables need --model and --timestamp',
      );
    }
    if (flags.format === 'text') {
      const { records, evaluations, seconds, transitions } = summary;
      context.output.print(
        `${records} records, ${evaluations} evaluations, ${transitions} changes of alerts in ${formatDuration(seconds * 1000)}; ` +
          `profiles and metrics are in the database ${flags.database}`,
      );
    }
  } finally {
    await stops.run(10_000, (name, why) => context.output.complain(`stopping ${name}: ${why}`));
  }
}

async function execute(
  { config, groups }: Settings,
  source: ReplayFiles,
  flags: ReplayFlags,
  { output, signal }: CommandContext,
  stops: Stops,
): Promise<
  ReplaySummary & { seconds: number; transitions: number; accepted: number; rejected: Map<string, number> }
> {
  const logger = output.logger('warn');
  const live = await openStore(config.store);
  await migrate(live).finally(() => live.close());
  const store = await openStore({ ...config.store, database: flags.database });
  stops.add('store', () => store.close());
  await resetWithBaselinesOf(store, config.store.database, () => migrate(store));
  const telemetry = createTelemetry();
  let transitions = 0;
  const tell = (transition: AlertTransition): void => {
    transitions += 1;
    if (flags.format === 'json') output.print(transitionJson(transition));
    else for (const line of transitionLines(transition)) printLine(output, line);
  };
  const { max_future: ahead, max_age: gap } = config.ingest;
  const clock = new ReplayClock({ ahead, gap });
  const silent = { receivers: [], route: undefined, retraining: [] };
  const core = wireCore({
    config: flags.notify ? config : { ...config, ...silent },
    groups,
    clock: systemClock,
    logger,
    telemetry,
    store,
    patience: createPatience(new Availability('store', () => undefined), {
      base: 200,
      max: 2_000,
      random: Math.random,
    }),
    stops,
    externalUrl: () => config.http.external_url ?? `http://${config.http.host}:${config.http.port}`,
    onTransition: tell,
    replays: clock,
  });
  await core.directory.refresh();
  await core.evaluator.takeOver();
  const bar = progressBar('replaying', source.progress().total);
  const begun = performance.now();
  const summary = await replay({
    records: () => source.records(),
    openPartition: core.openPartition,
    learning: core.learning,
    evaluator: core.evaluator,
    clock,
    allowedLateness: config.ingest.allowed_lateness,
    signal,
    onProgress: () => bar.update(source.progress().done),
  }).finally(() => bar.stop());
  if (flags.notify) await core.delivery.drained();
  const accepted = (await telemetry.events.get()).values.reduce((sum, { value }) => sum + value, 0);
  const rejected = new Map<string, number>();
  for (const { labels, value } of (await telemetry.rejects.get()).values) {
    const reason = String(labels.reason);
    rejected.set(reason, (rejected.get(reason) ?? 0) + value);
  }
  return { ...summary, seconds: (performance.now() - begun) / 1000, transitions, accepted, rejected };
}
