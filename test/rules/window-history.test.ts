import fc from 'fast-check';
import { expect, it } from 'vitest';
import { step } from '../../src/rules/alert-state.ts';
import type { FiringPolicy } from '../../src/rules/firing-policy.ts';
import {
  appended,
  corrected,
  type Sign,
  signAt,
  stateAfter,
  type WindowHistory,
} from '../../src/rules/window-history.ts';

const HOUR = 3_600_000;
const NO_HISTORY: WindowHistory = { instants: [], signs: {}, before: {}, rules: {} };
const policy: fc.Arbitrary<FiringPolicy> = fc.record({
  hold: fc.constantFrom(
    { kind: 'windows', needed: 1, of: 1 } as const,
    { kind: 'windows', needed: 2, of: 3 } as const,
    { kind: 'duration', length: 2 * HOUR } as const,
  ),
  clear: fc.constantFrom(
    { kind: 'windows', needed: 1, of: 1 } as const,
    { kind: 'windows', needed: 2, of: 2 } as const,
  ),
  keepFiring: fc.constantFrom(0, 2 * HOUR),
  noData: fc.constantFrom('keep' as const, 'ok' as const, 'alert' as const),
});
const sign = fc.constantFrom<Sign>('1', '0', '-', '~', 'x', '.');

/** What the alert machine says of these signs, one after the other. */
function plainly(signs: readonly Sign[], rule: FiringPolicy) {
  const means = { '1': 'true', '0': 'false', '-': 'no_data', '~': 'no_data', x: 'gone' } as const;
  return signs.reduce<ReturnType<typeof step>['state']>((state, one, i) => {
    if (one === '.') return state;
    return step(state, means[one], one === '~' ? { ...rule, noData: 'keep' } : rule, i * HOUR).state;
  }, undefined);
}

it('an alert is what its windows say in the end, in whatever order that became known, and however few are kept', () => {
  fc.assert(
    fc.property(
      policy,
      fc.array(fc.tuple(sign, sign), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.infiniteStream(fc.nat()),
      (rule, windows, kept, places) => {
        let history: WindowHistory = NO_HISTORY;
        const last: Sign[] = [];
        const open = windows.map((_, i) => i);
        for (const [i, [first]] of windows.entries()) {
          const keepFrom = (i - kept) * HOUR;
          history = appended(
            history,
            i * HOUR,
            new Map([['a', { sign: first, rule: 'r' }]]),
            keepFrom,
            () => rule,
          );
          last.push(first);
          // A window that is still kept turns out to be otherwise.
          const place = open[(places.next().value ?? 0) % (i + 1)] as number;
          const second = (windows[place] as [Sign, Sign])[1];
          if (signAt(history, 'a', place * HOUR) === undefined) continue;
          history = corrected(history, place * HOUR, new Map([['a', second]]));
          last[place] = second;
          history = JSON.parse(JSON.stringify(history)) as WindowHistory;
        }
        expect(stateAfter(history, 'a', rule)).toEqual(plainly(last, rule));
        expect(history.instants.length).toBeLessThanOrEqual(kept + 1);
      },
    ),
    { numRuns: 500 },
  );
});

it('alerts whose rule is gone are forgotten, and instants that are not kept cannot be corrected', () => {
  const known = appended(NO_HISTORY, 0, new Map([['a', { sign: '1', rule: 'gone' }]]), 0, () => undefined);
  expect(known).toEqual({ instants: [0], signs: {}, before: {}, rules: {} });
  expect(corrected(known, 5, new Map([['a', '0' as const]]))).toBe(known);
});

it('of too many alerts those are forgotten that never were on, the ones first that were not seen for longest', () => {
  const steady: FiringPolicy = {
    hold: { kind: 'windows', needed: 1, of: 1 },
    clear: { kind: 'windows', needed: 1, of: 1 },
    keepFiring: 0,
    noData: 'keep',
  };
  let history = NO_HISTORY;
  const windows: ReadonlyArray<Readonly<Record<string, Sign>>> = [
    { fired: '1', old: '0', steady: '0' },
    { fired: '0', steady: '0', young: '-' },
    { steady: '0', newest: '0' },
  ];
  for (const [i, signs] of windows.entries()) {
    const seen = new Map(Object.entries(signs).map(([key, one]) => [key, { sign: one, rule: 'r' }]));
    history = appended(history, i * HOUR, seen, 0, () => steady, 3);
  }
  expect(history.signs).toEqual({ fired: '10.', steady: '000', newest: '..0' });
  expect(Object.keys(history.rules).sort()).toEqual(['fired', 'newest', 'steady']);
});
