import type { Millis } from '../base/clock.ts';
import { formatDuration } from '../base/duration.ts';
import type { MetricResult } from './result.ts';

/** How much of a window's labels has come, and how long it had for that. */
export interface Maturity {
  readonly predictions: number;
  /** Those of them that have a label. */
  readonly labelled: number;
  /** Since the end of the window. */
  readonly age: Millis;
}

/** `coverage` and `age`. */
export function maturityMetrics({ predictions, labelled, age }: Maturity): MetricResult[] {
  const about = {
    metric: 'coverage',
    n: predictions,
    baselineN: 0,
    method: 'labelled / predictions',
  } as const;
  return [
    predictions === 0
      ? { ...about, status: 'no_data', reason: 'the window has no predictions' }
      : // An event that was logged twice is one prediction that can be labelled, and two that were counted.
        { ...about, status: 'ok', value: Math.min(1, labelled / predictions) },
    {
      ...about,
      metric: 'age',
      method: 'evaluation minus end of the window',
      status: 'ok',
      value: age / 1000,
    },
  ];
}

/** The same for people, and whether it is too early to rely on. */
export function maturityText(
  { predictions, labelled, age }: Maturity,
  { horizon, matureCoverage }: { readonly horizon: Millis; readonly matureCoverage: number },
): string {
  const share = predictions === 0 ? 0 : Math.min(1, labelled / predictions);
  const known = `${percent(share)} of ${predictions} predictions have a label ${roughly(age)} after the window`;
  return share >= matureCoverage || age >= horizon ? known : `immature: ${known}; later ones may change this`;
}

/** Rounded down, so that 100 % means all. */
function percent(share: number): string {
  return `${Math.floor(share * 1000 + 1e-9) / 10} %`;
}

function roughly(age: Millis): string {
  const [day, hour, minute] = [86_400_000, 3_600_000, 60_000];
  const unit = age >= 2 * day ? day : age >= 2 * hour ? hour : minute;
  return formatDuration(Math.floor(age / unit) * unit);
}
