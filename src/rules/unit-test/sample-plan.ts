import type { Millis } from '../../base/clock.ts';
import { formatDuration, parseDuration } from '../../base/duration.ts';
import type { TextFault } from '../text-fault.ts';
import { type Draw, parseDistribution } from './distribution.ts';

/** How many values are drawn from what, in each of how many intervals. */
export interface SamplePlan {
  readonly draw: Draw;
  readonly count: number;
  readonly intervals: number;
}

export const SAMPLE_FORM =
  'a distribution, how many values, and for how long, such as "normal(0, 1) x1000 for 4h", or "nothing for 2h"';

/** Values in one interval. */
const MAX_COUNT = 1_000_000;

/** Reads `normal(0, 1) x1000 for 4h`; without a time it is for one interval. Never throws. */
export function parseSamplePlan(
  text: string,
  interval: Millis,
): { readonly plan: SamplePlan } | { readonly fault: TextFault } {
  const nothing = /^\s*nothing\b/.exec(text)?.[0];
  const parsed = nothing === undefined ? parseDistribution(text) : { draw: () => null, end: nothing.length };
  if ('fault' in parsed) return parsed;
  const rest = text.slice(parsed.end);
  const fault = (message: string): { readonly fault: TextFault } => ({
    fault: { message, offset: parsed.end + rest.search(/\S|$/) },
  });
  const [, number, time] = /^\s*(?:x\s*(\d{1,9}))?\s*(?:for\s+(\S+))?\s*$/.exec(rest) ?? ['', 'none'];
  if (number === 'none' || (number === undefined) !== (nothing !== undefined)) {
    return fault(`expected ${SAMPLE_FORM}`);
  }
  const count = Number(number ?? 0);
  if (count > MAX_COUNT) return fault(`at most ${MAX_COUNT} values can be drawn in one interval`);
  const length = time === undefined ? interval : parseDuration(time);
  if (length === undefined || length === 0 || length % interval !== 0) {
    return fault(`"${time}" is no whole number of intervals of ${formatDuration(interval)}`);
  }
  return { plan: { draw: parsed.draw, count, intervals: length / interval } };
}
