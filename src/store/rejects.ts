import type { Millis } from '../base/clock.ts';
import type { RejectReason } from '../event/events.ts';
import { sqlTime } from './sql-time.ts';

/** Bytes of a rejected payload that are kept, for a person to recognise it. */
const KEPT_BYTES = 1_024;

export interface Rejected {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: Millis;
  readonly reason: RejectReason;
  readonly detail: string;
  readonly payload: Buffer | null;
}

/** A row of `rejects`. */
export function rejectRow(rejected: Rejected): object {
  const { payload, timestamp, ...rest } = rejected;
  return {
    ...rest,
    timestamp: sqlTime(timestamp),
    detail: rejected.detail.toWellFormed(),
    payload: payload === null ? '' : payload.subarray(0, KEPT_BYTES).toString('utf8'),
    size: payload?.length ?? 0,
  };
}
