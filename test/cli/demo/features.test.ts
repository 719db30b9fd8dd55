import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { FEATURES, type FeatureValue, featurePosition } from '../../../src/cli/demo/features.ts';

const COUNT = 20_000;
const random = seededRandom(9);
const rows: FeatureValue[][] = Array.from({ length: COUNT }, () =>
  FEATURES.map(([, draw]) => draw(random, 0)),
);

function column(name: string): FeatureValue[] {
  const position = featurePosition(name);
  return rows.map((row) => row[position] ?? null);
}

function share(name: string, test: (value: FeatureValue) => boolean): number {
  return column(name).filter(test).length / COUNT;
}

function numbers(name: string): number[] {
  return column(name).filter((value) => typeof value === 'number');
}

describe('the features of the demo', () => {
  it('are more than 22, each under a name of its own', () => {
    expect(FEATURES.length).toBeGreaterThanOrEqual(22);
    expect(new Set(FEATURES.map(([name]) => name)).size).toBe(FEATURES.length);
  });

  it('are missing where real ones are', () => {
    const missing = (value: FeatureValue): boolean => value === null;
    expect(share('age', missing)).toBeCloseTo(0.08, 1);
    expect(share('employer_score', missing)).toBeCloseTo(0.4, 1);
    const others = FEATURES.map(([name]) => name).filter(
      (name) => name !== 'age' && name !== 'employer_score',
    );
    for (const name of others) expect(share(name, missing), name).toBe(0);
  });

  it('have 3, 12 and 60 categories', () => {
    const levels = ['channel', 'merchant_category', 'country'].map((name) => new Set(column(name)).size);
    expect(levels).toEqual([3, 12, 60]);
  });

  it('have a share of Brazil that makes a difference', () => {
    expect(share('country', (value) => value === 'BR')).toBeGreaterThan(0.18);
  });

  it('keep to their shapes', () => {
    expect(new Set(column('schema_version'))).toEqual(new Set([3]));
    expect(new Set(column('instalments'))).toEqual(new Set([1, 3, 6, 12, 24]));
    expect(share('discount', (value) => value === 0)).toBeGreaterThan(0.69);
    for (const name of ['device_risk', 'ip_risk']) {
      expect(Math.min(...numbers(name)), name).toBeGreaterThanOrEqual(0);
      expect(Math.max(...numbers(name)), name).toBeLessThanOrEqual(1);
    }
    expect(Math.min(...numbers('account_created_ms'))).toBeGreaterThan(1e12);
    expect(Math.max(...numbers('fee_rate'))).toBeLessThan(1e-5);
    expect(numbers('attempts_24h').every(Number.isInteger)).toBe(true);
    expect(Math.max(...numbers('balance_change'))).toBeGreaterThan(1_000);
  });
});
