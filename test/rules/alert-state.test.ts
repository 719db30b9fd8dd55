import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertState, type Observation, step, type Transition } from '../../src/rules/alert-state.ts';
import type { FiringPolicy } from '../../src/rules/firing-policy.ts';

const POLICY: FiringPolicy = { needed: 2, of: 3, clear: 2, noData: 'keep' };

/** T, F, N and G for windows in which the condition held, did not hold, could not be told, and whose subject is gone. */
const LETTERS: Readonly<Record<string, Observation>> = { T: 'true', F: 'false', N: 'no_data', G: 'gone' };

interface Walk {
  readonly phases: string;
  readonly transitions: Transition[];
}

/** The phase after each window: `.` inactive, `p` pending, `f` firing. */
function walk(observations: Iterable<Observation>, policy: FiringPolicy, restart = false): Walk {
  let state: AlertState | undefined;
  let phases = '';
  const transitions: Transition[] = [];
  for (const observation of observations) {
    const { state: next, transition } = step(state, observation, policy);
    state = restart && next !== undefined ? (JSON.parse(JSON.stringify(next)) as AlertState) : next;
    phases += state === undefined ? '.' : state.phase.charAt(0);
    if (transition !== undefined) transitions.push(transition);
  }
  return { phases, transitions };
}

function phases(letters: string, policy: Partial<FiringPolicy> = {}): string {
  return walk(
    [...letters].map((letter) => LETTERS[letter] as Observation),
    { ...POLICY, ...policy },
  ).phases;
}

function reasons(letters: string, policy: Partial<FiringPolicy> = {}): string[] {
  const observations = [...letters].map((letter) => LETTERS[letter] as Observation);
  return walk(observations, { ...POLICY, ...policy }).transitions.map(
    ({ from, to, reason }) => `${from} ${to} ${reason}`,
  );
}

describe('step', () => {
  it.each([
    ['one window is not enough for 2/3', 'TFFF', {}, 'ppp.'],
    ['two of three windows fire', 'TFT', {}, 'ppf'],
    ['two windows that are too far apart do not fire', 'TFFTFF', {}, 'pppppp'],
    ['2 means two in a row', 'TFTT', { needed: 2, of: 2 }, 'pppf'],
    ['1 fires at once', 'FT', { needed: 1, of: 1 }, '.f'],
    ['1/3 fires at once and is never pending', 'TFF', { needed: 1, of: 3, clear: 1 }, 'f..'],
    ['clean windows must come in a row', 'TTFTFF', {}, 'pffff.'],
    ['after it resolved, it starts from nothing', 'TTFFTF', {}, 'pff.pp'],
    ['no data does not shift the memory', 'TNNNT', {}, 'ppppf'],
    ['no data keeps a firing alert firing', 'TTNNNNFNF', {}, 'pfffffff.'],
    ['no data counts as clean under ok', 'TTNN', { noData: 'ok' }, 'pff.'],
    ['no data counts as met under alert', 'NN', { noData: 'alert' }, 'pf'],
    ['a subject that is gone counts as clean', 'TTGG', {}, 'pff.'],
  ] as const)('%s', (_, letters, policy, expected) => {
    expect(phases(letters, policy)).toBe(expected);
  });

  it('gives a reason for each change', () => {
    expect(reasons('TTFF')).toEqual([
      'inactive pending condition_met',
      'pending firing k_of_n_reached',
      'firing resolved clean',
    ]);
    expect(reasons('TFFF')).toEqual(['inactive pending condition_met', 'pending inactive gone_quiet']);
    expect(reasons('T', { needed: 1, of: 1 })).toEqual(['inactive firing condition_met']);
    expect(reasons('NN', { noData: 'alert' })).toEqual([
      'inactive pending no_data_alerts',
      'pending firing no_data_alerts',
    ]);
    expect(reasons('TTNN', { noData: 'ok' }).at(-1)).toBe('firing resolved no_data_is_ok');
    expect(reasons('TTGG').at(-1)).toBe('firing resolved subject_gone');
    expect(reasons('TGGG').at(-1)).toBe('pending inactive subject_gone');
  });

  it('copes with a policy that changed while an alert was on', () => {
    const firing: AlertState = { phase: 'firing', recent: '1111100', clean: 2 };
    expect(step(firing, 'false', { ...POLICY, clear: 1 }).transition).toMatchObject({ to: 'resolved' });
    const pending: AlertState = { phase: 'pending', recent: '10000', clean: 4 };
    expect(step(pending, 'false', POLICY)).toMatchObject({
      state: undefined,
      transition: { to: 'inactive' },
    });
  });
});

/** The same machine, counted by hand over the whole history since the alert was last inactive. */
function naivePhases(observations: readonly Observation[], policy: FiringPolicy): string {
  let history: boolean[] = [];
  let phase = '.';
  return observations
    .map((observation) => {
      if (observation === 'no_data' && policy.noData === 'keep') return phase;
      history.push(observation === 'true' || (observation === 'no_data' && policy.noData === 'alert'));
      const held = history.filter((met, i) => met && i >= history.length - policy.of).length;
      const tail = history.slice(Math.max(0, history.length - policy.clear));
      if (phase === 'f') {
        const resolved = tail.length === policy.clear && !tail.includes(true);
        phase = resolved ? '.' : 'f';
      } else if (held >= policy.needed) phase = 'f';
      else phase = held > 0 ? 'p' : '.';
      if (phase === '.') history = [];
      return phase;
    })
    .join('');
}

const anyPolicy: fc.Arbitrary<FiringPolicy> = fc
  .record({
    needed: fc.integer({ min: 1, max: 4 }),
    extra: fc.integer({ min: 0, max: 3 }),
    clear: fc.integer({ min: 1, max: 4 }),
    noData: fc.constantFrom('keep', 'ok', 'alert'),
  })
  .map(({ needed, extra, clear, noData }) => ({ needed, of: needed + extra, clear, noData }));

const anyObservations = fc.array(
  fc.oneof(
    { arbitrary: fc.constantFrom<Observation>('true', 'false'), weight: 4 },
    { arbitrary: fc.constantFrom<Observation>('no_data', 'gone'), weight: 1 },
  ),
  { maxLength: 40 },
);

describe('step, over any windows and any policy', () => {
  it('agrees with counting the whole history', () => {
    fc.assert(
      fc.property(anyObservations, anyPolicy, (observations, policy) => {
        expect(walk(observations, policy).phases).toBe(naivePhases(observations, policy));
      }),
      { numRuns: 1000 },
    );
  });

  it('goes on after a restart at every window as if there had been none', () => {
    fc.assert(
      fc.property(anyObservations, anyPolicy, (observations, policy) => {
        expect(walk(observations, policy, true)).toEqual(walk(observations, policy));
      }),
    );
  });

  it('never resolves what did not fire, and changes only from where it stands', () => {
    fc.assert(
      fc.property(anyObservations, anyPolicy, (observations, policy) => {
        let at: string = 'inactive';
        for (const { from, to } of walk(observations, policy).transitions) {
          expect(from).toBe(at);
          expect(to).not.toBe(from);
          if (to === 'resolved') expect(from).toBe('firing');
          at = to === 'resolved' ? 'inactive' : to;
        }
      }),
    );
  });

  it('remembers no more windows than the rule looks at', () => {
    fc.assert(
      fc.property(anyObservations, anyPolicy, (observations, policy) => {
        let state: AlertState | undefined;
        for (const observation of observations) {
          ({ state } = step(state, observation, policy));
          expect(state?.recent.length ?? 0).toBeLessThanOrEqual(policy.of);
        }
      }),
    );
  });
});
