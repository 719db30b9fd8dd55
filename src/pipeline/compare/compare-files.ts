import { DriftdError } from '../../base/errors.ts';
import type { ColumnBatch } from '../../ingest/files/column-batch.ts';
import type { MetricResult } from '../../metrics/result.ts';
import type { FeatureSpec } from '../../profile/feature-spec.ts';
import type { RuleGroup } from '../../rules/rule.ts';
import { columnRecorder } from './column-recorder.ts';
import { comparedFeatures, incomparableFeature, newFeatures } from './compared-features.ts';
import type { ComparedFeature, Comparison } from './comparison.ts';
import { checkNamed, checkRoles, columnOf, type NamedColumns } from './named-columns.ts';
import { notesOf } from './notes.ts';
import { canJudge, type PerformanceOptions, TablePerformance, TaskSurvey } from './performance-of-table.ts';
import { type CountedFeature, type CountingPlan, TableCounts } from './table-counts.ts';
import { openTable, type TableSource } from './table-source.ts';
import { type Surveyed, TableSurvey } from './table-survey.ts';
import { declaredTextKinds, referenceTextKinds } from './text-kinds.ts';

export interface CompareRequest {
  /** One table in one or more files each. */
  readonly reference: readonly string[];
  readonly current: readonly string[];
  readonly columns: NamedColumns;
  readonly performance: PerformanceOptions;
  /** What counts as drift. */
  readonly rules: readonly RuleGroup[];
}

export interface CompareContext {
  readonly signal: AbortSignal;
  /** Bytes read so far, of those that will be. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Compares two tables column by column. The reference is read twice (kinds, grids and categories; then counts) and the
 * current table once, in memory that does not grow with their rows.
 *
 * Throws an `input` error when a file cannot be read, has no rows, or lacks a column that was named.
 */
export async function compareFiles(request: CompareRequest, context: CompareContext): Promise<Comparison> {
  const { columns: named } = request;
  checkRoles(named);
  const reference = await openTable(request.reference, declaredTextKinds(named));
  // Before the long reading, so that what is wrong with it is told at once.
  const unread = await openTable(request.current, declaredTextKinds(named));
  checkColumns(named, reference, unread);

  const reader = new Reader(context, 2 * reference.progress().total + unread.progress().total);
  const times = timeColumns(named, reference);
  const survey = new TableSurvey(named, times, reference.columns);
  const task = canJudge(named) ? new TaskSurvey(named) : undefined;
  await reader.read(reference, (batch) => {
    survey.add(batch);
    task?.add(batch);
  });
  const surveyed = survey.finish();
  if (surveyed.rows === 0) throw noRows(reference);
  const policy = task?.policy(request.performance);

  const plan = countingPlan(named, surveyed, timeOf(named, times, unread));
  const count = async (table: TableSource, isReference: boolean): Promise<CountedTable> => {
    const counts = new TableCounts(plan, isReference);
    const performance = policy && new TablePerformance(named, policy);
    await reader.read(table, (batch) => {
      counts.add(batch);
      performance?.add(batch);
    });
    return { counts, performance: performance?.results() };
  };
  const before = await count(reference, true);
  checkTimes(named, reference, before.counts);
  const kinds = referenceTextKinds(named, reference.kinds, surveyed.specs);
  const current = await openTable(request.current, kinds);
  const now = await count(current, false);
  if (now.counts.rows === 0) throw noRows(current);
  checkTimes(named, current, now.counts);

  const columnsNow = new Set([
    ...(current.columns ?? []),
    ...now.counts.columns,
    ...now.counts.newColumns.names,
  ]);
  checkNamed(
    named,
    { name: reference.name, columns: surveyed.columns },
    { name: current.name, columns: columnsNow },
  );
  const isInCurrent = (column: string): boolean => columnsNow.has(column);
  const compared = comparedFeatures({
    named,
    plan,
    incomparable: surveyed.incomparable,
    reference: before.counts,
    current: now.counts,
    isInCurrent,
    rules: request.rules,
  });
  const otherTimes = [...times].filter((column) => column !== plan.time);
  const features = [
    ...compared,
    ...otherTimes.map((column) =>
      incomparableFeature(column, 'categorical', 'it holds dates or times, which always differ'),
    ),
    ...Array.from(surveyed.incomparable, ([feature, reason]) =>
      incomparableFeature(
        columnOf(feature, named),
        surveyed.specs.get(feature)?.kind ?? 'categorical',
        reason,
      ),
    ),
    ...newFeatures(now.counts),
  ].sort(mostMovedFirst);
  return {
    reference: { file: reference.name, rows: before.counts.rows },
    current: { file: current.name, rows: now.counts.rows },
    features: features.filter(({ role }) => role !== 'multivariate'),
    multivariate: features.find(({ role }) => role === 'multivariate'),
    performance:
      before.performance && now.performance
        ? { reference: before.performance, current: now.performance }
        : undefined,
    notes: notesOf({ named, surveyed, plan, otherTimes, current: now.counts, isInCurrent, features }),
  };
}

interface CountedTable {
  readonly counts: TableCounts;
  readonly performance: MetricResult[] | undefined;
}

/** Reads tables batch by batch, tells how far it is, and stops when it has to. */
class Reader {
  readonly #context: CompareContext;
  readonly #total: number;
  #finished = 0;

