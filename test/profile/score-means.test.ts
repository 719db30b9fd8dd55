import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { type Baseline, readBaseline, sealBaseline, writeBaseline } from '../../src/profile/baseline.ts';
import { countsByScoreCell } from '../../src/profile/score-means.ts';
import { baselineOf, predictionOf } from '../support/events.ts';

function featureOf(baseline: Baseline, name: string) {
  const feature = baseline.features.get(name);
  if (feature === undefined) throw new Error(`no feature ${name}`);
  return feature;
}

/** A thousand events: the score is x where there is one, else 5; `kind` is one of `kinds` names, the first most often. */
function events(change: Partial<PredictionEvent> = {}, kinds = 3): PredictionEvent[] {
  const random = seededRandom(3);
  return Array.from({ length: 1_000 }, (_, i) => {
    const x = i % 10 === 0 ? null : random();
    const kind = `kind ${Math.floor(kinds * random() ** 2)}`;
    return predictionOf({ features: { x, kind }, score: x ?? 5, ...change });
  });
}

describe('the mean scores of a baseline', () => {
  it('are those of the decile cells of a number, and apart where it is missing', () => {
    const feature = featureOf(baselineOf(events()), 'x');
    const { cells, none } = feature.scoreMeans ?? { cells: [], none: null };
    expect(cells).toHaveLength(10);
    for (const [cell, mean] of cells.entries()) expect(mean).toBeCloseTo((cell + 0.5) / 10, 1);
    expect(none).toBe(5);
    const counts = countsByScoreCell(feature.spec, feature.reference);
    expect([...counts].map((count) => Math.round(count / 10))).toEqual([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 10]);
  });

  it('are kept of fifty categories, and of all others together', () => {
    const feature = featureOf(baselineOf(events({}, 80)), 'kind');
    expect(feature.scoreMeans?.cells).toHaveLength(51);
    const counts = countsByScoreCell(feature.spec, feature.reference);
    expect(counts).toHaveLength(52);
    expect([...counts].reduce((sum, count) => sum + count, 0)).toBe(1_000);
  });

  it('are of the predictions where those are numbers and there is no score, and there are none of classes', () => {
    const made = events({ score: undefined, prediction: 7 });
    expect(featureOf(baselineOf(made), 'x').scoreMeans?.none).toBe(7);
    const classes = baselineOf(events({ score: undefined }));
    expect(featureOf(classes, 'x').scoreMeans).toBeUndefined();
    expect(featureOf(baselineOf(events()), '__score__').scoreMeans).toBeUndefined();
  });

  it('come back from the text, and leave a baseline that has none as it was', () => {
    const baseline = baselineOf(events());
    const read = readBaseline(writeBaseline(baseline));
    expect(read.id).toBe(baseline.id);
    expect(featureOf(read, 'kind').scoreMeans).toEqual(featureOf(baseline, 'kind').scoreMeans);
    const features = new Map(
      Array.from(baseline.features, ([name, { scoreMeans: _, ...feature }]) => [name, feature] as const),
    );
    const without = sealBaseline({ ...baseline, features });
    expect(writeBaseline(without)).not.toContain('score_means');
    expect(without.id).not.toBe(baseline.id);
    expect(featureOf(readBaseline(writeBaseline(without)), 'x').scoreMeans).toBeUndefined();
  });
});
