import { describe, expect, it } from 'vitest';
import {
  type ConversationState,
  type Member,
  NEW_CONVERSATION,
  type StepTime,
  stepConversation,
  type Terms,
} from '../../src/notify/conversation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** An evaluation instant. */
const T = Date.UTC(2026, 10, 22, 9);

const TERMS: Terms = {
  groupWait: 30_000,
  groupInterval: 5 * MINUTE,
  repeatInterval: 4 * HOUR,
  sendResolved: true,
  muted: false,
  waits: false,
};

function firing(fingerprint: string, change: Partial<Member> = {}): Member {
  return { fingerprint, firing: true, at: T, suppressed: undefined, acknowledged: false, ...change };
}

function resolved(fingerprint: string, change: Partial<Member> = {}): Member {
  return firing(fingerprint, { firing: false, at: T + HOUR, ...change });
}

/** The receiver was told of these, at T + 30 s, evaluated and decided a little later. */
function told(...fingerprints: string[]): ConversationState {
  return {
    flushedAt: T + 30_000,
    sentAt: T + 2 * MINUTE,
    told: Object.fromEntries(fingerprints.map((fingerprint) => [fingerprint, { listed: true }])),
  };
}

function at(now: number, change: Partial<StepTime> = {}): StepTime {
  return { now, horizon: Math.floor(now / HOUR) * HOUR, before: undefined, ...change };
}

const LATER = at(T + HOUR + 2 * MINUTE);

interface Case {
  readonly state?: ConversationState;
  readonly members: readonly Member[];
  readonly terms?: Partial<Terms>;
  readonly time: StepTime;
  readonly reason: string;
  readonly lists?: readonly string[];
  readonly dueAt?: number;
}

const CASES: Readonly<Record<string, Case>> = {
  'waits for the rest of the group': {
    members: [firing('a')],
    time: at(T + 29_999),
    reason: 'waiting',
    dueAt: T + 30_000,
  },
  'tells of an incident when the group wait is over, counted from the instant': {
    members: [firing('a'), firing('b', { at: T + 20_000 })],
    time: at(T + 30_000),
    reason: 'sent_first',
    lists: ['a', 'b'],
  },
  'tells at once what began longer ago, as after a time of rest': {
    members: [firing('a', { at: T - 9 * HOUR })],
    time: at(T),
    reason: 'sent_first',
    lists: ['a'],
  },
  'waits for an instant that is due before the group wait is over': {
    members: [firing('a')],
    terms: { groupWait: HOUR },
    time: at(T + 9 * HOUR, { before: T + HOUR }),
    reason: 'waiting',
    dueAt: T + HOUR,
  },
  'does not wait for an instant behind the group wait': {
    members: [firing('a')],
    time: at(T + 9 * HOUR, { before: T + HOUR }),
    reason: 'sent_first',
    lists: ['a'],
  },
  'has nothing to say of an alert that was over before it was told': {
    members: [resolved('a')],
    time: LATER,
    reason: 'unchanged',
  },
  'is silent while nothing changes': {
    state: told('a'),
    members: [firing('a')],
    time: LATER,
    reason: 'unchanged',
    dueAt: T + 2 * MINUTE + 4 * HOUR,
  },
  'keeps the group interval before it tells of one more': {
    state: told('a'),
    members: [firing('a'), firing('b', { at: T + MINUTE })],
    time: at(T + 5 * MINUTE),
    reason: 'waiting',
    dueAt: T + 30_000 + 5 * MINUTE,
  },
  'tells of one more when the group interval is over': {
    state: told('a'),
    members: [firing('a'), firing('b', { at: T + MINUTE })],
    time: at(T + 30_000 + 5 * MINUTE),
    reason: 'sent_changed',
    lists: ['a', 'b'],
  },
  'tells of one that is over while others fire': {
    state: told('a', 'b'),
    members: [firing('a'), resolved('b')],
    time: LATER,
    reason: 'sent_changed',
    lists: ['a', 'b'],
  },
  'tells of the end of all': {
    state: told('a'),
    members: [resolved('a')],
    time: LATER,
    reason: 'sent_resolved',
    lists: ['a'],
  },
  'says nothing of an end to those who do not want to know': {
    state: told('a'),
    members: [resolved('a')],
    terms: { sendResolved: false },
    time: LATER,
    reason: 'resolved_unsent',
  },
  'repeats itself when the repeat interval is over': {
    state: told('a'),
    members: [firing('a')],
    time: at(T + 2 * MINUTE + 4 * HOUR),
    reason: 'sent_repeat',
    lists: ['a'],
  },
  'repeats nothing while windows are missing': {
    state: told('a'),
    members: [firing('a')],
    time: at(T + 9 * HOUR, { before: T + HOUR }),
    reason: 'unchanged',
  },
  'repeats nothing while what it would repeat has not arrived': {
    state: told('a'),
    members: [firing('a')],
    terms: { waits: true },
    time: at(T + 9 * HOUR),
    reason: 'undelivered',
    dueAt: T + 13 * HOUR,
  },
  'tells of news although what came before has not arrived': {
    state: told('a'),
    members: [firing('a'), firing('b', { at: T + HOUR })],
    terms: { waits: true },
    time: LATER,
    reason: 'sent_changed',
    lists: ['a', 'b'],
  },
  'repeats nothing that was acknowledged': {
    state: told('a'),
    members: [firing('a', { acknowledged: true })],
    time: at(T + 9 * HOUR),
    reason: 'acknowledged',
  },
  'repeats all when only some of it was acknowledged': {
    state: told('a', 'b'),
    members: [firing('a', { acknowledged: true }), firing('b')],
    time: at(T + 9 * HOUR),
    reason: 'sent_repeat',
    lists: ['a', 'b'],
  },
  'tells of a change although all of it was acknowledged': {
    state: told('a'),
    members: [firing('a', { acknowledged: true }), firing('b', { acknowledged: true, at: T + HOUR })],
    time: LATER,
    reason: 'sent_changed',
    lists: ['a', 'b'],
  },
  'holds everything back in a mute time': {
    members: [firing('a')],
    terms: { muted: true },
    time: at(T + 90_000),
    reason: 'muted',
    dueAt: T + 2 * MINUTE,
  },
  'holds repeats back in a mute time': {
    state: told('a'),
    members: [firing('a')],
    terms: { muted: true },
    time: at(T + 9 * HOUR),
    reason: 'muted',
    dueAt: T + 9 * HOUR + MINUTE,
  },
  'says nothing of what is silenced': {
    members: [firing('a', { suppressed: 'silenced' })],
    time: LATER,
    reason: 'silenced',
  },
  'says nothing of what is explained': {
    members: [firing('a', { suppressed: 'inhibited' })],
    time: LATER,
    reason: 'inhibited',
  },
  'leaves what is suppressed out of a message about others': {
    members: [firing('a', { suppressed: 'inhibited' }), firing('b')],
    time: LATER,
    reason: 'sent_first',
    lists: ['b'],
  },
  'keeps the end of a told alert to itself while that is silenced': {
    state: told('a'),
    members: [resolved('a', { suppressed: 'silenced' })],
    time: LATER,
    reason: 'silenced',
  },
  'lists again what a message left out, once nothing suppresses it': {
    state: { ...told('b'), told: { a: { listed: false }, b: { listed: true } } },
    members: [firing('a'), firing('b')],
    time: LATER,
    reason: 'sent_changed',
    lists: ['a', 'b'],
  },
  'forgets what takes another route now': {
    state: told('a', 'b'),
    members: [firing('b')],
    time: LATER,
    reason: 'rerouted',
    dueAt: T + 2 * MINUTE + 4 * HOUR,
  },
};