  constructor(context: CompareContext, total: number) {
    this.#context = context;
    this.#total = total;
  }

  async read(table: TableSource, onBatch: (batch: ColumnBatch) => void): Promise<void> {
    for await (const batch of table.batches()) {
      this.#context.signal.throwIfAborted();
      onBatch(batch);
      this.#context.onProgress(this.#finished + table.progress().done, this.#total);
    }
    this.#finished += table.progress().total;
  }
}

/** Columns of dates or times that nobody has given another meaning. */
function timeColumns(named: NamedColumns, { kinds }: TableSource): ReadonlySet<string> {
  const meant = new Set([named.timestamp, named.label, named.prediction, named.score, ...named.ignore]);
  return new Set(
    [...kinds].flatMap(([column, kind]) => (kind === 'time' && !meant.has(column) ? [column] : [])),
  );
}

/** The column that says when a row happened: the one that was named, or the only one with times in both tables. */
function timeOf(named: NamedColumns, times: ReadonlySet<string>, current: TableSource): string | undefined {
  if (named.timestamp !== undefined) return named.timestamp;
  const shared = [...times].filter((column) => current.kinds.get(column) === 'time');
  return shared.length === 1 ? shared[0] : undefined;
}

function countingPlan(named: NamedColumns, surveyed: Surveyed, time: string | undefined): CountingPlan {
  const counted = (spec: FeatureSpec, column: string | undefined): CountedFeature => ({
    spec,
    column,
    record: columnRecorder(spec),
  });
  const { specs, derivations } = surveyed.derived;
  return {
    features: new Map([
      ...Array.from(
        surveyed.specs,
        ([feature, spec]) => [feature, counted(spec, columnOf(feature, named))] as const,
      ),
      ...Array.from(specs, ([feature, spec]) => [feature, counted(spec, undefined)] as const),
    ]),
    derivations,
    time,
    isKnown: (column) => surveyed.columns.has(column) || named.ignore.includes(column),
  };
}

/** As early as possible: what files without a header have is known only when they have been read. */
function checkColumns(named: NamedColumns, reference: TableSource, current: TableSource): void {
  if (reference.columns === undefined || current.columns === undefined) return;
  checkNamed(
    named,
    { name: reference.name, columns: new Set(reference.columns) },
    { name: current.name, columns: new Set(current.columns) },
  );
}

/** A column that was taken for the time without having been named may be anything. */
function checkTimes({ timestamp }: NamedColumns, { name }: TableSource, { from, to }: TableCounts): void {
  if (timestamp === undefined || from <= to) return;
  throw new DriftdError(
    'input',
    `--timestamp: "${timestamp}" of ${name} holds no times; they look like 2026-03-01T08:00:00Z, or are milliseconds since 1970`,
  );
}

function noRows({ name }: TableSource): DriftdError {
  return new DriftdError('input', `${name}: there are no rows`);
}

function mostMovedFirst(a: ComparedFeature, b: ComparedFeature): number {
  if (a.drifted !== b.drifted) return a.drifted ? -1 : 1;
  const [effectOfA, effectOfB] = [effectOf(a), effectOf(b)];
  if (effectOfA !== effectOfB) return effectOfB - effectOfA;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** -1 where there is none: less than any effect. */
function effectOf({ metrics }: ComparedFeature): number {
  const effect = metrics.get('effect_size');
  return effect?.status === 'ok' ? effect.value : -1;
}
