import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { MeasurePorts } from '../../src/pipeline/measure-ports.ts';
import { measureSegments } from '../../src/pipeline/measure-segments.ts';
import { SegmentSizes } from '../../src/pipeline/segment-sizes.ts';
import { baselineSegment } from '../../src/profile/baseline-segment.ts';
import { judge } from '../../src/rules/evaluate-condition.ts';
import type { Rule } from '../../src/rules/rule.ts';
import type { LabelledCell } from '../../src/store/labelled-cells.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { POLICY } from '../support/open-chunks.ts';
import { groupsOf } from './memory-evaluations.ts';

const WINDOW = { from: MORNING, to: MORNING + HOUR };
const SEGMENTS = Array.from({ length: 50 }, (_, i) => `city=${i}`);

function cell(segment: string, label: string, count: number, hasLabel = true): LabelledCell {
  const about = { version: '7', prediction: 'ok', side: 'named', scores: [], counts: [] } as const;
  return { ...about, segment, label, hasLabel, count };
}

/** A store that knows these labelled predictions, all of them answered with "ok". */
function portsOf(cells: readonly LabelledCell[]): MeasurePorts {
  const nothing = async () => [];
  return {
    policies: () => ({ ...POLICY, segments: ['city'] }),
    labelledCells: async () => ({ cells, steps: new Map() }),
    errorSums: nothing,
    numberBias: nothing,
  } as unknown as MeasurePorts;
}

function sizesOf(cells: readonly LabelledCell[]): SegmentSizes {
  const sizes = new Map<string, number>();
  for (const { segment, count } of cells) sizes.set(segment, (sizes.get(segment) ?? 0) + count);
  return new SegmentSizes(
    Array.from(sizes, ([segment, predictions]) => ({ version: '7', segment, predictions })),
  );
}

const BASELINE = baselineOf([predictionOf({ features: { x: 1 } })]);

async function measured(
  cells: readonly LabelledCell[],
  segments: readonly string[],
  accuracies: ReadonlyMap<string, number> = new Map(),
  labels = 2_000,
) {
  const performance = (value: number) => new Map([['accuracy', { value, n: labels }]]);
  const known = new Map(
    Array.from(accuracies, ([segment, value]) => [
      segment,
      baselineSegment(2_000, undefined as never, performance(value)),
    ]),
  );
  const baseline = { ...BASELINE, segments: { features: ['city'], known } };
  const of = await measureSegments(
    { model: 'fraud', baseline },
    segments,
    sizesOf(cells),
    WINDOW,
    WINDOW.to + 6 * HOUR,
    portsOf(cells),
  );
  return (segment: string) => of('7', segment);
}

describe('segments that are judged side by side', () => {
  it('have numbers from thirty predictions on, and a reason below', async () => {
    const of = await measured(
      [cell('city=1', 'ok', 27), cell('city=1', 'fraud', 3), cell('city=2', 'ok', 29)],
      ['city=1', 'city=2'],
    );
    expect(of('city=1').metrics.get('accuracy')).toMatchObject({ value: 0.9, n: 30 });
    expect(of('city=1').isJudged).toBe(true);
    expect(of('city=2').metrics.get('accuracy')).toMatchObject({
      status: 'not_enough_data',
      reason: '29 predictions of city=2; 30 are needed',
    });
    expect(of('city=2').metrics.get('predictions')).toMatchObject({ status: 'ok', value: 29 });
    expect(of('city=2').isJudged).toBe(false);
  });

  it('know how well the baseline did in them, if it knows them at all', async () => {
    const of = await measured(
      ['city=1', 'city=2', 'city=__other__'].map((segment) => cell(segment, 'ok', 50)),
      ['city=1', 'city=2', 'city=__other__'],
      new Map([
        ['city=1', 0.8],
        ['city=__other__', 0.7],
      ]),
    );
    expect(of('city=1').baselineMetrics.get('accuracy')).toMatchObject({ value: 0.8, n: 2_000 });
    expect(of('city=2').baselineMetrics.size).toBe(0);
    // Of a baseline that is the rest of all values; of a window it is what has no value to be named after.
    expect(of('city=__other__').baselineMetrics.size).toBe(0);
    const few = await measured([cell('city=1', 'ok', 50)], ['city=1'], new Map([['city=1', 1]]), 29);
    expect(few('city=1').baselineMetrics.get('accuracy')).toMatchObject({
      status: 'not_enough_data',
      reason: 'the reference has 29 labels of city=1; 30 are needed',
    });
  });

  it('have intervals that are wider the more of them there are, the small ones not counted', async () => {
    const width = async (large: number): Promise<number> => {
      const names = SEGMENTS.slice(0, large + 5);
      const cells = names.map((segment, i) => cell(segment, 'ok', i < large ? 60 : 5));
      const result = (await measured([...cells, cell('city=0', 'fraud', 6)], names))('city=0').metrics.get(
        'accuracy',
      );
      if (result?.status !== 'ok' || result.interval === undefined) throw new Error('no interval');
      expect(result.method.includes(`of ${large} segments`)).toBe(large > 1);
      return result.interval.upper - result.interval.lower;
    };
    const [one, ten, forty] = [await width(1), await width(10), await width(40)];
    expect(ten).toBeGreaterThan(one * 1.2);
    expect(forty).toBeGreaterThan(ten * 1.05);
  });

  it('raise no alarm by chance, fifty of them over two hundred windows, and the one that got worse is found', async () => {
    const random = seededRandom(2);
    const right = (n: number, accuracy: number): number => {
      let count = 0;
      for (let i = 0; i < n; i += 1) if (random() < accuracy) count += 1;
      return count;
    };
    const [group] = groupsOf(`
groups:
  - name: slices
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Drop, each: segment, when: upper.accuracy < baseline.accuracy - 0.05, summary: x }]
`);
    const rule = group?.rules[0] as Rule;
    const [truth, n] = [0.9, 60];
    // What the baseline knows was drawn as well.
    const accuracies = new Map(SEGMENTS.map((segment) => [segment, right(2_000, truth) / 2_000]));
    const [together, apart, found] = [[] as string[], [] as string[], [] as number[]];
    for (let window = 0; window < 200; window += 1) {
      const accuracyOf = (i: number): number => (i === 7 && window >= 100 ? 0.55 : truth);
      const cells = SEGMENTS.flatMap((segment, i) => {
        const good = right(n, accuracyOf(i));
        return [cell(segment, 'ok', good), cell(segment, 'fraud', n - good)];
      });
      const of = await measured(cells, SEGMENTS, accuracies);
      for (const [i, segment] of SEGMENTS.entries()) {
        const about = { model: 'fraud', version: '7', segment };
        const holds = judge(rule, { ...about, ...of(segment) }).outcome === 'true';
        if (i === 7 && window >= 100) {
          if (holds) found.push(window);
          continue;
        }
        if (holds) together.push(`${window} ${segment}`);
        if (window >= 50) continue;
        const alone = (await measured(cells, [segment], accuracies))(segment);
        if (judge(rule, { ...about, ...alone }).outcome === 'true') apart.push(`${window} ${segment}`);
      }
    }
    expect(together).toEqual([]);
    // Judged each by itself, some would be taken for worse although nothing has changed, in a quarter of these windows alone.
    expect(apart.length).toBeGreaterThan(0);
    expect(found[0]).toBeLessThan(103);
    expect(found.length).toBeGreaterThan(85);
  });
});
