import type { LogRecord } from '../../src/ingest/record.ts';
import { MINUTE, MORNING } from '../support/events.ts';

/** Predictions of one model, a minute apart, offsets from 0 on without a gap. */
export function steadyLog(
  count: number,
  options: {
    /** By offset: how far the event is ahead of its record. */
    readonly ahead?: Readonly<Record<number, number>>;
  } = {},
): LogRecord[] {
  return Array.from({ length: count }, (_, offset) => {
    const timestamp = MORNING + offset * MINUTE;
    const event = {
      model: 'fraud',
      version: '7',
      timestamp: timestamp + (options.ahead?.[offset] ?? 0),
      features: { amount: offset % 8 },
      prediction: 'ok',
    };
    return { offset, timestamp, value: Buffer.from(JSON.stringify(event)) };
  });
}
