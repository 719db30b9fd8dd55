import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/rules/alert.ts';
import { compareAlerts } from '../../../src/rules/unit-test/compare-alerts.ts';
import type { ExpectedAlert } from '../../../src/rules/unit-test/rule-test.ts';

function alertOf(labels: Record<string, string>, more: Partial<Alert> = {}): Alert {
  return {
    fingerprint: JSON.stringify(labels),
    status: 'firing',
    ruleGroup: 'g',
    labels: { alertname: 'Drift', model: 'm', ...labels },
    annotations: { summary: 'it drifted' },
    values: {},
    baselineValues: {},
    window: { from: 0, to: 1 },
    since: 0,
    ...more,
  };
}

function expected(labels: Record<string, string>, more: Partial<ExpectedAlert> = {}): ExpectedAlert {
  return { alert: 'Drift', state: 'firing', labels, annotations: {}, ...more };
}

describe('compareAlerts', () => {
  it('is content when every alert that fires is expected, and every expected one is there', () => {
    const alerts = [alertOf({ feature: 'a' }), alertOf({ feature: 'b' })];
    expect(compareAlerts([expected({ feature: 'b' }), expected({ feature: 'a' })], alerts)).toEqual({
      missing: [],
      different: [],
      unexpected: [],
    });
  });

  it('lets one that says little not take what only another fits', () => {
    const alerts = [alertOf({ feature: 'a' }), alertOf({ feature: 'b' })];
    const { missing, unexpected } = compareAlerts([expected({}), expected({ feature: 'a' })], alerts);
    expect([missing, unexpected]).toEqual([[], []]);
  });

  it('names what is missing, and what fires though nobody expects it', () => {
    const other = alertOf({ feature: 'b' });
    const pending = alertOf({ feature: 'c' }, { status: 'pending' });
    expect(compareAlerts([expected({ feature: 'a' })], [other, pending])).toEqual({
      missing: [expected({ feature: 'a' })],
      different: [],
      unexpected: [other],
    });
  });

  it('says in what an alert of the same subject differs', () => {
    const found = alertOf({ feature: 'a', severity: 'warning' }, { status: 'pending' });
    const wanted = expected(
      { feature: 'a', severity: 'critical', team: 'risk' },
      { annotations: { summary: 'it is gone', runbook_url: 'x' } },
    );
    const { missing, different } = compareAlerts([wanted], [found]);
    expect(missing).toEqual([]);
    expect(different[0]?.differences).toEqual([
      { what: 'label severity', expected: 'critical', found: 'warning' },
      { what: 'label team', expected: 'risk', found: undefined },
      { what: 'state', expected: 'firing', found: 'pending' },
      { what: 'annotation summary', expected: 'it is gone', found: 'it drifted' },
      { what: 'annotation runbook_url', expected: 'x', found: undefined },
    ]);
  });
});
