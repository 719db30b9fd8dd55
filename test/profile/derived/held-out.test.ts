import { describe, expect, it } from 'vitest';
import { gaussian, type Random, seededRandom } from '../../../src/base/random.ts';
import { HeldOutCoin } from '../../../src/profile/derived/held-out-coin.ts';
import { NOTHING_DECLARED } from '../../../src/profile/feature-survey.ts';
import { kolmogorovPValue } from '../../../src/stats/hypothesis/kolmogorov-p-value.ts';
import { ksFromCells } from '../../../src/stats/hypothesis/ks-from-cells.ts';
import { baselineOf, predictionWith, profilesOf } from '../../metrics/full-path.ts';

function columnOf<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

describe('derived features without drift', () => {
  const FEATURES = 30;
  const eventOf = (random: Random) =>
    predictionWith({
      ...Object.fromEntries(Array.from({ length: FEATURES }, (_, i) => [`f${i}`, gaussian(random)])),
      t: columnOf(12, () => `w${Math.floor(2_000 * random() ** 2)}`).join(' '),
    });

  function pValue(reference: ArrayLike<number>, current: ArrayLike<number>): number {
    const ks = ksFromCells(reference, current);
    if (!ks.defined) throw new Error(ks.reason);
    const sum = (cells: ArrayLike<number>): number =>
      Array.from(cells).reduce((total, count) => total + count, 0);
    return kolmogorovPValue(ks.value, sum(reference), sum(current));
  }

  it('new rows look like those that derived features are counted on, and not like those they were fitted on', () => {
    const alarms = { heldOut: 0, fitted: 0 };
    const tested: number[] = [];
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = seededRandom(seed);
      const reference = columnOf(240, () => eventOf(random));
      const baseline = baselineOf(reference, { ...NOTHING_DECLARED, text: new Set(['t']) });
      const fresh = profilesOf(
        baseline,
        columnOf(240, () => eventOf(random)),
      );
      const coin = new HeldOutCoin();
      const fitted = profilesOf(
        baseline,
        reference.filter(() => !coin.isHeldOut()),
      );
      for (const name of ['__multivariate__', 't.unseen_word_share']) {
        const cells = fresh.get(name)?.cells ?? [];
        const p = pValue(baseline.features.get(name)?.reference.cells ?? [], cells);
        tested.push(p);
        if (p < 0.05) alarms.heldOut += 1;
        // Components are fitted with many rows for each feature, so that theirs hardly shows.
        if (name !== '__multivariate__' && pValue(fitted.get(name)?.cells ?? [], cells) < 0.05)
          alarms.fitted += 1;
      }
    }
    // Of 16 tests at 5 %, about one is to be expected, and more than four once in a thousand.
    expect(alarms.heldOut).toBeLessThanOrEqual(4);
    expect(alarms.fitted).toBe(8);
    expect(tested.filter((p) => p > 0.5).length).toBeGreaterThan(4);
  });
});
