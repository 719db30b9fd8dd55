import { expect, it } from 'vitest';
import type { AlertMarks } from '../../src/notify/alert-marks.ts';
import type { DispatchDecision } from '../../src/notify/dispatch.ts';
import { toldAgain } from '../../src/pipeline/told-again.ts';
import { alertOf } from '../notify/examples.ts';

const INTEGRATION = 'team/alertmanager/0';

function decision(alerts: readonly string[], change: Partial<DispatchDecision> = {}): DispatchDecision {
  return {
    groupKey: '{}:{}',
    groupLabels: {},
    receiver: INTEGRATION,
    reason: 'unchanged',
    mutedBy: [],
    alerts,
    dueAt: undefined,
    ...change,
  };
}

it('tells again what fires and is routed there, and nothing that is held back', () => {
  const names = ['firing', 'pending', 'elsewhere', 'muted', 'silenced', 'inhibited', 'acknowledged'];
  const alerts = names.map((fingerprint) =>
    alertOf({ fingerprint, status: fingerprint === 'pending' ? 'pending' : 'firing' }),
  );
  const nothing: AlertMarks = { silencedBy: [], inhibitedBy: [], acknowledgedBy: [] };
  const told = toldAgain(INTEGRATION, alerts, {
    marks: new Map([
      ['firing', nothing],
      ['silenced', { ...nothing, silencedBy: ['s1'] }],
      ['inhibited', { ...nothing, inhibitedBy: ['firing'] }],
      // Somebody works on it; it is not over for that.
      ['acknowledged', { ...nothing, acknowledgedBy: ['a1'] }],
    ]),
    decisions: [
      decision(['firing', 'pending', 'silenced', 'inhibited', 'acknowledged', 'gone']),
      decision(['elsewhere'], { receiver: 'team/slack/0' }),
      decision(['muted'], { mutedBy: ['weekends'] }),
    ],
  });
  expect(told.map(({ fingerprint }) => fingerprint)).toEqual(['firing', 'acknowledged']);
});
