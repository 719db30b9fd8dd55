import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import { naturalSpreads } from '../../src/metrics/natural-variability.ts';
import { baselineFromSample } from '../../src/pipeline/baseline-from-sample.ts';
import { referencePerformance } from '../../src/pipeline/reference-performance.ts';
import { Turns } from '../../src/pipeline/turns.ts';
import { writeBaseline } from '../../src/profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../../src/profile/baseline-builder.ts';
import { predictionWith } from '../metrics/full-path.ts';
import { MINUTE, MORNING } from '../support/events.ts';
import { POLICY } from '../support/open-chunks.ts';
import { pagesOf } from './sample-pages.ts';

const random = seededRandom(1);
const SAMPLE = Array.from({ length: 600 }, (_, i) =>
  predictionWith(
    {
      amount: gaussian(random),
      balance: i % 9 === 0 ? null : gaussian(random),
      country: i % 3 === 0 ? 'DE' : 'FR',
      vector: [gaussian(random), gaussian(random), 1],
      text: `order ${i} has not come`,
    },
    { model: 'fraud', timestamp: MORNING + i * MINUTE, prediction: 'ok', label: 'ok', score: random() },
  ),
);

/** Pauses as often as it may. */
function countedTurns(): { readonly turns: Turns; readonly count: () => number } {
  let count = 0;
  const turns = new Turns({
    longest: 0,
    breathe: async () => {
      count += 1;
    },
  });
  return { turns, count: () => count };
}

describe('a baseline that is made in turns', () => {
  it('is the one that is made at once', async () => {
    const survey = new BaselineSurvey(POLICY.kinds, undefined, POLICY.multivariate);
    for (const event of SAMPLE) survey.add(event);
    const builder = new BaselineBuilder(survey.specs(), survey.derived());
    for (const event of SAMPLE) builder.add(event);
    const known = referencePerformance(SAMPLE, POLICY);
    const about = { model: 'fraud', version: undefined, pane: POLICY.pane, ...known };
    const atOnce = builder.finish(about, naturalSpreads);

    const inTurns = await baselineFromSample('fraud', () => pagesOf(SAMPLE), POLICY, countedTurns().turns);
    expect(inTurns.features.get('amount')?.natural.length).toBeGreaterThan(0);
    expect(inTurns.derivations.length).toBe(3);
    expect(inTurns.id).toBe(atOnce.id);
    expect(writeBaseline(inTurns)).toBe(writeBaseline(atOnce));
  });

  it('may pause at every event of either pass, and several times for every feature', async () => {
    const { turns, count } = countedTurns();
    const { features } = await baselineFromSample('fraud', () => pagesOf(SAMPLE), POLICY, turns);
    expect(features.size).toBeGreaterThan(10);
    expect(count()).toBeGreaterThanOrEqual(2 * SAMPLE.length + 3 * features.size);
  });
});
