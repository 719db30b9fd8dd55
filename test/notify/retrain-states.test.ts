import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  busyUntil,
  isOpen,
  mayFollow,
  precedes,
  RETRAIN_STATES,
  type RetrainState,
  type RetrainStep,
  stateAfter,
} from '../../src/notify/retrain-states.ts';

function steps(...states: RetrainState[]): RetrainStep[] {
  return states.map((state, i) => ({ state, at: 100 + i, reason: '' }));
}

const anyState = fc.constantFrom(...RETRAIN_STATES);

/** What somebody says, one after another; what may not follow is refused, and what is known changes nothing. */
function told(sayings: readonly RetrainState[], first: RetrainState): RetrainStep[] {
  const known = steps(first);
  for (const [i, state] of sayings.entries()) {
    const isKnown = known.some((step) => step.state === state);
    if (!isKnown && mayFollow(stateAfter(known), state)) known.push({ state, at: 200 + i, reason: '' });
  }
  return known;
}

describe('the states of a request', () => {
  it('are gone through in order, each at most once, and an end is an end', () => {
    fc.assert(
      fc.property(
        fc.array(anyState, { maxLength: 30 }),
        fc.constantFrom('suggested', 'requested'),
        (sayings, first) => {
          const known = told(sayings, first as RetrainState);
          const states = known.map(({ state }) => state);
          // What is heard of again stands as far as it came before.
          const heardAgain = states.includes('timed_out') && states.at(-1) === 'accepted';
          expect(stateAfter(known)).toBe(
            heardAgain && states.includes('running') ? 'running' : states.at(-1),
          );
          const end = states.findIndex((state) => ['cancelled', 'failed', 'succeeded'].includes(state));
          if (end >= 0) expect(states.slice(end + 1).filter((state) => state !== 'compared')).toEqual([]);
        },
      ),
    );
  });

  it('do not depend on the order in which they are read', () => {
    fc.assert(
      fc.property(
        fc.array(anyState, { maxLength: 20 }).chain((sayings) => {
          const known = told(sayings, 'requested');
          return fc.tuple(fc.constant(known), fc.shuffledSubarray(known, { minLength: known.length }));
        }),
        ([known, shuffled]) => {
          expect(stateAfter(shuffled)).toBe(stateAfter(known));
        },
      ),
    );
  });

  it('take what the target says for later than what is recorded later', () => {
    const early = { state: 'accepted', at: 90, reason: '' } as const;
    expect(stateAfter([early, ...steps('requested', 'sent')])).toBe('accepted');
    expect(mayFollow('accepted', 'sent')).toBe(false);
  });

  it('have the end that came first when two were told at once', () => {
    expect(stateAfter(steps('requested', 'failed', 'succeeded'))).toBe('failed');
    expect(stateAfter(steps('requested', 'succeeded', 'cancelled', 'compared'))).toBe('compared');
    expect(stateAfter(steps('requested', 'cancelled', 'succeeded', 'compared'))).toBe('cancelled');
  });

  it.each([
    ['suggested', 'accepted', false],
    ['suggested', 'cancelled', true],
    ['undelivered', 'sent', true],
    ['timed_out', 'running', true],
    ['timed_out', 'sent', false],
    ['timed_out', 'succeeded', true],
    ['failed', 'succeeded', false],
    ['running', 'accepted', false],
    ['sent', 'succeeded', true],
    ['cancelled', 'requested', false],
  ] as const)('of %s may become %s: %s', (now, next, may) => {
    expect(mayFollow(now, next)).toBe(may);
  });

  it('are over when nothing can follow', () => {
    expect(RETRAIN_STATES.filter((state) => !isOpen(state))).toEqual(['cancelled', 'failed', 'compared']);
  });
});

describe('a request that timed out', () => {
  const silent = steps('requested', 'sent', 'accepted', 'timed_out');

  it('stands where it stood when it is heard of again', () => {
    expect(stateAfter(silent)).toBe('timed_out');
    expect(stateAfter([...silent, { state: 'running', at: 104, reason: '' }])).toBe('running');
    const late = [...steps('requested', 'running', 'timed_out'), { state: 'accepted', at: 900, reason: '' }];
    expect(stateAfter(late as RetrainStep[])).toBe('running');
  });

  it('keeps others from being made again, from then on', () => {
    expect(busyUntil(7, silent, 1_000)).toBeUndefined();
    expect(busyUntil(7, [...silent, { state: 'running', at: 5_000, reason: '' }], 1_000)).toBe(6_000);
  });
});

describe('busyUntil', () => {
  it('is no time while a request waits to be sent: the outbox ends that', () => {
    expect(busyUntil(7, steps('requested'), 1_000)).toBe(Number.POSITIVE_INFINITY);
    expect(busyUntil(7, steps('suggested', 'requested'), 1_000)).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts from when the request was sent or its target was heard of last', () => {
    expect(busyUntil(7, steps('requested', 'sent'), 1_000)).toBe(1_101);
    expect(busyUntil(7, steps('requested', 'sent', 'running'), 1_000)).toBe(1_102);
    expect(busyUntil(7, [], 1_000)).toBe(1_007);
  });

  it('is undefined for what is over, or was not begun', () => {
    expect(busyUntil(7, steps('suggested'), 1_000)).toBeUndefined();
    for (const end of ['undelivered', 'timed_out', 'cancelled', 'failed', 'succeeded'] as const)
      expect(busyUntil(7, steps('requested', end), 1_000)).toBeUndefined();
  });
});

describe('precedes', () => {
  it('says which state is earlier on the way', () => {
    expect(precedes('accepted', 'running')).toBe(true);
    expect(precedes('running', 'running')).toBe(false);
    expect(precedes('failed', 'running')).toBe(false);
  });
});
