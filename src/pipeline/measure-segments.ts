import type { Millis } from '../base/clock.ts';
import { type Maturity, maturityMetrics } from '../metrics/maturity.ts';
import { labelledCount, modelMetrics } from '../metrics/performance-metrics.ts';
import type { MetricResult, MetricResults } from '../metrics/result.ts';
import type { MetricName } from '../metrics/table.ts';
import type { Period } from '../rules/alert.ts';
import type { WindowMeasurements } from '../rules/measurements.ts';
import { labelledWindow } from './labelled-windows.ts';
import type { Population } from './measure-period.ts';
import type { MeasurePorts } from './measure-ports.ts';
import { segmentReference } from './reference-metrics.ts';
import { LEAST_PREDICTIONS, type SegmentSizes } from './segment-sizes.ts';

interface SegmentPerformance extends WindowMeasurements {
  readonly maturity: Maturity;
  /** False where it has too few predictions to be judged. */
  readonly isJudged: boolean;
}

/** How well a model did in segments of its population, by version and segment. */
export type SegmentPerformances = (version: string, segment: string) => SegmentPerformance;

/**
 * How well a model did in segments of its population, in a period whose labels are due. What is known comes from the predictions
 * that are kept one by one, so that those without an id are in no segment.
 *
 * The intervals of all segments that are judged hold together: one of many that looks bad by chance is to be expected.
 */
export async function measureSegments(
  { model, baseline }: Pick<Population, 'model' | 'baseline'>,
  segments: readonly string[],
  sizes: SegmentSizes,
  period: Period,
  now: Millis,
  ports: MeasurePorts,
): Promise<SegmentPerformances> {
  const policy = ports.policies(model);
  const predictions = sizes.total(segments);
  const labelled = await labelledWindow(policy, model, period, { predictions, slices: segments }, ports);
  const together = new Map(sizes.versions.map((version) => [version, sizes.judged(version, segments)]));
  return (version, segment) => {
    const size = sizes.of(version, segment);
    const isJudged = size >= LEAST_PREDICTIONS;
    const { evidence, bias } = labelled(version, segment, together.get(version));
    const maturity = {
      predictions: size,
      labelled: labelledCount(evidence),
      age: Math.max(0, now - period.to),
    };
    const counted = [...maturityMetrics(maturity), bias].map((result) => [result.metric, result] as const);
    const metrics = new Map([...modelMetrics(size, evidence, together.get(version)), ...counted]);
    return {
      metrics: isJudged ? metrics : withoutNumbers(metrics, segment, size),
      baselineMetrics: segmentReference(baseline, segment),
      events: size,
      maturity,
      isJudged,
    };
  };
}

/** What a segment has a number of, however small it is. */
const COUNTS: ReadonlySet<MetricName> = new Set(['predictions', 'labelled', 'coverage', 'age']);

function withoutNumbers(metrics: MetricResults, segment: string, size: number): MetricResults {
  const reason = `${size} predictions of ${segment}; ${LEAST_PREDICTIONS} are needed`;
  return new Map(
    Array.from(metrics, ([metric, result]): [MetricName, MetricResult] => {
      const { n, baselineN, method } = result;
      const hidden = { metric, n, baselineN, method, status: 'not_enough_data', reason } as const;
      return [metric, COUNTS.has(metric) ? result : hidden];
    }),
  );
}
