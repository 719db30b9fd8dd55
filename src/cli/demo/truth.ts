import type { Millis } from '../../base/clock.ts';
import { POSITIVE } from './fraud-model.ts';
import type { DrawnPrediction } from './prediction-stream.ts';

/** What is true of the predictions made from `from` until `to` (exclusive), once every label that will come has come. */
export interface PeriodTruth {
  readonly from: Millis;
  readonly to: Millis;
  readonly predictions: number;
  readonly labelled: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Share of labelled predictions that are right; undefined when none is labelled. */
  readonly accuracy: number | undefined;
}

/** Counts drawn predictions by period; periods without predictions are there too. */
export function countTruth(
  drawn: Iterable<DrawnPrediction>,
  span: { readonly start: Millis; readonly end: Millis; readonly step: Millis },
): PeriodTruth[] {
  const periods = Array.from({ length: Math.ceil((span.end - span.start) / span.step) }, () => ({
    predictions: 0,
    right: 0,
    truePositives: 0,
    falsePositives: 0,
    falseNegatives: 0,
    trueNegatives: 0,
  }));
  for (const { at, prediction, label, labelAt } of drawn) {
    const period = periods[Math.floor((at - span.start) / span.step)];
    if (period === undefined) continue;
    period.predictions += 1;
    if (labelAt === undefined) continue;
    if (prediction === label) period.right += 1;
    if (prediction === POSITIVE) period[label === POSITIVE ? 'truePositives' : 'falsePositives'] += 1;
    else period[label === POSITIVE ? 'falseNegatives' : 'trueNegatives'] += 1;
  }
  return periods.map(({ right, ...counts }, index) => {
    const labelled =
      counts.truePositives + counts.falsePositives + counts.falseNegatives + counts.trueNegatives;
    const from = span.start + index * span.step;
    return {
      from,
      to: Math.min(span.end, from + span.step),
      ...counts,
      labelled,
      accuracy: labelled === 0 ? undefined : right / labelled,
    };
  });
}
