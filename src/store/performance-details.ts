import type { Millis } from '../base/clock.ts';
import type { PerformanceDetails } from '../metrics/performance-details.ts';
import type { Store } from './client.ts';
import { sqlTime } from './sql-time.ts';

/** What a row of `performance_details` is about. */
export interface DetailsSubject {
  readonly model: string;
  readonly version: string;
  readonly from: Millis;
  readonly to: Millis;
  readonly predictions: number;
  readonly labelled: number;
}

export function performanceDetailsRow(subject: DetailsSubject, details: PerformanceDetails): object {
  const { from, to, ...about } = subject;
  const { confusion, classes, calibration } = details;
  return {
    ...about,
    window_start: sqlTime(from),
    window_end: sqlTime(to),
    confusion_prediction: confusion.map(({ prediction }) => prediction),
    confusion_label: confusion.map(({ label }) => label),
    confusion_count: confusion.map(({ count }) => count),
    confusion_rest: details.confusionRest,
    class: classes.map(({ name }) => name),
    class_precision: classes.map((known) => known.precision ?? null),
    class_recall: classes.map((known) => known.recall ?? null),
    class_f1: classes.map((known) => known.f1 ?? null),
    class_support: classes.map(({ support }) => support),
    calibration_bin: calibration.map(({ bin }) => bin),
    calibration_count: calibration.map(({ count }) => count),
    calibration_mean_score: calibration.map(({ meanScore }) => meanScore),
    calibration_share: calibration.map(({ share }) => share),
  };
}

export async function savePerformanceDetails(store: Store, rows: readonly object[]): Promise<void> {
  await store.insert('performance_details', rows);
}
