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

describe('the alarms of the rules that ship', { timeout: 60_000 }, () => {
  it('are false in at most 1 % of windows over twenty features', () => {
    const sizes = [50, 200, 1000];
    const extent = { references: 4, windows: 30, publishedAt: [] };
    const { any } = falseAlarms(group, MIXED, sizes, extent, 6, () => undefined);
    const shares = sizes.map((size) => any.share(DRIFTD, String(size)) ?? Number.NaN);
    expect(mean(shares)).toBeLessThanOrEqual(0.01);
  });

  it('find what has to be found in one window of 1000', () => {
    const needed = new Map([
      ['mean + 0.2 sigma', 0.9],
      ['new category of 2 %', 0.95],
      ['missing share 0 to 5 %', 0.99],
    ]);
    const drifts = DRIFTS.filter(({ name }) => needed.has(name));
    const tallies = found(
      group,
      drifts,
      [1000],
      { references: 8, windows: 6, publishedAt: [] },
      7,
      () => undefined,
    );
    expect(tallies.size).toBe(needed.size);
    for (const [{ name }, tally] of tallies) {
      expect(tally.share(DRIFTD, '1000'), name).toBeGreaterThanOrEqual(needed.get(name) ?? 1);
    }
  });

  it('are sure of a mean that moves by 0.1 standard deviations in 5000 values, more often than KS alone', () => {
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
    const [all, ks] = [pairs.map(({ all }) => Number(all)), pairs.map(({ ks }) => Number(ks))];
    expect(mean(all)).toBeGreaterThanOrEqual(0.8);
    expect(mean(ks)).toBeLessThan(mean(all) - 0.05);
  });
});
