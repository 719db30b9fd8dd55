import type { Millis } from '../base/clock.ts';
import type { Change } from '../metrics/error-stream.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** What the detectors were shown of one version in one pane. */
export interface ErrorPane {
  readonly version: string;
  readonly pane: Millis;
  readonly observations: number;
  /** The sum of errors, as the detectors see them. */
  readonly errors: number;
}

/** One step of the stream of a model: where it stands now, and what it found on the way. */
export interface ErrorStreamRow {
  readonly model: string;
  readonly advancedTo: Millis;
  /** JSON: what the detectors know of each version. */
  readonly state: string;
  readonly panes: readonly ErrorPane[];
  readonly changes: readonly Change[];
}

/** Commits a step: one row, so it is there whole or not at all. */
export async function saveErrorStream(store: Store, row: ErrorStreamRow): Promise<void> {
  await store.insert('error_streams', [
    {
      model: row.model,
      advanced_to: sqlTime(row.advancedTo),
      state: row.state,
      panes: JSON.stringify(row.panes),
      changes: JSON.stringify(row.changes),
    },
  ]);
}

/** The newest step of each model. */
export async function newestErrorStreams(store: Store): Promise<ErrorStreamRow[]> {
  const rows = await store.query<
    Omit<ErrorStreamRow, 'panes' | 'changes'> & Record<'panes' | 'changes', string>
  >(
    `SELECT model, ${millisOf('advanced_to')} AS advancedTo, state, panes, changes
     FROM {database}.error_streams FINAL ORDER BY model`,
  );
  return rows.map((row) => ({
    ...row,
    panes: JSON.parse(row.panes) as ErrorPane[],
    changes: JSON.parse(row.changes) as Change[],
  }));
}

/** Writes what a step found to the tables that people read. Writing it twice changes nothing. */
export async function projectErrorStream(
  store: Store,
  { model, panes, changes }: Pick<ErrorStreamRow, 'model' | 'panes' | 'changes'>,
): Promise<void> {
  await store.insert(
    'error_panes',
    panes.map(({ pane, ...rest }) => ({ model, pane: sqlTime(pane), ...rest })),
  );
  await store.insert(
    'error_changes',
    changes.map(({ at, ...rest }) => ({ model, at: sqlTime(at), ...rest })),
  );
}

interface ModelPeriod {
  readonly model: string;
  readonly from: Millis;
  readonly to: Millis;
}

/** How many errors of each version detectors were shown of the panes in [from, to). */
export async function observedErrors(
  store: Store,
  { model, from, to }: ModelPeriod,
): Promise<Array<{ readonly version: string; readonly observations: number }>> {
  return store.query(
    `SELECT version, sum(observations) AS observations FROM {database}.error_panes FINAL
     WHERE model = {model:String} AND pane >= {from:DateTime64(3, 'UTC')} AND pane < {to:DateTime64(3, 'UTC')}
     GROUP BY version ORDER BY version`,
    { model, from: sqlTime(from), to: sqlTime(to) },
  );
}

/** What detectors said of the errors in [from, to), in order. */
export async function errorChanges(store: Store, { model, from, to }: ModelPeriod): Promise<Change[]> {
  return store.query(
    `SELECT version, detector, signal, ${millisOf('c.at')} AS at, observation FROM {database}.error_changes AS c FINAL
     WHERE model = {model:String} AND c.at >= {from:DateTime64(3, 'UTC')} AND c.at < {to:DateTime64(3, 'UTC')}
     ORDER BY c.at, detector, signal, version`,
    { model, from: sqlTime(from), to: sqlTime(to) },
  );
}
