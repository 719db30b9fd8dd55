import type { Command } from 'commander';
import { DriftdError } from '../base/errors.ts';
import { modelPolicies } from '../config/model-policies.ts';
import type { Config } from '../config/schema.ts';
import { type BaselineReport, createBaseline } from '../pipeline/create-baseline.ts';
import type { Baseline } from '../profile/baseline.ts';
import {
  listActivations,
  listBaselines,
  loadBaseline,
  saveActivation,
  saveBaseline,
} from '../store/baselines.ts';
import type { Store } from '../store/client.ts';
import type { CommandContext } from './context.ts';
import { printLine } from './print-line.ts';
import { progressBar } from './progress.ts';
import { openReference } from './reference-rows.ts';
import { addTableOptions, rowColumns, type TableFlags } from './table-options.ts';
import { withStore } from './with-store.ts';

interface CreateFlags extends TableFlags {
  readonly config: string;
  readonly model: string;
  readonly modelVersion?: string;
  readonly appliesFrom?: string;
  readonly activate: boolean;
}

/** Everything after this instant is profiled under a first baseline: there was none to compare with before. */
const BEGINNING = 0;

export function addBaseline(program: Command, context: CommandContext): void {
  const baseline = program.command('baseline').description('make, list and activate baselines');
  addTableOptions(
    baseline
      .command('create')
      .description(
        'make a baseline from reference files (CSV, NDJSON, each also .gz, or Parquet) and activate it',
      )
      .argument('<files...>', 'reference data')
      .requiredOption('--config <file>', 'configuration file')
      .requiredOption('--model <name>', 'model that the data belongs to')
      .option('--model-version <version>', 'version that the baseline is for (default: all versions)')
      .option(
        '--applies-from <instant>',
        'event time from which it applies (default: always for a first one, else now)',
      )
      .option('--no-activate', 'store it only'),
  ).action(async (files: string[], flags: CreateFlags) => {
    await withStore(flags.config, context, (config, store) => create(files, flags, config, store, context));
  });
  baseline
    .command('list')
    .description('list baselines, newest first, and what is active')
    .requiredOption('--config <file>', 'configuration file')
    .option('--model <name>', 'of this model only')
    .action(async (flags: { config: string; model?: string }) => {
      await withStore(flags.config, context, (_config, store) => list(store, flags.model, context));
    });
  baseline
    .command('activate')
    .description('profile events under this baseline from an event time on')
    .argument('<id>', 'id of the baseline, or the beginning of it')
    .requiredOption('--config <file>', 'configuration file')
    .option('--applies-from <instant>', 'event time from which it applies (default: now)')
    .action(async (id: string, flags: { config: string; appliesFrom?: string }) => {
      await withStore(flags.config, context, async (_config, store) => {
        const found = await findBaseline(store, id);
        const from = flags.appliesFrom === undefined ? undefined : instantOf(flags.appliesFrom);
        await activate(store, found, from, 'activated by hand', context);
      });
    });
}

async function create(
  files: readonly string[],
  flags: CreateFlags,
  config: Config,
  store: Store,
  context: CommandContext,
): Promise<void> {
  const { model, modelVersion: version } = flags;
  // Before anything is stored.
  const from = flags.appliesFrom === undefined ? undefined : instantOf(flags.appliesFrom);
  const policy = modelPolicies(config)(model);
  const columns = rowColumns(flags);
  const now = Date.now();
  const source = await openReference(files, {
    config,
    columns,
    model,
    version,
    policy,
    now,
    signal: context.signal,
  });
  const bar = progressBar('reading', source.progress().total * 2);
  let passes = -1;
  const rows = (): ReturnType<typeof source.rows> => {
    passes += 1;
    return source.rows();
  };
  const timer = setInterval(() => {
    const { done, total } = source.progress();
    bar.update(done + passes * total);
  }, 200);
  const report = await createBaseline(rows, { model, version, policy }).finally(() => {
    clearInterval(timer);
    bar.stop();
  });
  await saveBaseline(store, report.baseline, 'file');
  describe(report, context);
  if (flags.activate) await activate(store, report.baseline, from, 'created from files', context);
}

