import type { MetricStatus } from '../../metrics/result.ts';
import type { TextFault } from '../text-fault.ts';

/** What a metric is in one window: a number, or why there is none. */
export type SeriesValue = number | Exclude<MetricStatus, 'ok'>;

/** More windows than this in one test are a mistake. */
export const MAX_SERIES = 10_000;

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const STEP = new RegExp(`^(${NUMBER})(?:([+-](?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?)?x(\\d{1,9}))?$`, 'i');
const GAP = /^(_|no_data|not_enough_data|undefined)(?:x(\d{1,9}))?$/;

export const SERIES_FORM =
  'values as promtool writes them, such as "0.1 0.3x4 0+0.1x3 _x2", or no_data, not_enough_data, undefined';

/**
 * Reads a series in promtool's notation: `a` is one value, `axn` is a and n more like it, `a+bxn` is a and n more, each
 * larger by b; `_` is a window without data, `_xn` are n of them. The other reasons for having no number stand in place of `_`.
 *
 * @example parseSeries('1 0+2x3 _') // [1, 0, 2, 4, 6, 'no_data']
 */
export function parseSeries(
  text: string,
): { readonly values: readonly SeriesValue[] } | { readonly fault: TextFault } {
  const values: SeriesValue[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    const read = valuesOf(match[0]);
    if (read === undefined) {
      return {
        fault: { message: `"${match[0]}" is no value; expected ${SERIES_FORM}`, offset: match.index },
      };
    }
    if (values.length + read.length > MAX_SERIES) {
      return { fault: { message: `a series has at most ${MAX_SERIES} values`, offset: match.index } };
    }
    values.push(...read);
  }
  return values.length === 0
    ? { fault: { message: `the series is empty; expected ${SERIES_FORM}`, offset: 0 } }
    : { values };
}

function valuesOf(word: string): SeriesValue[] | undefined {
  const [, status, gaps] = GAP.exec(word) ?? [];
  if (status !== undefined) {
    const missing = status === '_' ? 'no_data' : (status as Exclude<MetricStatus, 'ok'>);
    return new Array<SeriesValue>(bounded(gaps ?? '1')).fill(missing);
  }
  const [, first, step = '0', more = '0'] = STEP.exec(word) ?? [];
  if (first === undefined) return undefined;
  return Array.from({ length: bounded(more) + 1 }, (_, i) => Number(first) + i * Number(step));
}

/** Past the longest series by one, so that it is seen to be too long without being made. */
function bounded(count: string): number {
  return Math.min(Number(count), MAX_SERIES + 1);
}
