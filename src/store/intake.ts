import type { Millis } from '../base/clock.ts';
import type { RejectReason } from '../event/events.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** When and where something was read. */
interface IntakePlace {
  readonly topic: string;
  readonly partition: number;
  /** The clock of the instance that read it. */
  readonly at: Millis;
}

interface Taken {
  readonly records: number;
  /** How often, and the newest offset. */
  readonly rejects: ReadonlyMap<RejectReason, { readonly count: number; readonly offset: number }>;
}

/** A row of `intake`: what was read since the flush before. */
export function intakeRow({ topic, partition, at }: IntakePlace, { records, rejects }: Taken): object {
  const tallies = [...rejects.values()];
  return {
    at: sqlTime(at),
    topic,
    partition,
    records,
    rejected: tallies.reduce((sum, { count }) => sum + count, 0),
    reasons: [...rejects.keys()],
    counts: tallies.map(({ count }) => count),
    offsets: tallies.map(({ offset }) => offset),
  };
}

/** What was read from one topic in some time, and what the most of it was rejected for. */
export interface TopicIntake {
  readonly topic: string;
  readonly records: number;
  readonly rejected: number;
  /** When the first of them was read. */
  readonly first: Millis;
  /** The most frequent reason, with the newest record that was rejected for it; undefined when none was. */
  readonly worst?: { readonly reason: string; readonly partition: number; readonly offset: number };
}

const PERIOD = "at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}";

/** What was read in [from, to), by topic. */
export async function topicIntake(store: Store, from: Millis, to: Millis): Promise<TopicIntake[]> {
  const period = { from: sqlTime(from), to: sqlTime(to) };
  const topics = await store.query<Omit<TopicIntake, 'worst'>>(
    `SELECT topic, sum(i.records) AS records, sum(i.rejected) AS rejected, ${millisOf('min(at)')} AS first
     FROM {database}.intake AS i FINAL WHERE ${PERIOD} GROUP BY topic ORDER BY topic`,
    period,
  );
  if (topics.every(({ rejected }) => rejected === 0)) return topics;
  const reasons = await store.query<{ topic: string; reason: string; place: [number, number] }>(
    `SELECT topic, reason, argMax((partition, offset), (at, partition)) AS place
     FROM (SELECT * FROM {database}.intake FINAL WHERE ${PERIOD})
     ARRAY JOIN reasons AS reason, counts AS count, offsets AS offset
     GROUP BY topic, reason ORDER BY topic, sum(count) DESC, reason LIMIT 1 BY topic`,
    period,
  );
  return topics.map((intake) => {
    const found = reasons.find(({ topic }) => topic === intake.topic);
    if (found === undefined) return intake;
    const [partition, offset] = found.place;
    return { ...intake, worst: { reason: found.reason, partition, offset } };
  });
}

/** When something was first read, as far as the store knows; undefined when nothing was. */
export async function firstIntake(store: Store): Promise<Millis | undefined> {
  const [row] = await store.query<{ first: Millis }>(
    `SELECT ${millisOf('at')} AS first FROM {database}.intake ORDER BY at LIMIT 1`,
  );
  return row?.first;
}
