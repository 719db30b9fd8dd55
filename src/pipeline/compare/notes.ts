import type { ComparedFeature } from './comparison.ts';
import { isReserved, type NamedColumns } from './named-columns.ts';
import type { CountingPlan, TableCounts } from './table-counts.ts';
import { NESTED, type Surveyed } from './table-survey.ts';

/** Names in one note. */
const NAMED = 10;

/** What people should know beside the numbers: what was set aside, what is missing in one of the tables. */
export function notesOf(about: {
  readonly named: NamedColumns;
  readonly surveyed: Surveyed;
  readonly plan: CountingPlan;
  /** Columns of dates or times but for the one that is the time of the rows. */
  readonly otherTimes: readonly string[];
  readonly current: TableCounts;
  readonly isInCurrent: (column: string) => boolean;
  readonly features: readonly ComparedFeature[];
}): string[] {
  const { named, surveyed, plan, otherTimes, current, isInCurrent, features } = about;
  const notes: string[] = [];
  const say = (names: readonly string[], one: string, many: string): void => {
    if (names.length > 0) notes.push(`${list(names)} ${names.length === 1 ? one : many}`);
  };
  if (plan.time !== undefined && plan.time !== named.timestamp) {
    notes.push(`${plan.time} holds the time of the rows and is not compared`);
  }
  say(otherTimes, 'holds dates or times and is not compared', 'hold dates or times and are not compared');
  if (plan.time === undefined && otherTimes.length > 1) {
    notes.push('--timestamp COLUMN says which of them is the time of the rows');
  }
  if (plan.time !== undefined && current.to < current.from) {
    notes.push(`${plan.time} holds no time in the current table`);
  }
  if (features.some(({ natural }) => natural !== undefined && natural.size > 0)) {
    notes.push('how far parts of the reference differ from each other by time was taken into account');
  }
  say(
    [...surveyed.columns].filter((column) => !isInCurrent(column) && !named.ignore.includes(column)),
    'is missing in the current table',
    'are missing in the current table',
  );
  say(current.newColumns.names, 'is new in the current table', 'are new in the current table');
  const onlyNow = features.filter(
    ({ name, n, baselineN }) => n > 0 && baselineN === 0 && surveyed.columns.has(name),
  );
  say(
    onlyNow.map(({ name }) => name),
    'has values in the current table only',
    'have values in the current table only',
  );
  say(
    [...surveyed.incomparable].flatMap(([name, reason]) => (reason === NESTED ? [name] : [])),
    NESTED,
    'hold lists or objects, which are not compared',
  );
  say(
    [...surveyed.incomparable].flatMap(([name, reason]) => (reason === NESTED ? [] : [name])),
    'looks like an identifier and is not compared',
    'look like identifiers and are not compared',
  );
  say(
    [...surveyed.columns].filter(isReserved),
    'is a name that driftd uses itself; the column was left out',
    'are names that driftd uses itself; the columns were left out',
  );
  say(
    surveyed.derived.leftOut,
    'could not be derived from its values, or has a name that is taken',
    'could not be derived from their values, or have names that are taken',
  );
  if (surveyed.leftOut > 0) {
    notes.push(`${surveyed.leftOut} or more columns past the first ${surveyed.columns.size} were left out`);
  }
  return notes;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
