import type { Millis } from '../base/clock.ts';
import { formatDuration } from '../base/duration.ts';
import type { TopicIntake } from '../store/intake.ts';

/** How much of what is read from a topic may be rejected. */
export interface RejectLimit {
  /** Of the records of the window; 0 to 1. */
  readonly share: number;
  readonly window: Millis;
  /** A window with fewer records says nothing. */
  readonly records: number;
  readonly severity: string;
}

/** Where a share that was above the limit counts as normal again, so that one near the limit does not come and go. */
const NORMAL_AGAIN = 0.5;

/** What a window says about a topic; `between` is neither. */
export type IntakeVerdict = 'above' | 'between' | 'normal';

export function judgeTopic(
  { records, rejected }: Pick<TopicIntake, 'records' | 'rejected'>,
  { share, records: least }: RejectLimit,
): IntakeVerdict {
  const rejectedShare = rejected / Math.max(records, 1);
  // A few records begin no alert, and where all of them are rejected they end none.
  if (rejectedShare > share) return records < least ? 'between' : 'above';
  if (records < least) return 'normal';
  return rejectedShare > share * NORMAL_AGAIN ? 'between' : 'normal';
}

/** One line for people: how much, the most frequent reason, and where to look for an example. */
export function rejectText(
  { topic, records, rejected, worst }: Omit<TopicIntake, 'first'>,
  { window }: RejectLimit,
): string {
  const share = Math.round((100 * rejected) / Math.max(records, 1));
  const example =
    worst === undefined
      ? ''
      : `, mostly as ${worst.reason}, such as offset ${worst.offset} of partition ${worst.partition}`;
  return (
    `${share} % of ${records} records read from ${topic} in ${formatDuration(window)} were rejected${example}; ` +
    'a producer may have changed its format'
  );
}
