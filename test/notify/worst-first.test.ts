import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worstFirst } from '../../src/notify/worst-first.ts';
import type { Alert } from '../../src/rules/alert.ts';
import { alertOf } from './examples.ts';

function named(feature: string, severity: string, change: Partial<Alert> = {}): Alert {
  return alertOf({ ...change, labels: { feature, severity } });
}

function features(alerts: readonly Alert[]): Array<string | undefined> {
  return alerts.map(({ labels }) => labels['feature']);
}

describe('worstFirst', () => {
  it('puts firing before resolved, critical before warning, large before small', () => {
    const alerts = [
      named('resolved', 'critical', { status: 'resolved', values: { psi: 9 } }),
      named('small', 'warning', { values: { psi: 0.2 } }),
      named('odd', 'whatever', { values: { psi: 5 } }),
      named('large', 'warning', { values: { psi: 0.4 } }),
      named('critical', 'critical', { values: { psi: 0.1 } }),
    ];
    expect(features(worstFirst(alerts))).toEqual(['critical', 'large', 'small', 'odd', 'resolved']);
  });

  it('measures a value that the baseline has too by its distance from it', () => {
    const alerts = [
      named('slightly', 'critical', { values: { accuracy: 0.9 }, baselineValues: { accuracy: 0.92 } }),
      named('badly', 'critical', { values: { accuracy: 0.6 }, baselineValues: { accuracy: 0.92 } }),
    ];
    expect(features(worstFirst(alerts))).toEqual(['badly', 'slightly']);
  });

  it('takes what says how far something went, and not how sure that is', () => {
    const alerts = [
      named('barely', 'warning', { values: { q_value: 0.009, psi: 0.11 } }),
      named('huge', 'warning', { values: { q_value: 1e-300, psi: 5 } }),
      named('big', 'warning', { values: { 'w1h.p_value': 1e-9, psi: 1 } }),
    ];
    expect(features(worstFirst(alerts))).toEqual(['huge', 'big', 'barely']);
  });

  it('gives one order, whatever order the alerts come in', () => {
    const alerts = ['a', 'b', 'c', 'd', 'e'].map((feature, index) =>
      named(feature, 'warning', { values: index < 3 ? { psi: 0.3 } : {} }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(alerts, { minLength: alerts.length }), (shuffled) => {
        expect(worstFirst(shuffled)).toEqual(worstFirst(alerts));
      }),
    );
  });
});
