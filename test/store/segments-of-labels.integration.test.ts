import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { segmentName, withPairs } from '../../src/event/segments.ts';
import { errorSums } from '../../src/store/error-sums.ts';
import { labelledCells } from '../../src/store/labelled-cells.ts';
import { numberBias } from '../../src/store/number-bias.ts';
import { labelRow, predictionRow } from '../../src/store/predictions.ts';
import { segmentSizes } from '../../src/store/segment-sizes.ts';
import { HOUR, labelOf, MORNING, predictionOf } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const WINDOW = { model: 'fraud', from: MORNING, to: MORNING + HOUR };
const ABOUT = { positives: ['fraud'], threshold: 0.5 };
/** Values that are written otherwise than they look. */
const COUNTRIES = ['DE', 'Île, de "France"', "O'Brien\\", 'line\nbreak', '国', null];

interface Row {
  readonly version: string;
  readonly segments: readonly string[];
  readonly prediction: number;
  readonly score: number;
  readonly label: number | undefined;
}

function drawn(count: number): Row[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, (_, i) => ({
    version: random() < 0.7 ? '7' : '8',
    segments: [
      segmentName('country', COUNTRIES[Math.floor(random() * COUNTRIES.length)]),
      segmentName('device', random() < 0.5 ? 'phone' : 'tv'),
      segmentName('is_new', random() < 0.3),
    ],
    prediction: Math.round(random() * 100) / 4,
    score: Math.round(random() * 1000) / 1000,
    label: i % 5 === 0 ? undefined : Math.round(random() * 100) / 4,
  }));
}

function counts(rows: readonly Row[], keyOf: (row: Row, segment: string) => string): Record<string, number> {
  const counted = new Map<string, number>();
  for (const row of rows) {
    for (const segment of withPairs(row.segments)) {
      const key = keyOf(row, segment);
      counted.set(key, (counted.get(key) ?? 0) + 1);
    }
  }
  return Object.fromEntries(counted);
}

describe.each(STORE_KINDS)('what is known of segments: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('is what their predictions and labels say, whatever they are called', async () => {
    const rows = drawn(2_000);
    const store = await stores.fresh();
    await store.insert(
      'predictions',
      rows.map(({ version, segments, prediction, score }, i) => {
        const event = predictionOf({ version, prediction, score, timestamp: MORNING + i * 1_000 });
        return predictionRow(event, `p${i}`, { topic: 't', partition: 0, offset: i }, segments);
      }),
    );
    // One that was made before segments were declared, and the same prediction twice.
    const whole = predictionOf({ prediction: 1, score: 0.5, timestamp: MORNING });
    await store.insert('predictions', [
      predictionRow(whole, 'whole', { topic: 't', partition: 0, offset: 5_000 }),
    ]);
    await store.insert(
      'labels',
      rows.flatMap(({ label }, i) =>
        label === undefined
          ? []
          : [
              labelRow(labelOf({ predictionId: `p${i}`, label }), { topic: 'l', partition: 0, offset: i }),
              labelRow(labelOf({ predictionId: `p${i}`, label: -1, timestamp: MORNING - 1 }), {
                topic: 'l',
                partition: 0,
                offset: i,
              }),
            ],
      ),
    );

    const sizes = await segmentSizes(store, WINDOW);
    expect(
      sizes.filter(({ segment }) => segment === '').reduce((sum, { predictions }) => sum + predictions, 0),
    ).toBe(2_001);
    const sized = sizes.filter(({ segment }) => segment !== '');
    expect(
      Object.fromEntries(
        sized.map(({ version, segment, predictions }) => [`${version} ${segment}`, predictions]),
      ),
    ).toEqual(counts(rows, ({ version }, segment) => `${version} ${segment}`));

    const slices = [...new Set(sized.map(({ segment }) => segment))].slice(0, 20);
    const wanted = (row: { readonly segment: string }): boolean => slices.includes(row.segment);
    for (const predictions of [1, Number.POSITIVE_INFINITY]) {
      const { cells, steps } = await labelledCells(store, WINDOW, { ...ABOUT, slices, predictions });
      const found = new Map<string, number>();
      const scored = new Map<string, number>();
      for (const { version, segment, prediction, hasLabel, label, count, scores, counts } of cells) {
        const key = `${version} ${segment} ${prediction} ${hasLabel ? label : '-'}`;
        found.set(key, (found.get(key) ?? 0) + count);
        scores.forEach((score, i) => {
          const place = `${version} ${segment} ${score}`;
          scored.set(place, (scored.get(place) ?? 0) + (counts[i] as number));
        });
      }
      const inSlices = (keyOf: (row: Row, segment: string) => string) =>
        counts(rows, (row, segment) => (wanted({ segment }) ? keyOf(row, segment) : ''));
      const { '': _, ...expected } = inSlices(
        (row, segment) => `${row.version} ${segment} ${row.prediction} ${row.label ?? '-'}`,
      );
      expect(Object.fromEntries(found)).toEqual(expected);
      expect(steps.size > 0).toBe(predictions > 1);
      const step = steps.get('7') ?? 0;
      const rounded = (score: number): number => (step === 0 ? score : Math.floor(score / step + 0.5) * step);
      const { '': __, ...expectedScores } = inSlices(
        (row, segment) => `${row.version} ${segment} ${rounded(row.score)}`,
      );
      expect(Object.fromEntries(scored)).toEqual(expectedScores);
    }

    const sums = await errorSums(store, WINDOW, slices);
    const biases = await numberBias(store, WINDOW, slices);
    for (const { version, segment, n, sumAbsoluteError, sumSquaredLabel } of sums) {
      const own = rows.filter((row) => row.version === version && withPairs(row.segments).includes(segment));
      const labelled = own.filter((row): row is Row & { label: number } => row.label !== undefined);
      expect(n).toBe(labelled.length);
      const mean = labelled.reduce((sum, { label }) => sum + label, 0) / labelled.length;
      expect(sumAbsoluteError).toBeCloseTo(
        labelled.reduce((sum, { prediction, label }) => sum + Math.abs(prediction - label), 0),
        8,
      );
      expect(sumSquaredLabel).toBeCloseTo(
        labelled.reduce((sum, { label }) => sum + (label - mean) ** 2, 0),
        6,
      );
      const bias = biases.find((row) => row.version === version && row.segment === segment);
      expect(bias).toMatchObject({ labelled: n, unlabelled: own.length - n });
    }
    expect(sums.length).toBe(
      new Set(sized.filter(wanted).map(({ version, segment }) => `${version} ${segment}`)).size,
    );
    // The whole is counted as ever, without segments.
    expect((await errorSums(store, WINDOW)).map(({ segment }) => segment)).toEqual(['', '']);
  });
});
