import { mean } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { normal } from '../../bench/detection/draw.ts';
import { DRIFTS } from '../../bench/detection/drift.ts';
import { Driftd, shippedFeatureRules } from '../../bench/detection/driftd.ts';
import { DRIFTD, falseAlarms } from '../../bench/detection/false-alarms.ts';
import { found } from '../../bench/detection/found.ts';
import { drawColumn, MIXED, type Source } from '../../bench/detection/source.ts';
import { seededRandom } from '../../src/base/random.ts';

/** The benchmark `detection` in small: same path from raw values to alarms, fewer windows, fixed seeds. */
const group = shippedFeatureRules();

/** The share of windows of 1000 values in which a drift is found. */
function foundAt(name: string, references: number, windows: number): number {
  const drift = DRIFTS.find((candidate) => candidate.name === name);
  if (drift === undefined) throw new Error(`no drift ${name}`);
  const tallies = found(group, [drift], [1000], { references, windows }, 7, () => undefined);
  return tallies.get(drift)?.share(DRIFTD, '1000') ?? Number.NaN;
}

describe('the alarms of the rules that ship', { timeout: 60_000 }, () => {
  it('are false in at most 1 % of windows over twenty features', () => {
    const sizes = [50, 200, 1000];
    const { any } = falseAlarms(
      group,
      MIXED,
      sizes,
      { references: 4, windows: 30, driftdAlone: true },
      6,
      () => undefined,
    );
    const shares = sizes.map((size) => any.share(DRIFTD, String(size)) ?? Number.NaN);
    expect(mean(shares)).toBeLessThanOrEqual(0.01);
  });

  it('find a mean that moves by 0.2 standard deviations in nine of ten windows of 1000', () => {
    expect(foundAt('mean + 0.2 sigma', 10, 4)).toBeGreaterThanOrEqual(0.9);
  });

  it('find a new category of 2 % in 95 % of windows of 1000', () => {
    expect(foundAt('new category of 2 %', 3, 15)).toBeGreaterThanOrEqual(0.95);
  });

  it('find a missing share that goes from 0 to 5 % in 99 % of windows of 1000', () => {
    expect(foundAt('missing share 0 to 5 %', 3, 15)).toBeGreaterThanOrEqual(0.99);
  });

  it('are sure of a mean that moves by 0.1 standard deviations in 5000 values, as KS alone is not', () => {
    const random = seededRandom(8);
    const [source] = MIXED as readonly [Source];
    const pairs = Array.from({ length: 400 }, () => {
      const driftd = new Driftd(group, [source], [drawColumn(source, 5000, random)], (row) => row);
      const moved = drawColumn({ ...source, draw: normal(0.1, 1) }, 5000, random);
      const [subject] = driftd.subjects(driftd.profiles([moved]), { from: 0, to: 5000 });
      const [p, ks] = (['p_value', 'ks'] as const).map((metric) => subject?.metrics.get(metric));
      // The only one of twenty features that drifts: Benjamini and Hochberg's q-value is at most 20 times its p-value.
      return {
        all: p?.status === 'ok' && 20 * p.value < 0.01,
        ks: ks?.status === 'ok' && 20 * (ks.pValue ?? 1) < 0.01,
      };
    });
    expect(mean(pairs.map(({ all }) => Number(all)))).toBeGreaterThanOrEqual(0.8);
    expect(mean(pairs.map(({ ks }) => Number(ks)))).toBeLessThan(0.8);
  });
});
