import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateCondition } from '../../src/rules/evaluate-condition.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { Measurements } from '../../src/rules/measurements.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { fisherExact } from '../../src/stats/hypothesis/fisher-exact.ts';
import { measurements } from './measurements.ts';

const FILE = join(import.meta.dirname, '../../rules/default.yaml');
const { groups, faults } = loadRules([{ file: FILE, text: readFileSync(FILE, 'utf8') }], {
  retrainTargets: [],
});

function rule(alert: string): Rule {
  const found = groups.flatMap(({ rules }) => rules).find((candidate) => candidate.alert === alert);
  if (found === undefined) throw new Error(`no rule ${alert}`);
  return found;
}

function holds(alert: string, given: Measurements): boolean {
  return evaluateCondition(rule(alert).condition, given).outcome === 'true';
}

type Share = 'missing_share' | 'invalid_share' | 'unseen_share' | 'accuracy';

/** One feature of twenty, where the others show nothing: its q-value is at most twenty times its p-value. */
const FEATURES = 20;

function share(metric: Share, value: number, n: number, reference: number, baselineN = 5000): Measurements {
  const p = fisherExact(Math.round(value * n), n, Math.round(reference * baselineN), baselineN);
  const q = Math.min(1, FEATURES * p);
  return measurements(
    {
      [metric]: { value, n, baselineN: 0 },
      labelled: { value: n, n },
      missing_q_value: q,
      invalid_q_value: q,
      unseen_q_value: q,
    },
    { [metric]: { value: reference, n: baselineN }, singleton_share: { value: 0, n: baselineN } },
  );
}

/**
 * The chance that a rule's condition holds in one window of `n` events although nothing has changed and each event
 * counts with probability `p`: the binomial probabilities of all counts for which it holds, added up.
 */
function chanceOfFalseAlarm(alert: string, metric: Share, n: number, p: number): number {
  let logProbability = n * Math.log1p(-p);
  let chance = 0;
  for (let count = 0; count <= n; count += 1) {
    if (holds(alert, share(metric, count / n, n, p))) chance += Math.exp(logProbability);
    logProbability += Math.log((n - count) / (count + 1)) + Math.log(p / (1 - p));
  }
  return chance;
}

describe('the rules that ship', () => {
  it('have no faults', () => {
    expect(faults).toEqual([]);
    expect(groups.map(({ name }) => name)).toEqual(['inputs', 'performance', 'liveness']);
  });

  it.each(['FeatureDrift', 'PredictionDrift'])('want a shift to be big and sure for %s', (alert) => {
    const shift = (psi: number, effect: number, q: number): Measurements =>
      measurements({ psi_adjusted: psi, effect_size: effect, q_value: q });
    expect(holds(alert, shift(0.2, 0.05, 0.001))).toBe(true);
    expect(holds(alert, shift(0.02, 0.15, 0.001))).toBe(true);
    expect(holds(alert, shift(0.2, 0.2, 0.05))).toBe(false);
    expect(holds(alert, shift(0.05, 0.08, 1e-9))).toBe(false);
  });

  it.each(['FeatureDrift', 'PredictionDrift'])(
    'take what the baseline does by itself for no news in %s',
    (alert) => {
      const shift = (psi: number, effect: number): Measurements => ({
        ...measurements({ psi_adjusted: psi, effect_size: effect, q_value: 1e-9 }),
        natural: new Map([
          ['psi_adjusted', 0.3],
          ['effect_size', 0.5],
        ]),
      });
      expect(holds(alert, shift(0.25, 0.4))).toBe(false);
      expect(holds(alert, shift(0.35, 0.4))).toBe(true);
      expect(holds(alert, shift(0.25, 0.6))).toBe(true);
    },
  );

  it('see a new category once a handful of events have it', () => {
    expect(holds('NewCategory', share('unseen_share', 0.02, 1000, 0))).toBe(true);
    expect(holds('NewCategory', share('unseen_share', 0.02, 50, 0))).toBe(false);
    expect(holds('NewCategory', share('unseen_share', 0.001, 100_000, 0))).toBe(false);
    // Where one value in a hundred is the only one of its category, new ones are no news.
    const rare = measurements(
      { unseen_share: { value: 0.015, n: 5_000, baselineN: 0 }, unseen_q_value: 1e-9 },
      { singleton_share: 0.01 },
    );
    expect(holds('NewCategory', rare)).toBe(false);
  });

  it.each([
    ['MissingValues', 'missing_share'],
    ['InvalidValues', 'invalid_share'],
  ] as const)('see what matters for %s, also in small windows', (alert, metric) => {
    expect(holds(alert, share(metric, 1, 50, 0))).toBe(true);
    expect(holds(alert, share(metric, 0.4, 100, 0.02))).toBe(true);
    expect(holds(alert, share(metric, 0.12, 5000, 0.05))).toBe(true);
    expect(holds(alert, share(metric, 1, 20, 0))).toBe(true);
    expect(holds(alert, share(metric, 0.05, 1000, 0))).toBe(true);
    expect(holds(alert, share(metric, 0.02, 50, 0))).toBe(false);
    expect(holds(alert, share(metric, 0.06, 50, 0.02))).toBe(false);
    expect(holds(alert, share(metric, 0.005, 100_000, 0))).toBe(false);
  });

  it('see a fall of accuracy that is more than chance', () => {
    expect(holds('AccuracyDrop', share('accuracy', 0.8, 1000, 0.9))).toBe(true);
    expect(holds('AccuracyDrop', share('accuracy', 0.86, 10_000, 0.9))).toBe(false);
    expect(holds('AccuracyDrop', share('accuracy', 0.8, 150, 0.9))).toBe(false);
    expect(holds('AccuracyDrop', share('accuracy', 0.84, 200, 0.9))).toBe(false);
  });

  it('hear silence', () => {
    expect(holds('NoPredictions', measurements({ predictions: 0 }))).toBe(true);
    expect(holds('NoPredictions', measurements({ predictions: 1 }))).toBe(false);
  });

  // Each of these rules wants two windows, so the chance of a false alert is about that of a window, squared.
  it.each([20, 50, 200, 1000, 5000])('are quiet in windows of %d events when nothing has changed', (n) => {
    for (const p of [1e-6, 0.02, 0.2, 0.5, 0.9]) {
      expect(chanceOfFalseAlarm('MissingValues', 'missing_share', n, p)).toBeLessThan(0.001);
      expect(chanceOfFalseAlarm('InvalidValues', 'invalid_share', n, p)).toBeLessThan(0.001);
    }
    for (const p of [0.1, 0.3, 0.5, 0.7, 0.95]) {
      expect(chanceOfFalseAlarm('AccuracyDrop', 'accuracy', n, p)).toBeLessThan(0.002);
    }
    expect(chanceOfFalseAlarm('NewCategory', 'unseen_share', n, 0.0005)).toBeLessThan(0.001);
  });
});
