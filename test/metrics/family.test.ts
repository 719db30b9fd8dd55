import { describe, expect, it } from 'vitest';
import { adjustFamily } from '../../src/metrics/family.ts';
import type { MetricResult } from '../../src/metrics/result.ts';
import type { MetricName } from '../../src/metrics/table.ts';

function windowOf(pValue: number, n: number, baselineN = 5000): Map<MetricName, MetricResult> {
  const about = { n, baselineN, method: 'test', status: 'ok' } as const;
  return new Map<MetricName, MetricResult>([
    ['p_value', { ...about, metric: 'p_value', value: pValue }],
    ['missing_share', { ...about, metric: 'missing_share', value: 0.1, pValue: pValue / 10 }],
    ['invalid_share', { ...about, metric: 'invalid_share', value: 0.1 }],
  ]);
}

describe('adjustFamily', () => {
  it('adjusts the p-values of the features, of their missing shares and of their invalid ones apart', () => {
    const family = [windowOf(0.01, 1000), windowOf(0.5, 1000)];
    adjustFamily(family);
    expect(family.map((window) => window.get('q_value'))).toMatchObject([{ value: 0.02 }, { value: 0.5 }]);
    expect(family.map((window) => window.get('missing_q_value'))).toMatchObject([
      { value: 0.002 },
      { value: 0.05 },
    ]);
    expect(family[0]?.get('invalid_q_value')).toMatchObject({
      status: 'no_data',
      reason: 'the reference has no events',
    });
  });

  it('says how small a shift the window can show', () => {
    const family = Array.from({ length: 20 }, () => windowOf(0.5, 1000));
    adjustFamily(family);
    // z at 0.01 / 60 two-sided is 3.765, at 90 % power 1.282; the effective size is 1000 * 5000 / 6000.
    expect(family[0]?.get('detectable_effect')).toMatchObject({
      value: expect.closeTo((3.7654 + 1.2816) / Math.sqrt(5000 / 6), 4),
      method: 'standardized shift with 90 % power at q < 0.01 among 20 features',
    });
  });

  it('gives no verdict on a window that could not even show a shift of one standard deviation', () => {
    const family = [windowOf(1e-9, 12), windowOf(1e-9, 40), windowOf(0.5, 40)];
    adjustFamily(family);
    for (const metric of ['p_value', 'q_value'] as const) {
      expect(family[0]?.get(metric)).toMatchObject({
        status: 'not_enough_data',
        reason:
          '12 values, and it takes 21 to find a shift of one standard deviation with 90 % power among 3 features',
      });
    }
    expect(family[1]?.get('q_value')).toMatchObject({ status: 'ok', value: 2e-9 });
  });

  it('says so when the reference is too small for any window', () => {
    const family = [windowOf(1e-9, 1_000_000, 10)];
    adjustFamily(family);
    expect(family[0]?.get('q_value')).toMatchObject({
      status: 'not_enough_data',
      reason: expect.stringMatching(/^the reference has 10 values, too few for any window to find/),
    });
  });
});
