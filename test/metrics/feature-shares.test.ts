import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featureShares, type JudgedFeature } from '../../src/metrics/feature-shares.ts';
import type { MetricName } from '../../src/metrics/table.ts';
import { evaluateCondition } from '../../src/rules/evaluate-condition.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { measurements, results } from '../rules/measurements.ts';

type Numbers = Partial<Record<MetricName, number | 'no_data' | 'not_enough_data'>>;

function judged(metrics: Numbers, baseline: Numbers = {}, natural: Numbers = {}): JudgedFeature {
  return {
    metrics: results(metrics),
    baselineMetrics: results(baseline),
    natural: new Map(Object.entries(natural) as Array<[MetricName, number]>),
  };
}

function sharesOf(...features: JudgedFeature[]): Record<string, number | string> {
  return Object.fromEntries(
    featureShares(features).map((result) => [
      result.metric,
      result.status === 'ok' ? result.value : result.reason,
    ]),
  );
}

const CALM = { q_value: 0.5, psi_adjusted: 0.3, effect_size: 0, missing_share: 0, invalid_share: 0 };

describe('featureShares', () => {
  it('counts the features that drifted among those with a verdict', () => {
    const large = { q_value: 1e-6, psi_adjusted: 0.2 };
    expect(
      sharesOf(
        judged(CALM),
        judged(large),
        judged({ q_value: 1e-6, psi_adjusted: 0, effect_size: 0.11 }),
        judged(large, {}, { psi_adjusted: 0.25 }),
        judged({ ...large, q_value: 'not_enough_data' }),
      ),
    ).toMatchObject({ features: 4, drifted_features: 2, drifted_share: 0.5 });
  });

  it('counts the features that lost values', () => {
    const lost = { missing_share: 0.1, missing_q_value: 1e-9, invalid_share: 0 };
    expect(
      sharesOf(
        judged({ ...CALM, ...lost }, { missing_share: 0 }),
        judged({ ...CALM, ...lost }, { missing_share: 0.09 }),
        judged({ ...CALM, ...lost }, { missing_share: 0 }, { missing_share: 0.2 }),
        judged(
          { ...CALM, invalid_share: 0.02, invalid_q_value: 1e-9 },
          { missing_share: 0, invalid_share: 0 },
        ),
      ),
    ).toMatchObject({ degraded_features: 2, degraded_share: 0.5 });
  });

  it('has no share where nothing can be judged, and says why', () => {
    expect(sharesOf(judged({ q_value: 'no_data', missing_share: 'no_data' }))).toEqual({
      features: 0,
      drifted_features: 0,
      drifted_share: 'no feature has a q_value',
      degraded_features: 0,
      degraded_share: 'no feature has any events',
    });
  });

  it('sees what the rules that ship see', () => {
    const file = join(import.meta.dirname, '../../rules/default.yaml');
    const { groups } = loadRules([{ file, text: readFileSync(file, 'utf8') }], {});
    const rules = groups.flatMap((group) => group.rules);
    const named = (alert: string) => rules.find((rule) => rule.alert === alert)?.condition;
    const number = fc.constantFrom(0, 1e-6, 0.005, 0.01, 0.02, 0.05, 0.1, 0.11, 0.2, 0.5);
    const numbers = (...names: MetricName[]) =>
      fc.record(Object.fromEntries(names.map((name) => [name, number]))) as fc.Arbitrary<Numbers>;
    fc.assert(
      fc.property(
        numbers(
          'q_value',
          'psi_adjusted',
          'effect_size',
          'missing_share',
          'missing_q_value',
          'invalid_share',
          'invalid_q_value',
        ),
        numbers('missing_share', 'invalid_share'),
        numbers('psi_adjusted', 'effect_size', 'missing_share', 'invalid_share'),
        (metrics, baseline, natural) => {
          const feature = judged(metrics, baseline, natural);
          const subject = measurements(
            metrics as Record<string, number>,
            baseline as Record<string, number>,
            {
              natural: feature.natural,
            },
          );
          const holds = (alert: string) => {
            const condition = named(alert);
            return condition !== undefined && evaluateCondition(condition, subject).outcome === 'true';
          };
          const shares = sharesOf(feature);
          expect(shares['drifted_share']).toBe(Number(holds('FeatureDrift')));
          expect(shares['degraded_share']).toBe(Number(holds('MissingValues') || holds('InvalidValues')));
        },
      ),
    );
  });
});