function describe({ baseline, rejected, leftOut }: BaselineReport, { output }: CommandContext): void {
  const kinds = [...baseline.features.values()].map(({ spec }) => spec.kind);
  const numeric = kinds.filter((kind) => kind === 'numeric').length;
  output.print(
    `baseline ${baseline.id} of ${baseline.model}${baseline.version === undefined ? '' : ` ${baseline.version}`}: ` +
      `${baseline.rows} rows, ${numeric} numeric and ${kinds.length - numeric} categorical features`,
  );
  for (const name of ['accuracy', 'f1', 'mae', 'rmse']) {
    const known = baseline.performance.get(name);
    if (known !== undefined)
      output.print(`  reference ${name} ${Number(known.value.toPrecision(4))} on ${known.n} labelled rows`);
  }
  for (const [reason, { count, first, detail }] of rejected) {
    output.complain(
      `${count} row${count === 1 ? '' : 's'} left out (${reason}), the first at ${first}: ${detail}`,
    );
  }
  if (leftOut.size > 0)
    output.complain(`features past the limit were left out: ${[...leftOut].slice(0, 10).join(', ')}`);
}

async function activate(
  store: Store,
  baseline: Baseline,
  from: number | undefined,
  reason: string,
  { output }: CommandContext,
): Promise<void> {
  const version = baseline.version ?? '';
  const others = (await listActivations(store)).filter(
    (activation) => activation.model === baseline.model && activation.version === version,
  );
  const appliesFrom = from ?? (others.length === 0 ? BEGINNING : behindNow(baseline));
  await saveActivation(store, {
    model: baseline.model,
    version,
    appliesFrom,
    baselineId: baseline.id,
    reason,
  });
  output.print(
    appliesFrom === BEGINNING
      ? `active for all events of ${baseline.model}`
      : `active for events of ${baseline.model} from ${new Date(appliesFrom).toISOString()} on`,
  );
}

/** Panes are under one baseline each, so a change begins with the next pane. */
function behindNow({ pane }: Baseline): number {
  return (Math.floor(Date.now() / pane) + 1) * pane;
}

function instantOf(text: string): number {
  const time = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new DriftdError(
    'input',
    `--applies-from: "${text}" is no instant; expected ISO-8601 such as 2026-11-22T08:00:00Z`,
  );
}

async function findBaseline(store: Store, prefix: string): Promise<Baseline> {
  const found = await listBaselines(store, { idPrefix: prefix });
  if (found.length > 1)
    throw new DriftdError('input', `${found.length} baselines begin with "${prefix}"; give more of the id`);
  const baseline = found[0] === undefined ? undefined : await loadBaseline(store, found[0].id);
  if (baseline === undefined)
    throw new DriftdError('input', `there is no baseline "${prefix}"; see driftd baseline list`);
  return baseline;
}

async function list(store: Store, model: string | undefined, { output }: CommandContext): Promise<void> {
  const activations = await listActivations(store);
  for (const summary of await listBaselines(store, model === undefined ? {} : { model })) {
    const active = activations
      .filter(({ baselineId }) => baselineId === summary.id)
      .map(({ appliesFrom }) => (appliesFrom === BEGINNING ? 'always' : new Date(appliesFrom).toISOString()));
    const { id, version, origin, rows, createdAt } = summary;
    printLine(
      output,
      [
        id,
        summary.model,
        version === '' ? 'all versions' : version,
        `${rows} rows`,
        origin,
        `made ${new Date(createdAt).toISOString()}`,
        active.length === 0 ? 'not active' : `active from ${active.join(', ')}`,
      ].join('  '),
    );
  }
}
