import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere } from './recorder.ts';

/** Where real files lie; they are not part of the repository. */
const FOLDER = process.env['DRIFTD_REAL_DATA'] ?? '';
const REFERENCE = join(FOLDER, 'flight_delays_reference.csv.gz');
const CURRENT = join(FOLDER, 'flight_delays_current.csv.gz');
const isThere = FOLDER !== '' && existsSync(REFERENCE) && existsSync(CURRENT);
if (!isThere) console.warn('skipped: DRIFTD_REAL_DATA names no folder with flight_delays_*.csv.gz');

interface Report {
  readonly features: Readonly<
    Record<string, { drifted: boolean; metrics: Record<string, { value: number; p_value?: number }> }>
  >;
  readonly drifted_features: readonly string[];
}

/** A sample of the flights in the United States in 2015: January to June against July to December. */
describe.skipIf(!isThere)('flights before and after the summer of 2015', async () => {
  const ran = isThere
    ? await runHere(['compare', '--reference', REFERENCE, '--current', CURRENT, '--format', 'json'])
    : { code: 0, stdout: ['{}'] };
  const report = JSON.parse(ran.stdout[0] ?? '') as Report;
  const metric = (feature: string, name: string): number =>
    report.features[feature]?.metrics[name]?.value ?? Number.NaN;

  it('show that an airline was merged into another, and nothing else', () => {
    expect(ran.code).toBe(3);
    expect(report.drifted_features).toEqual(['AIRLINE']);
  });

  it('give the numbers that SciPy computes on the exact data', () => {
    expect(metric('AIRLINE', 'chi2')).toBeCloseTo(4409.59, 2);
    expect(metric('AIRLINE', 'js_distance')).toBeCloseTo(0.2035, 5);
    expect(metric('AIRLINE', 'hellinger')).toBeCloseTo(0.19805, 5);
    expect(metric('AIRLINE', 'l_infinity')).toBeCloseTo(0.06839, 5);
    expect(metric('AIRLINE', 'total_variation')).toBeCloseTo(0.08805, 5);
    expect(Math.abs(metric('DEPARTURE_DELAY', 'ks') - 0.04097)).toBeLessThan(0.002);
    expect(Math.abs(metric('TAXI_OUT', 'ks') - 0.009)).toBeLessThan(0.002);
  });

  it('show delays as certainly different, and not by much', () => {
    expect(metric('DEPARTURE_DELAY', 'q_value')).toBeLessThan(1e-10);
    expect(metric('DEPARTURE_DELAY', 'wasserstein_normalized')).toBeCloseTo(0.059, 3);
    expect(report.features['DEPARTURE_DELAY']?.drifted).toBe(false);
  });

  it('leave what only looks different alone', () => {
    for (const feature of ['TAXI_OUT', 'AIR_TIME', 'DISTANCE']) {
      expect(report.features[feature]?.drifted).toBe(false);
    }
  });
});
