import { DriftdError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import {
  isOutputFeature,
  MULTIVARIATE_FEATURE,
  PREDICTION_FEATURE,
  SCORE_FEATURE,
} from '../../profile/feature-spec.ts';

/** What people say about the columns of both tables. What they do not name is a feature, of a kind that is inferred. */
export interface NamedColumns {
  readonly timestamp?: string;
  readonly label?: string;
  readonly prediction?: string;
  readonly score?: string;
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly text: readonly string[];
  readonly embedding: readonly string[];
  /** Columns that are not looked at. */
  readonly ignore: readonly string[];
}

/** Columns of one table, and what to call it in messages. */
interface TableColumns {
  readonly name: string;
  readonly columns: ReadonlySet<string>;
}

const ROLES = ['timestamp', 'label', 'prediction', 'score'] as const;
const LISTS = ['numeric', 'categorical', 'text', 'embedding', 'ignore'] as const;
/** Names in one message. */
const SHOWN = 20;

/** Throws an `input` error when a column is given two roles or two kinds. */
export function checkRoles(named: NamedColumns): void {
  const flags = new Map<string, string>();
  const claim = (flag: string, column: string): void => {
    const other = flags.get(column);
    if (other !== undefined && other !== flag) {
      throw new DriftdError(
        'input',
        `"${column}" is named twice, by --${other} and by --${flag}; name it once`,
      );
    }
    flags.set(column, flag);
  };
  for (const role of ROLES) if (named[role] !== undefined) claim(role, named[role]);
  for (const column of named.ignore) claim('ignore', column);
  // A prediction may be told to be categorical, but one column is of one kind.
  flags.clear();
  for (const list of LISTS) for (const column of named[list]) claim(list, column);
}

/** Throws an `input` error that names the nearest column when one that was named does not exist. */
export function checkNamed(named: NamedColumns, reference: TableColumns, current: TableColumns): void {
  for (const role of ROLES) {
    const column = named[role];
    for (const table of [reference, current]) {
      if (column !== undefined && !table.columns.has(column)) throw noColumn(role, column, table);
    }
  }
  for (const list of LISTS) {
    for (const column of named[list]) {
      if (!reference.columns.has(column) && !current.columns.has(column))
        throw noColumn(list, column, reference);
    }
  }
}

function noColumn(flag: string, column: string, { name, columns }: TableColumns): DriftdError {
  const close = didYouMean(column, columns);
  const all = [...columns];
  const list = `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? `, and ${all.length - SHOWN} more` : ''}`;
  const hint = close === '' ? `; the columns are ${list}` : close;
  return new DriftdError('input', `--${flag}: ${name} has no column "${column}"${hint}`);
}

/** The name under which a column is profiled; undefined when it is no feature. */
export function featureOf(column: string, named: NamedColumns): string | undefined {
  if (column === named.prediction) return PREDICTION_FEATURE;
  if (column === named.score) return SCORE_FEATURE;
  if (column === named.label || column === named.timestamp || named.ignore.includes(column)) return undefined;
  return isReserved(column) ? undefined : column;
}

/** True for names that stand for something else wherever driftd speaks of features. */
export function isReserved(column: string): boolean {
  return isOutputFeature(column) || column === MULTIVARIATE_FEATURE;
}

/** The column behind a feature. */
export function columnOf(feature: string, named: NamedColumns): string {
  if (feature === PREDICTION_FEATURE) return named.prediction ?? feature;
  if (feature === SCORE_FEATURE) return named.score ?? feature;
  return feature;
}
