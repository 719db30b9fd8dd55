import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlertState,
  countsAsHeld,
  type Observation,
  step,
  type Transition,
} from '../../src/rules/alert-state.ts';
import type { FiringPolicy, Persistence } from '../../src/rules/firing-policy.ts';

const HOUR = 3_600_000;

const POLICY: FiringPolicy = {
  hold: windows(2, 3),
  clear: windows(2),
  keepFiring: 0,
  noData: 'keep',
};

function windows(needed: number, of = needed): Persistence {
  return { kind: 'windows', needed, of };
}

function hours(count: number): Persistence {
  return { kind: 'duration', length: count * HOUR };
}

/** T, F, N and G for windows in which the condition held, did not hold, could not be told, and whose subject is gone. */
const LETTERS: Readonly<Record<string, Observation>> = { T: 'true', F: 'false', N: 'no_data', G: 'gone' };

interface Walk {
  readonly phases: string;
  readonly transitions: Transition[];
}

/** The phase after each window, one an hour: `.` inactive, `p` pending, `f` firing. */
function walk(observations: Iterable<Observation>, policy: FiringPolicy, restart = false): Walk {
  let state: AlertState | undefined;
  let phases = '';
  const transitions: Transition[] = [];
  let at = 0;
  for (const observation of observations) {
    at += HOUR;
    const { state: next, transition } = step(state, observation, policy, at);
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
    ['2 means two in a row', 'TFTT', { hold: windows(2) }, 'pppf'],
    ['1 fires at once', 'FT', { hold: windows(1) }, '.f'],
    ['1/3 fires at once and is never pending', 'TFF', { hold: windows(1, 3), clear: windows(1) }, 'f..'],
    ['clean windows must come in a row', 'TTFTFF', {}, 'pffff.'],
    ['after it resolved, it starts from nothing', 'TTFFTF', {}, 'pff.pp'],
    ['no data does not shift the memory', 'TNNNT', {}, 'ppppf'],
    ['no data keeps a firing alert firing', 'TTNNNNFNF', {}, 'pfffffff.'],
    ['no data counts as clean under ok', 'TTNN', { noData: 'ok' }, 'pff.'],
    ['no data counts as met under alert', 'NN', { noData: 'alert' }, 'pf'],
    ['a subject that is gone counts as clean', 'TTGG', {}, 'pff.'],
    ['for a time means every window from its first to its last', 'TTTFTTT', { hold: hours(2) }, 'ppfffff'],
    ['a window in which it does not hold breaks the time', 'TTFTTT', { hold: hours(2) }, 'pp.ppf'],
    ['0s fires at once', 'T', { hold: hours(0) }, 'f'],
    ['time goes on over windows without data', 'TNT', { hold: hours(2) }, 'ppf'],
    ['clear for a time counts from the first clean window', 'TTFFFF', { clear: hours(2) }, 'pfff..'],
    ['clear for a time begins anew when the condition holds', 'TTFTFFF', { clear: hours(2) }, 'pfffff.'],
    ['clear 2/3 forgives one window between', 'TTFTF', { clear: windows(2, 3) }, 'pfff.'],
    ['clear 1/3 does not resolve while the condition holds', 'TFTTTF', { clear: windows(1, 3) }, 'ppfff.'],
    ['what was before it fired is no clean window', 'FTFTTF', { clear: windows(2, 3) }, '.ppfff'],
    ['keep_firing_for goes on behind the clean windows', 'TTFFFF', { keepFiring: 3 * HOUR }, 'pffff.'],
    [
      'keep_firing_for counts anew from the next clean window',
      'TTFTFF',
      { clear: windows(1), keepFiring: HOUR },
      'pffff.',
    ],
    ['keep_firing_for shorter than clear changes nothing', 'TTFF', { keepFiring: HOUR }, 'pff.'],
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
    expect(reasons('T', { hold: windows(1) })).toEqual(['inactive firing condition_met']);
    expect(reasons('TT', { hold: hours(1) })).toEqual([
      'inactive pending condition_met',
      'pending firing held_long_enough',
    ]);
    expect(reasons('T', { hold: hours(0) })).toEqual(['inactive firing condition_met']);
    expect(reasons('NN', { noData: 'alert' })).toEqual([
      'inactive pending no_data_alerts',
      'pending firing no_data_alerts',
    ]);
    expect(reasons('TTNN', { noData: 'ok' }).at(-1)).toBe('firing resolved no_data_is_ok');
    expect(reasons('TTGG').at(-1)).toBe('firing resolved subject_gone');
    expect(reasons('TGGG').at(-1)).toBe('pending inactive subject_gone');
  });

  it('copes with a policy that changed while an alert was on', () => {
    const firing: AlertState = { phase: 'firing', recent: '1111100', cleanSince: HOUR };
    expect(step(firing, 'false', { ...POLICY, clear: windows(1) }, 2 * HOUR).transition).toMatchObject({
      to: 'resolved',
    });
    expect(step(firing, 'false', { ...POLICY, clear: hours(2) }, 2 * HOUR).state).toMatchObject({
      phase: 'firing',
      recent: '0',
    });
    const pending: AlertState = { phase: 'pending', recent: '10000', cleanSince: HOUR };
    expect(step(pending, 'false', POLICY, 2 * HOUR)).toMatchObject({
      state: undefined,
      transition: { to: 'inactive' },
    });
  });
});

