import type { ConfidenceInterval } from '../stats/interval/confidence-interval.ts';
import type { MetricName } from './table.ts';

/**
 * The result contract: a number with what it rests on, or the reason why there is none. Nothing in between:
 * a window that lacks data never yields a number.
 */
export type MetricResult = {
  readonly metric: MetricName;
  /** Observations in the window that the value rests on. */
  readonly n: number;
  /** Observations in the reference; 0 for a metric that looks at the window alone. */
  readonly baselineN: number;
  /** How the value was computed, precise enough to compute it again. */
  readonly method: string;
} & (
  | {
      readonly status: 'ok';
      readonly value: number;
      readonly pValue?: number;
      /** The 95 % confidence interval, of metrics that have one. */
      readonly interval?: ConfidenceInterval;
    }
  | { readonly status: 'no_data' | 'not_enough_data' | 'undefined'; readonly reason: string }
);

export type MetricStatus = MetricResult['status'];

/** All metrics of one feature, or of one model, in one window. */
export type MetricResults = ReadonlyMap<MetricName, MetricResult>;
