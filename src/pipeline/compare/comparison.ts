import type { Picture } from '../../metrics/picture.ts';
import type { MetricResult, MetricResults } from '../../metrics/result.ts';
import type { MetricName } from '../../metrics/table.ts';

/** What is known of one feature of two tables. */
export interface ComparedFeature {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  readonly role: 'feature' | 'prediction' | 'score' | 'multivariate';
  /** `ok` when there is something to compare on both sides. */
  readonly status: 'ok' | 'no_data' | 'not_enough_data' | 'undefined';
  /** Why the status is not `ok`: a clause for people; null when it is. */
  readonly reason: string | null;
  /** Values in the current table and in the reference. */
  readonly n: number;
  readonly baselineN: number;
  /** True when the condition of a rule holds. */
  readonly drifted: boolean;
  /** Names of the alerts whose condition holds, in the order of the rule file. */
  readonly alerts: readonly string[];
  readonly metrics: MetricResults;
  readonly referenceMetrics: MetricResults;
  /** How far the reference's own time blocks let the current table differ, by metric; empty when no time is known. */
  readonly natural?: ReadonlyMap<MetricName, number>;
  /** One line that says how the distribution changed. */
  readonly change: string | undefined;
  /** Undefined when neither side has a value. */
  readonly picture: Picture | undefined;
}

export interface Side {
  readonly file: string;
  readonly rows: number;
}

export interface Comparison {
  readonly reference: Side;
  readonly current: Side;
  /** What moved most first: drifted ones, then by effect size; those without a number last, by name. */
  readonly features: readonly ComparedFeature[];
  /** The features taken together; undefined when fewer than two are numeric. */
  readonly multivariate: ComparedFeature | undefined;
  /** On both tables, when label and prediction or score are named. */
  readonly performance:
    | { readonly reference: readonly MetricResult[]; readonly current: readonly MetricResult[] }
    | undefined;
  /** What people should know: columns that were set aside, missing in one file, rows left out. */
  readonly notes: readonly string[];
}
