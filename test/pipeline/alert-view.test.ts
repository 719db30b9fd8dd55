import { describe, expect, it } from 'vitest';
import type { DispatchDecision } from '../../src/notify/dispatch.ts';
import { alertViews } from '../../src/pipeline/alert-view.ts';
import { alertOf } from '../notify/examples.ts';

const free = { silencedBy: [], inhibitedBy: [], acknowledgedBy: [] };

function decision(change: Partial<DispatchDecision>): DispatchDecision {
  const about = {
    groupKey: '{}:{}',
    groupLabels: {},
    receiver: 'team/slack/0',
    reason: 'unchanged',
  } as const;
  return { ...about, mutedBy: [], alerts: [], dueAt: undefined, ...change };
}

describe('alertViews', () => {
  it.each([
    ['active', {}, []],
    ['active', { acknowledgedBy: ['a1'] }, []],
    ['suppressed', { silencedBy: ['s1'] }, []],
    ['suppressed', { inhibitedBy: ['f2'] }, []],
    ['suppressed', {}, ['nights']],
  ] as const)('calls an alert %s with %j and muted by %j', (state, marks, mutedBy) => {
    const alert = alertOf();
    const decisions = [
      decision({ alerts: [alert.fingerprint], mutedBy }),
      decision({ alerts: ['another'], mutedBy: ['weekends'] }),
    ];
    const dispatched = { marks: new Map([[alert.fingerprint, { ...free, ...marks }]]), decisions };
    expect(alertViews([alert], dispatched)).toEqual([{ ...alert, ...free, ...marks, state, mutedBy }]);
  });

  it('calls an alert that is pending unprocessed', () => {
    const pending = alertOf({ status: 'pending' });
    expect(alertViews([pending], { marks: new Map(), decisions: [] })).toMatchObject([
      { state: 'unprocessed', ...free },
    ]);
  });
});
