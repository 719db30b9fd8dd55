import type { MetricResult } from '../../metrics/result.ts';
import { METRICS } from '../../metrics/table.ts';

/** Below this, doubles give out and a p-value is stored as 0. */
const SMALLEST_P = 1e-300;

/** A few digits, and all of those before the point: `0.3137`, `41.2`, `123,457`, `1.795e12`. */
export function numberText(value: number, digits = 4): string {
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  if (size === 0) return '0';
  if (size < 1e-4 || size >= 1e7) return exponential(short, digits - 1);
  return size >= 1000 ? Math.round(value).toLocaleString('en-US') : String(short);
}

/** A share of 0 to 1 as a percentage. `0%` and `100%` stand for exactly none and all. */
export function shareText(share: number): string {
  const percent = Number((share * 100).toPrecision(3));
  if (percent >= 100 && share < 1) return '≥ 99.9%';
  if (percent !== 0 && Math.abs(percent) < 0.001) return '≤ 0.001%';
  return `${percent}%`;
}

/** Two digits: `0.53`, `0.0012`, `2.4e-36`. */
export function pValueText(p: number): string {
  if (p < SMALLEST_P) return '≤ 1e-300';
  const short = Number(p.toPrecision(2));
  return short < 0.001 ? exponential(short, 1) : String(short);
}

/** A difference with its sign. */
export function signedText(difference: number): string {
  const text = numberText(difference, 3);
  return difference > 0 ? `+${text}` : text;
}

/** The value of a metric in the form that its name asks for; `digits` is for the levels of a feature. */
export function valueText({ metric, value }: Extract<MetricResult, { status: 'ok' }>, digits = 4): string {
  if (metric.endsWith('_share')) return shareText(value);
  if (metric === 'p_value' || metric.endsWith('q_value')) return pValueText(value);
  // How far apart two tables are is not known to four digits; what is in them is.
  return numberText(value, METRICS[metric].nature === 'difference' ? 3 : digits);
}

function exponential(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`;
}
