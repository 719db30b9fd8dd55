import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import { CONVENTIONAL_POSITIVES } from '../metrics/positive-class.ts';

/** What a labelled prediction loses, as an expression over `joined`, and its parameters. */
export interface PredictionLoss {
  /** For a classification 1 when the prediction is wrong, else 0; for a regression its distance from the label. May be null. */
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export function predictionLoss({ task, positive, threshold }: PerformancePolicy): PredictionLoss {
  if (task === 'regression') return { sql: DISTANCE, params: {} };
  return {
    sql: WRONG,
    params: {
      // As text: the embedded engine refuses whole numbers past 2^53.
      threshold: String(threshold),
      positives: positive === undefined ? CONVENTIONAL_POSITIVES : [positive],
      anyLabel: positive === undefined ? 0 : 1,
    },
  };
}

const DISTANCE = 'abs(p.prediction_number - l.label_number)';

/** By the score where no class was named; then the positive class has to be known, by its name or as true or 1. */
const WRONG = `multiIf(
  p.prediction != '', toFloat64(p.prediction != l.label),
  p.score IS NOT NULL AND ({anyLabel:UInt8} = 1 OR l.label IN ('true', 'false', '1', '0')),
    toFloat64((assumeNotNull(p.score) >= {threshold:Float64}) != (l.label IN {positives:Array(String)})),
  NULL)`;
