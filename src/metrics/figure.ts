import type { Computed } from '../stats/computed.ts';
import type { ConfidenceInterval } from '../stats/interval/confidence-interval.ts';
import type { MetricName } from './table.ts';

/** A metric on its way to a result: computed or not, with the number of events that it rests on. */
export interface Figure {
  readonly metric: MetricName;
  readonly n: number;
  readonly computed: Computed;
  /** How it was computed, precise enough to compute it again. */
  readonly method: string;
  /** The 95 % confidence interval; undefined where there is none. */
  readonly interval?: ConfidenceInterval | undefined;
}
