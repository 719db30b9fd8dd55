import type { Millis } from '../base/clock.ts';
import { type AlertState, type Observation, step } from './alert-state.ts';
import type { FiringPolicy } from './firing-policy.ts';

/**
 * What one window said about one alert: `1` the condition held, `0` it did not, `-` that could not be told, `~` that could not
 * be told and counts for nothing whatever the rule says of missing data, `x` its subject was gone, `.` it was not looked at.
 */
export type Sign = '1' | '0' | '-' | '~' | 'x' | '.';

/**
 * What past windows said about the alerts of a group, as far back as labels may change it. Plain JSON. An alert's state
 * follows from it, whatever the order in which the labels came.
 */
export interface WindowHistory {
  /** The instants at which windows were judged, ascending. */
  readonly instants: readonly Millis[];
  /** By the fingerprint of the alert: a sign for each instant. */
  readonly signs: Readonly<Record<string, string>>;
  /** By fingerprint: the state before the first of these instants, where it is not inactive. */
  readonly before: Readonly<Record<string, AlertState>>;
  /** By fingerprint: the key of the rule that the alert belongs to. */
  readonly rules: Readonly<Record<string, string>>;
}

/** Alerts whose past is kept. Segments come and go, and each of them would be remembered for as long as labels may come. */
const MOST_REMEMBERED = 10_000;

/** What one window said about one alert, and which rule that alert belongs to. */
export interface Seen {
  readonly sign: Sign;
  readonly rule: string;
}

const OBSERVATIONS: Readonly<Record<Exclude<Sign, '.'>, Observation>> = {
  '1': 'true',
  '0': 'false',
  '-': 'no_data',
  '~': 'no_data',
  x: 'gone',
};

/** Moves an alert on by what one window said. */
function follow(
  state: AlertState | undefined,
  sign: Sign,
  policy: FiringPolicy,
  at: Millis,
): AlertState | undefined {
  if (sign === '.') return state;
  return step(state, OBSERVATIONS[sign], sign === '~' ? { ...policy, noData: 'keep' } : policy, at).state;
}

/** The state of an alert after all windows. */
export function stateAfter(
  { instants, signs, before }: WindowHistory,
  fingerprint: string,
  policy: FiringPolicy,
): AlertState | undefined {
  const seen = signs[fingerprint] ?? '';
  let state = before[fingerprint];
  for (const [i, at] of instants.entries()) state = follow(state, (seen[i] ?? '.') as Sign, policy, at);
  return state;
}

/** The sign at an instant; undefined when no window was judged there. */
export function signAt(
  { instants, signs }: WindowHistory,
  fingerprint: string,
  at: Millis,
): Sign | undefined {
  const place = instants.indexOf(at);
  return place === -1 ? undefined : ((signs[fingerprint]?.[place] ?? '.') as Sign);
}

/** The history with other signs at one instant. Instants that are not in it stay out of it. */
export function corrected(
  history: WindowHistory,
  at: Millis,
  changed: ReadonlyMap<string, Sign>,
): WindowHistory {
  const place = history.instants.indexOf(at);
  if (place === -1 || changed.size === 0) return history;
  const signs: Record<string, string> = { ...history.signs };
  for (const [fingerprint, sign] of changed) {
    const seen = signs[fingerprint] ?? '.'.repeat(history.instants.length);
    signs[fingerprint] = seen.slice(0, place) + sign + seen.slice(place + 1);
  }
  return { ...history, signs };
}

/**
 * Adds a window behind all others, and lets those go that labels change no more: what they said stays in the state before
 * the rest. Of too many alerts, those are forgotten whose condition never held, the ones first that were not seen for longest.
 *
 * @param keepFrom instants before this one are let go.
 * @param policyOf by the key of a rule; undefined for one that is gone, whose alerts are forgotten.
 */
export function appended(
  { instants, signs, before, rules }: WindowHistory,
  at: Millis,
  seen: ReadonlyMap<string, Seen>,
  keepFrom: Millis,
  policyOf: (rule: string) => FiringPolicy | undefined,
  most: number = MOST_REMEMBERED,
): WindowHistory {
  const all = [...instants, at];
  const firstKept = all.findIndex((instant) => instant >= keepFrom);
  const gone = firstKept === -1 ? all.length : firstKept;
  const next = {
    signs: {} as Record<string, string>,
    before: {} as Record<string, AlertState>,
    rules: {} as Record<string, string>,
  };
  const never: Array<{ readonly fingerprint: string; readonly last: number }> = [];
  for (const fingerprint of new Set([...Object.keys(rules), ...seen.keys()])) {
    const rule = rules[fingerprint] ?? seen.get(fingerprint)?.rule ?? '';
    const policy = policyOf(rule);
    if (policy === undefined) continue;
    const text = (signs[fingerprint] ?? '.'.repeat(instants.length)) + (seen.get(fingerprint)?.sign ?? '.');
    let state = before[fingerprint];
    for (let i = 0; i < gone; i += 1) state = follow(state, text[i] as Sign, policy, all[i] as Millis);
    const kept = text.slice(gone);
    const says = /[^.]/.test(kept);
    if (state !== undefined) next.before[fingerprint] = state;
    if (says) next.signs[fingerprint] = kept;
    if (says || state !== undefined) next.rules[fingerprint] = rule;
    const held = policy.noData === 'alert' ? /[1-]/ : /1/;
    if (says && state === undefined && !held.test(kept))
      never.push({ fingerprint, last: kept.search(/[^.]\.*$/) });
  }
  const excess = Object.keys(next.rules).length - most;
  if (excess > 0) {
    never.sort((a, b) => a.last - b.last || (a.fingerprint < b.fingerprint ? -1 : 1));
    for (const { fingerprint } of never.slice(0, excess)) {
      delete next.signs[fingerprint];
      delete next.rules[fingerprint];
    }
  }
  return { instants: all.slice(gone), ...next };
}
