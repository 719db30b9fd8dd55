import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  busySince,
  isOpen,
  mayFollow,
  RETRAIN_STATES,
  type RetrainState,
  type RetrainStep,
  stateAfter,
} from '../../src/notify/retrain-states.ts';

function steps(...states: RetrainState[]): RetrainStep[] {
  return states.map((state, i) => ({ state, at: 100 + i, reason: '' }));
}

const anyState = fc.constantFrom(...RETRAIN_STATES);

/** What somebody says, one after another; what may not follow is refused. */
function told(sayings: readonly RetrainState[], first: RetrainState): RetrainStep[] {
  const known = steps(first);
  for (const [i, state] of sayings.entries()) {
    if (mayFollow(stateAfter(known), state)) known.push({ state, at: 200 + i, reason: '' });
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
          expect(new Set(states).size).toBe(states.length);
          expect(stateAfter(known)).toBe(states.at(-1));
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
    ['timed_out', 'running', false],
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

describe('busySince', () => {
  it('is the instant of the request while it is at work', () => {
    expect(busySince(7, steps('requested'))).toBe(7);
    expect(busySince(7, steps('requested', 'sent', 'running'))).toBe(7);
    for (const end of ['undelivered', 'timed_out', 'cancelled', 'failed', 'succeeded'] as const)
      expect(busySince(7, steps('requested', end))).toBeUndefined();
  });

  it('is the approval of one that was suggested', () => {
    expect(busySince(7, steps('suggested'))).toBeUndefined();
    expect(busySince(7, steps('suggested', 'requested'))).toBe(101);
  });
});
