import { beforeAll, describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { estimateFromProfile } from '../../src/metrics/estimate-from-profile.ts';
import { LabelledEvidenceBuilder } from '../../src/metrics/labelled-evidence.ts';
import type { MetricResult } from '../../src/metrics/result.ts';
import type { MetricName } from '../../src/metrics/table.ts';
import { baselineFromSample } from '../../src/pipeline/baseline-from-sample.ts';
import { Turns } from '../../src/pipeline/turns.ts';
import { type Baseline, readBaseline, writeBaseline } from '../../src/profile/baseline.ts';
import { SCORE_FEATURE } from '../../src/profile/feature-spec.ts';
import { POLICY } from '../support/open-chunks.ts';
import { predictionWith, profilesOf } from './full-path.ts';

const FRAUD = { ...POLICY, positive: 'fraud' };

const PAIRS = [
  ['estimated_accuracy', 'accuracy'],
  ['estimated_precision', 'precision'],
  ['estimated_recall', 'recall'],
  ['estimated_f1', 'f1'],
  ['estimated_roc_auc', 'roc_auc'],
] as const satisfies ReadonlyArray<readonly [MetricName, MetricName]>;

interface World {
  /** How sure the model says that it is, for a log-odds that is true. */
  readonly sureness: number;
  /** What is added to the true log-odds behind the model's back: its relation to the inputs has changed. */
  readonly turned?: number;
}

/** Events of a model that knows the log-odds of fraud, which follow an input around a mean; labelled by chance. */
function eventsOf(
  seed: number,
  count: number,
  mean: number,
  { sureness, turned = 0 }: World,
): PredictionEvent[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const odds = 1.5 * (mean + gaussian(random)) - 1;
    const score = 1 / (1 + Math.exp(-sureness * odds));
    const truth = 1 / (1 + Math.exp(-odds - turned));
    return predictionWith(
      {},
      { score, prediction: score >= 0.5 ? 'fraud' : 'ok', label: random() < truth ? 'fraud' : 'ok' },
    );
  });
}

async function baselineOf(world: World): Promise<Baseline> {
  const sample = eventsOf(1, 10_000, 0, world);
  async function* pages() {
    yield sample;
  }
  const made = await baselineFromSample('fraud', pages, FRAUD, new Turns());
  return readBaseline(writeBaseline(made));
}

function measured(
  baseline: Baseline,
  events: readonly PredictionEvent[],
): ReadonlyMap<MetricName, MetricResult> {
  const estimates = estimateFromProfile(baseline, profilesOf(baseline, events).get(SCORE_FEATURE), FRAUD);
  const evidence = new LabelledEvidenceBuilder(FRAUD);
  for (const event of events) evidence.add(event);
  const realised = evidence.results().filter(({ metric }) => !metric.startsWith('estimated_'));
  return new Map([...realised, ...estimates].map((result) => [result.metric, result]));
}

function figureOf(results: ReadonlyMap<MetricName, MetricResult>, metric: MetricName): number {
  const result = results.get(metric);
  return result?.status === 'ok' ? result.value : Number.NaN;
}

function isWithin(
  results: ReadonlyMap<MetricName, MetricResult>,
  estimate: MetricName,
  realised: MetricName,
): boolean {
  const result = results.get(estimate);
  const { lower, upper } = (result?.status === 'ok' && result.interval) || { lower: 2, upper: -1 };
  const value = figureOf(results, realised);
  return value >= lower && value <= upper;
}

const WINDOWS = 100;
/** The input wanders off by one and a half standard deviations, and comes back. */
const meanOf = (window: number): number => 1.5 * Math.sin((Math.PI * window) / WINDOWS);

describe.each([
  ['calibrated', { sureness: 1 }, 'scores'],
  ['too sure of itself', { sureness: 2.5 }, 'isotonic'],
  ['too unsure of itself', { sureness: 0.4 }, 'isotonic'],
] as const)('the estimates of a model that is %s', (_, world, method) => {
  let baseline: Baseline;
  let windows: Array<ReadonlyMap<MetricName, MetricResult>>;

  beforeAll(async () => {
    baseline = await baselineOf(world);
    windows = Array.from({ length: WINDOWS }, (_, window) =>
      measured(baseline, eventsOf(1_000 + window, 1_000, meanOf(window), world)),
    );
  });

  it('rest on probabilities that fit the labels of the baseline', () => {
    expect(baseline.calibration?.method).toBe(method);
  });

  it.each(PAIRS)(
    '%s has %s within its band in nine windows of ten while inputs drift',
    (estimate, realised) => {
      const within = windows.filter((results) => isWithin(results, estimate, realised)).length;
      expect(within).toBeGreaterThanOrEqual(0.9 * WINDOWS);
      // And the band is worth something.
      const widths = windows.map((results) => {
        const result = results.get(estimate);
        return result?.status === 'ok' && result.interval ? result.interval.upper - result.interval.lower : 1;
      });
      expect(Math.max(...widths)).toBeLessThan(0.2);
    },
  );

  it('follow the drift of the inputs', () => {
    const calm = figureOf(windows[0]!, 'estimated_precision');
    const drifted = figureOf(windows[WINDOWS / 2]!, 'estimated_precision');
    expect(drifted - calm).toBeGreaterThan(0.05);
  });

  it('add up to a confusion matrix that is near what is counted', () => {
    for (const results of windows.slice(0, 10)) {
      const sum = (
        [
          'estimated_true_positives',
          'estimated_false_positives',
          'estimated_false_negatives',
          'estimated_true_negatives',
        ] as const
      ).reduce((total, metric) => total + figureOf(results, metric), 0);
      expect(sum).toBeCloseTo(1_000, 6);
    }
  });

  it('do not move when labels no longer belong to scores as before, while what is realised does', () => {
    const before = measured(baseline, eventsOf(50, 5_000, 0, world));
    const after = measured(baseline, eventsOf(50, 5_000, 0, { ...world, turned: 3 }));
    for (const [estimate, realised] of PAIRS.slice(0, 4)) {
      expect(figureOf(after, estimate)).toBe(figureOf(before, estimate));
      expect(Math.abs(figureOf(after, realised) - figureOf(before, realised))).toBeGreaterThan(0.1);
      expect(isWithin(after, estimate, realised)).toBe(false);
    }
  });
});
