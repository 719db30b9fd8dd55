import { InvalidArgumentError } from 'commander';
import type { Millis } from '../base/clock.ts';
import { parseTime, TIME_FORM } from '../base/parse-time.ts';

/** Reads --from and --to. */
export function timeOf(text: string): Millis {
  const time = parseTime(text);
  if (time === undefined) throw new InvalidArgumentError(`Expected ${TIME_FORM}.`);
  return time;
}