describe('a conversation', () => {
  it.each(Object.entries(CASES))(
    '%s',
    (_, { state = NEW_CONVERSATION, members, terms, time, reason, lists, dueAt }) => {
      const step = stepConversation(state, members, { ...TERMS, ...terms }, time);
      expect(step.reason).toBe(reason);
      expect(step.message?.lists).toEqual(lists);
      if (lists === undefined) expect(step.dueAt).toBe(dueAt);
      // The same input, the same decision; and a decision that changes nothing keeps the very state.
      expect(stepConversation(state, members, { ...TERMS, ...terms }, time)).toEqual(step);
      if (!['rerouted', 'resolved_unsent', 'undelivered'].includes(reason) && lists === undefined)
        expect(step.state).toBe(state);
    },
  );

  it('remembers what it told, and what it left out of the message although it had told it before', () => {
    const members = [
      firing('a', { suppressed: 'silenced' }),
      firing('b', { at: T + HOUR }),
      resolved('c', { suppressed: 'inhibited' }),
      resolved('d'),
      firing('e', { suppressed: 'silenced' }),
    ];
    const { state } = stepConversation(told('a', 'c', 'd'), members, TERMS, LATER);
    expect(state.told).toEqual({ a: { listed: false }, b: { listed: true }, c: { listed: false } });
    expect(state.sentAt).toBe(LATER.now);
  });

  it('puts each message behind the one before on the timeline of the evaluations', () => {
    const first = stepConversation(NEW_CONVERSATION, [firing('a')], TERMS, at(T + 9 * HOUR, { horizon: T }));
    expect(first.message?.at).toBe(T + 30_000);
    // Another rule group is late: its alert fired at an instant that lies behind.
    const over = stepConversation(
      first.state,
      [resolved('a')],
      TERMS,
      at(T + 9 * HOUR, { horizon: T + HOUR }),
    );
    expect(over.message?.at).toBe(T + HOUR);
    const late = stepConversation(over.state, [firing('b')], TERMS, at(T + 9 * HOUR, { horizon: T + HOUR }));
    expect(late.message?.at).toBe(T + HOUR + 1);
  });

  it('counts the group interval from where a message stood that had been muted', () => {
    const muted = at(T + 5 * HOUR + 2 * MINUTE);
    const { state } = stepConversation(NEW_CONVERSATION, [firing('a')], TERMS, muted);
    const next = [firing('a'), firing('b', { at: T + 5 * HOUR + 3 * MINUTE })];
    expect(stepConversation(state, next, TERMS, at(T + 5 * HOUR + 4 * MINUTE))).toMatchObject({
      reason: 'waiting',
      dueAt: T + 5 * HOUR + 5 * MINUTE,
    });
  });
});
