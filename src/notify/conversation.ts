import type { Millis } from '../base/clock.ts';
import type { SentReason } from './notification.ts';

/** What one integration has been told about one group, and when. Plain JSON, so that it survives a restart. */
export interface ConversationState {
  /** Where the newest message stands on the timeline of the evaluations. */
  readonly flushedAt?: Millis;
  /** When the newest message was decided, or would have been, had one before it not been on its way; by the clock. */
  readonly sentAt?: Millis;
  /** The alerts of which the receiver has heard that they fire, and not yet that they are over; by fingerprint. */
  readonly told: Readonly<Record<string, Told>>;
}

interface Told {
  /** False when a later message left it out, because it was silenced or inhibited by then. */
  readonly listed: boolean;
}

/** One alert of the group, with all that matters about it here. */
export interface Member {
  readonly fingerprint: string;
  readonly firing: boolean;
  /** The evaluation instant at which it began to fire, or at which it resolved. */
  readonly at: Millis;
  readonly suppressed: 'silenced' | 'inhibited' | undefined;
  readonly acknowledged: boolean;
}

/** How a group is to be told to one integration. */
export interface Terms {
  readonly groupWait: Millis;
  readonly groupInterval: Millis;
  readonly repeatInterval: Millis;
  readonly sendResolved: boolean;
  /** Whether a time interval of the route forbids to send now. */
  readonly muted: boolean;
  /** Whether a message of before is still on its way. */
  readonly waits: boolean;
}

export interface StepTime {
  /** The clock: it decides about silences, mute times and repeats. */
  readonly now: Millis;
  /** The newest evaluated instant. */
  readonly horizon: Millis;
  /** The next instant that is due and was not evaluated so far; undefined when there is none. */
  readonly before: Millis | undefined;
}

/** The closed list of reasons for which a message is sent, or none. */
export type DispatchReason =
  | SentReason
  /** There is news, and the group wait or the group interval is not over. */
  | 'waiting'
  /** There is something to say, but not in this time interval. */
  | 'muted'
  /** All that there is to say is about silenced alerts. */
  | 'silenced'
  /** All that there is to say is about alerts that others explain. */
  | 'inhibited'
  /** A repeat is due, and everything in it was acknowledged. */
  | 'acknowledged'
  /** A repeat is due, and the message before it has not reached the receiver so far. */
  | 'undelivered'
  /** The receiver knows everything. */
  | 'unchanged'
  /** Alerts resolved, and the integration does not want to know. */
  | 'resolved_unsent'
  /** Alerts that were told take another route now, or none. */
  | 'rerouted';

export interface ConversationStep {
  readonly reason: DispatchReason;
  /** What comes after this step; the very same object when nothing is to be kept. */
  readonly state: ConversationState;
  /** The fingerprints that the message lists, and its place on the timeline; undefined when there is none to send. */
  readonly message?: { readonly reason: SentReason; readonly lists: readonly string[]; readonly at: Millis };
  /** When something may be due that is not due now, if nothing else changes. */
  readonly dueAt?: Millis;
}

export const NEW_CONVERSATION: ConversationState = { told: {} };

const MINUTE: Millis = 60_000;

/**
 * Moves a conversation on: is there something to say, and may it be said now?
 *
 * News is an alert that fires and that the receiver does not know of, or has not seen in the newest message; and one that
 * the receiver knows of and that is over. News is due on the timeline of the evaluations: the first of an incident
 * `groupWait` after the instant at which it began, more of it not before `groupInterval` after the message before. So a
 * daemon that catches up with missed windows, and a replay, say the same as one that was there all the time. Repeats,
 * silences and mute times go by the clock.
 */