/** The same machine, counted by hand over the whole history since the alert became what it is. */
function naivePhases(observations: readonly Observation[], policy: FiringPolicy): string {
  let history: Array<{ readonly met: boolean; readonly at: number }> = [];
  let phase = '.';
  return observations
    .map((observation, i) => {
      const at = (i + 1) * HOUR;
      if (observation === 'no_data' && policy.noData === 'keep') return phase;
      history.push({
        met: observation === 'true' || (observation === 'no_data' && policy.noData === 'alert'),
        at,
      });
      const lasts = (met: boolean, { kind, ...wanted }: Persistence): boolean => {
        const last = history.at(-1);
        if ('needed' in wanted) {
          const window = history.slice(-wanted.of);
          return window.filter((entry) => entry.met === met).length >= wanted.needed;
        }
        const run = history.slice(history.findLastIndex((entry) => entry.met !== met) + 1);
        return last?.met === met && at - (run[0]?.at ?? at) >= wanted.length;
      };
      const run = history.slice(history.findLastIndex(({ met }) => met) + 1);
      if (phase === 'f') {
        const kept = run.length > 0 && at - (run[0]?.at ?? at) >= policy.keepFiring;
        if (kept && lasts(false, policy.clear)) phase = '.';
      } else if (lasts(true, policy.hold)) {
        phase = 'f';
        history = history.slice(-1);
      } else {
        const ofInterest =
          policy.hold.kind === 'windows' ? history.slice(-policy.hold.of) : history.slice(-1);
        phase = ofInterest.some(({ met }) => met) ? 'p' : '.';
      }
      if (phase === '.') history = [];
      return phase;
    })
    .join('');
}

const anyPersistence: fc.Arbitrary<Persistence> = fc.oneof(
  fc
    .record({ needed: fc.integer({ min: 1, max: 4 }), extra: fc.integer({ min: 0, max: 3 }) })
    .map(({ needed, extra }) => windows(needed, needed + extra)),
  fc.integer({ min: 0, max: 4 }).map(hours),
);

const anyPolicy: fc.Arbitrary<FiringPolicy> = fc.record({
  hold: anyPersistence,
  clear: anyPersistence,
  keepFiring: fc.constantFrom(0, 0, HOUR, 3 * HOUR),
  noData: fc.constantFrom('keep', 'ok', 'alert'),
});

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
    const most = (persistence: Persistence): number => (persistence.kind === 'windows' ? persistence.of : 1);
    fc.assert(
      fc.property(anyObservations, anyPolicy, (observations, policy) => {
        let state: AlertState | undefined;
        for (const [at, observation] of observations.entries()) {
          ({ state } = step(state, observation, policy, at));
          expect(state?.recent.length ?? 0).toBeLessThanOrEqual(
            Math.max(most(policy.hold), most(policy.clear)),
          );
        }
      }),
    );
  });

  it('leaves an inactive alert inactive in every window that does not count as one in which it held', () => {
    fc.assert(
      fc.property(anyObservations, anyPolicy, (observations, policy) => {
        for (const observation of observations.filter((seen) => !countsAsHeld(seen, policy))) {
          expect(step(undefined, observation, policy, 0)).toEqual({ state: undefined });
        }
      }),
    );
  });
});
