import { existsSync } from 'node:fs';
import type { Millis } from '../../base/clock.ts';
import { DriftdError } from '../../base/errors.ts';
import { modelPolicies } from '../../config/model-policies.ts';
import { readTexts } from '../../config/rule-files.ts';
import type { Config } from '../../config/schema.ts';
import { readSources, type Settings, settingsFrom } from '../../config/sources.ts';
import { backtest, type Firing } from '../../pipeline/backtest.ts';
import { BaselineDirectory } from '../../pipeline/baseline-directory.ts';
import { storedMeasurements } from '../../pipeline/stored-measurements.ts';
import { listActivations, loadBaselines } from '../../store/baselines.ts';
import { openStore, type Store } from '../../store/client.ts';
import { profiledPeriods } from '../../store/profile-parts.ts';
import { hasHistory, readOnly } from '../../store/read-only.ts';
import type { CommandContext } from '../context.ts';
import { progressBar } from '../progress.ts';

export interface BacktestRequest {
  readonly config: string;
  readonly rules?: readonly string[];
  readonly from?: Millis;
  readonly to?: Millis;
}

export interface BacktestResult {
  readonly from: Millis;
  readonly to: Millis;
  readonly groups: number;
  readonly evaluations: number;
  readonly firings: readonly Firing[];
}

export async function runBacktest(
  request: BacktestRequest,
  { environment, signal }: CommandContext,
): Promise<BacktestResult> {
  const { config, groups } = await settingsOf(request, environment);
  const store = await openHistory(config);
  try {
    const directory = new BaselineDirectory({
      listActivations: () => listActivations(store),
      loadBaselines: (ids) => loadBaselines(store, ids),
    });
    await directory.refresh();
    const { from, to } = await periodOf(request, store);
    const bar = progressBar('evaluating', to - from);
    const measurements = storedMeasurements(store, directory, modelPolicies(config));
    const result = await backtest({
      groups,
      from,
      to,
      measurements,
      signal,
      onProgress: (instant) => bar.update(instant - from),
    }).finally(() => bar.stop());
    return { from, to, groups: groups.length, ...result };
  } finally {
    await store.close();
  }
}

/** The configuration, with the rules that are to be tried. */
async function settingsOf(
  { config: file, rules }: BacktestRequest,
  environment: CommandContext['environment'],
): Promise<Settings> {
  const sources = await readSources(file, environment);
  return settingsFrom(rules === undefined ? sources : { ...sources, rules: await readTexts(rules) });
}

async function openHistory({ store: options }: Config): Promise<Store> {
  // The embedded engine would make the folder.
  if ('path' in options && !existsSync(options.path))
    throw new DriftdError('input', `there is no store at ${options.path}, so there is no history`);
  const store = await openStore(options);
  if (await hasHistory(store)) return readOnly(store);
  await store.close();
  throw new DriftdError(
    'input',
    `the store at ${store.location} has no history in the database ${store.database}`,
  );
}

/** The whole of the history, as far as nothing else is asked for. */
async function periodOf(
  { from, to }: BacktestRequest,
  store: Store,
): Promise<{ readonly from: Millis; readonly to: Millis }> {
  const periods = await profiledPeriods(store);
  if (periods.length === 0)
    throw new DriftdError(
      'input',
      `the store at ${store.location} has no profiles, so there is nothing to try rules on`,
    );
  const begin = from ?? Math.min(...periods.map(({ first }) => first));
  // The last pane is not known to be full before the next one begins.
  const end = to ?? Math.max(...periods.map(({ last }) => last));
  if (end <= begin) throw new DriftdError('input', '--to must be later than --from');
  return { from: begin, to: end };
}