export function stepConversation(
  state: ConversationState,
  members: readonly Member[],
  terms: Terms,
  time: StepTime,
): ConversationStep {
  const kept = withoutStrangers(state, members, terms);
  const visible = members.filter(({ firing, suppressed }) => firing && suppressed === undefined);
  const begun = visible.filter(({ fingerprint }) => kept.told[fingerprint]?.listed !== true);
  const over = members.filter(({ fingerprint, firing }) => !firing && kept.told[fingerprint] !== undefined);
  const ended = over.filter(({ suppressed }) => suppressed === undefined);
  const news = [...begun, ...ended];
  if (news.length > 0) {
    const due = dueTime(kept, news, terms);
    if (due > time.now || (time.before !== undefined && due >= time.before)) {
      return { reason: 'waiting', state: kept, dueAt: due };
    }
    if (terms.muted) return { reason: 'muted', state: kept, dueAt: nextMinute(time.now) };
    const first = Object.keys(kept.told).length === 0;
    const reason = visible.length === 0 ? 'sent_resolved' : first ? 'sent_first' : 'sent_changed';
    return send(reason, kept, members, { due, visible, ended }, terms, time);
  }
  const change = reasonOfLoss(state, kept, members);
  if (visible.length > 0) return { ...repeat(kept, members, visible, terms, time), ...change };
  const hidden = members.find(({ firing, fingerprint }) => firing || kept.told[fingerprint] !== undefined);
  return { reason: hidden?.suppressed ?? 'unchanged', state: kept, ...change };
}

/** Forgets alerts that are not of this group any more, and resolved ones that the integration does not want to hear of. */
function withoutStrangers(
  state: ConversationState,
  members: readonly Member[],
  terms: Terms,
): ConversationState {
  const known = new Map(members.map((member) => [member.fingerprint, member]));
  const told = Object.entries(state.told).filter(([fingerprint]) => {
    const member = known.get(fingerprint);
    return member !== undefined && (member.firing || terms.sendResolved);
  });
  if (told.length === Object.keys(state.told).length) return state;
  return { ...state, told: Object.fromEntries(told) };
}

function reasonOfLoss(
  before: ConversationState,
  after: ConversationState,
  members: readonly Member[],
): { readonly reason?: DispatchReason } {
  if (before === after) return {};
  const unwanted = members.some(
    ({ fingerprint, firing }) => !firing && before.told[fingerprint] !== undefined,
  );
  return { reason: unwanted ? 'resolved_unsent' : 'rerouted' };
}

function dueTime(state: ConversationState, news: readonly Member[], terms: Terms): Millis {
  const earliest = news.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  if (Object.keys(state.told).length === 0) return earliest + terms.groupWait;
  return Math.max(earliest, (state.flushedAt ?? 0) + terms.groupInterval);
}

function repeat(
  state: ConversationState,
  members: readonly Member[],
  visible: readonly Member[],
  terms: Terms,
  time: StepTime,
): ConversationStep {
  const due = (state.sentAt ?? 0) + terms.repeatInterval;
  // What is repeated may be over in a window that is still to be evaluated.
  if (time.before !== undefined) return { reason: 'unchanged', state };
  if (time.now < due) return { reason: 'unchanged', state, dueAt: due };
  if (visible.every(({ acknowledged }) => acknowledged)) return { reason: 'acknowledged', state };
  if (terms.muted) return { reason: 'muted', state, dueAt: nextMinute(time.now) };
  // What waits says the same; once it has arrived, a repeat of it has time.
  if (terms.waits) {
    const sentAt = time.now;
    return { reason: 'undelivered', state: { ...state, sentAt }, dueAt: sentAt + terms.repeatInterval };
  }
  return send('sent_repeat', state, members, { due: time.horizon, visible, ended: [] }, terms, time);
}

function send(
  reason: SentReason,
  state: ConversationState,
  members: readonly Member[],
  about: { readonly due: Millis; readonly visible: readonly Member[]; readonly ended: readonly Member[] },
  terms: Terms,
  time: StepTime,
): ConversationStep {
  const told: Record<string, Told> = {};
  for (const { fingerprint } of about.visible) told[fingerprint] = { listed: true };
  for (const { fingerprint, suppressed } of members) {
    if (suppressed !== undefined && state.told[fingerprint] !== undefined)
      told[fingerprint] = { listed: false };
  }
  // Messages of a conversation are delivered in the order of these times, so no two may have the same.
  const at = Math.max(about.due, time.horizon, (state.flushedAt ?? 0) + 1);
  return {
    reason,
    state: { flushedAt: at, sentAt: time.now, told },
    message: { reason, lists: [...about.visible, ...about.ended].map(({ fingerprint }) => fingerprint), at },
    ...(about.visible.length > 0 && { dueAt: time.now + terms.repeatInterval }),
  };
}

/** Time intervals begin and end at whole minutes. */
function nextMinute(now: Millis): Millis {
  return (Math.floor(now / MINUTE) + 1) * MINUTE;
}
