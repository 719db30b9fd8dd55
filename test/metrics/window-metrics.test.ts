import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import { windowMetrics } from '../../src/metrics/window-metrics.ts';
import { benjaminiHochberg } from '../../src/stats/hypothesis/benjamini-hochberg.ts';
import {
  baselineOf,
  type Columns,
  eventsOf,
  expectNoValue,
  measure,
  metricValue,
  predictionWith,
  profilesOf,
} from './full-path.ts';

const random = seededRandom(11);
const normals = (count: number, shift = 0): number[] =>
  Array.from({ length: count }, () => shift + gaussian(random));

const REFERENCE: Columns = {
  still: normals(800),
  moved: normals(800),
  text: normals(800).map((x) => (x > 0 ? 'up' : 'down')),
  gone: normals(800),
  constant: normals(800).map(() => 'same'),
};
const CURRENT: Columns = {
  still: normals(300),
  moved: normals(300, 0.5),
  text: normals(300, 0.1).map((x) => (x > 0 ? 'up' : 'down')),
  gone: normals(300).map(() => null),
  constant: normals(300).map(() => 'same'),
};

describe('windowMetrics', () => {
  const metrics = measure(REFERENCE, CURRENT);
  const of = (feature: string) => metrics.get(feature)?.window ?? new Map();

  it('measures every feature, whatever becomes of the others', () => {
    const all = ['__multivariate__', 'constant', 'gone', 'moved', 'still', 'text'];
    expect([...metrics.keys()].sort()).toEqual(all);
    expect(metricValue(of('gone'), 'missing_share')).toBe(1);
    expectNoValue(of('gone'), 'psi', 'no_data');
    expectNoValue(of('constant'), 'chi2', 'undefined');
    expect(metricValue(of('constant'), 'psi')).toBe(0);
  });

  it('adjusts the p-values of all features of the window that have one', () => {
    const tested = ['still', 'moved', 'text', '__multivariate__'];
    const adjusted = benjaminiHochberg(tested.map((feature) => metricValue(of(feature), 'p_value')));
    expect(tested.map((feature) => metricValue(of(feature), 'q_value'))).toEqual(adjusted);
    expect(of('moved').get('q_value')).toMatchObject({
      n: 300,
      baselineN: 800,
      method: expect.stringMatching(/^Benjamini-Hochberg over 4 features, of 3 times the smallest/),
    });
    expect(metricValue(of('moved'), 'q_value')).toBeLessThan(0.001);
    expect(metricValue(of('still'), 'q_value')).toBeGreaterThan(0.01);
  });

  it('gives the reason of a missing p-value for the missing q_value', () => {
    expect(of('gone').get('q_value')).toMatchObject({
      metric: 'q_value',
      status: 'no_data',
      reason: 'the window has no valid value of this feature',
    });
    expectNoValue(of('constant'), 'q_value', 'undefined');
  });

  it('has the level metrics of the reference beside those of the window', () => {
    const reference = metrics.get('still')?.reference ?? new Map();
    expect(metricValue(reference, 'missing_share')).toBe(0);
    expect(reference.get('mean')).toMatchObject({ n: 800 });
    expect(reference.has('psi')).toBe(false);
  });

  it('takes the model’s outputs for a family of their own', () => {
    const rows = (count: number, shift: number) =>
      normals(count).map((x) => predictionWith({ x, y: -x }, { score: x + shift, prediction: x > 0 }));
    const baseline = baselineOf(rows(500, 0));
    const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
    const references = new Map([...baseline.features].map(([name, { reference }]) => [name, reference]));
    const measured = windowMetrics(specs, references, profilesOf(baseline, rows(400, 0.05)));
    for (const family of [
      ['x', 'y'],
      ['__prediction__', '__score__'],
    ]) {
      const results = family.map((name) => measured.get(name)?.window ?? new Map());
      const adjusted = benjaminiHochberg(results.map((result) => metricValue(result, 'p_value')));
      expect(results.map((result) => metricValue(result, 'q_value'))).toEqual(adjusted);
    }
  });

  it('takes a feature without a profile for one without events', () => {
    const baseline = baselineOf(eventsOf({ x: [1, 2, 3] }));
    const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
    const measured = windowMetrics(specs, new Map(), new Map()).get('x');
    expect(measured?.window.get('psi')).toMatchObject({
      status: 'no_data',
      reason: 'the window has no events',
    });
    expect(measured?.reference.get('mean')).toMatchObject({ status: 'no_data' });
  });
});
