import { type ScheduledTask, schedule, type TaskOptions } from 'node-cron';
import type { Logger } from 'pino';
import type { Clock, Millis } from '../base/clock.ts';
import { isRetryable, messageOf } from '../base/errors.ts';
import { needsLabels } from '../rules/needs-labels.ts';
import { OWN_GROUP, type RuleGroup } from '../rules/rule.ts';
import type { PartitionProgress } from '../store/progress.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Evaluator } from './evaluator.ts';
import type { Learning } from './learning.ts';
import { StalledPartitions } from './stalled.ts';
import { labelsReached, reachedBy, type WatermarkOptions, watermark } from './watermark.ts';

/** Where the log of a partition ends: the offset behind its last entry. */
export interface LogEnd {
  readonly topic: string;
  readonly partition: number;
  readonly end: number;
}

export interface LoopPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly evaluator: Evaluator;
  readonly learning: Learning;
  readonly delivery: { release(): void };
  readonly groups: readonly RuleGroup[];
  readonly progress: () => Promise<readonly PartitionProgress[]>;
  readonly isPredictions: (topic: string) => boolean;
  /** Partitions that hold records, as the brokers tell. One that nobody has read yet holds everything back. */
  readonly nonEmptyPartitions: () => Promise<readonly LogEnd[]>;
  readonly onFatal: (error: unknown) => void;
}

/** Besides the schedules and the flushes, the loop looks this often: other instances flush as well. */
const POLL: Millis = 10_000;
/** Samples are looked for this often even where no flush tells of any. */
const LEARN_ANYWAY: Millis = 60_000;
/** How far back the group of driftd's own alerts is evaluated after a pause. */
const OWN_REACH: Millis = 3_600_000;
/** Longer than it takes a group to notice that a member died. */
const UNREAD_GRACE: Millis = 120_000;

/** Runs the evaluator in the daemon, while this instance is the one that evaluates. */
export class EvaluationLoop {
  readonly #ports: LoopPorts;
  readonly #options: WatermarkOptions;
  readonly #stopping = new AbortController();
  #active = false;
  /** Aborted when the instance is no longer the one that evaluates, and when driftd stops. */
  #tenure = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #tasks: ScheduledTask[] = [];
  /** What was flushed when samples were last looked for, and when that was. */
  #learned = { flushed: '', at: 0 };
  readonly #stalled = new StalledPartitions();
  readonly #unreadSince = new Map<string, Millis>();
  readonly #told = new Set<string>();
  /** Where the logs of labels ended when instants up to `limit` were due. */
  #labelGoal: { readonly limit: Millis; readonly ends: ReadonlyMap<string, number> } | undefined;

  constructor(options: WatermarkOptions, ports: LoopPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL);
    this.#keepSchedules(this.#ports.groups);
  }

  /** Goes on with other groups: see Evaluator.setGroups. */
  setGroups(groups: readonly RuleGroup[]): void {
    this.#ports.evaluator.setGroups(groups);
    for (const task of this.#tasks) void task.destroy();
    this.#keepSchedules(groups);
    this.wake();
  }

  #keepSchedules(groups: readonly RuleGroup[]): void {
    const schedules = new Set(groups.map((group) => group.schedule));
    const options: TaskOptions = {
      timezone: 'UTC',
      // A busy process may come so late to a schedule and looks all the same; behind that, the timer's own look stands in.
      missedExecutionTolerance: POLL,
      suppressMissedWarning: true,
    };
    this.#tasks = Array.from(schedules, (cron) => schedule(cron, () => this.wake(), options));
  }

  /** The owner of partition 0 of the predictions evaluates; everybody else forgets what they knew. */
  setActive(active: boolean): void {
    if (this.#active === active) return;
    this.#active = active;
    if (!active) {
      // At once, and not when a backlog or a baseline is through: another instance takes over.
      this.#tenure.abort(new Error('another instance evaluates'));
      this.#ports.evaluator.release();
      this.#ports.delivery.release();
      // Whoever evaluates now tells these; two that do would be added up.
      this.#ports.telemetry.alerts.reset();
      this.#ports.telemetry.markedAlerts.reset();
      this.#ports.telemetry.aggregationGroups.reset();
      this.#ports.telemetry.errorStreamTime.reset();
      this.#ports.telemetry.watermark.remove();
    }
    if (active) {
      this.#tenure = new AbortController();
      this.#learned = { flushed: '', at: 0 };
      this.#ports.logger.info('this instance evaluates the rules');
      this.wake();
    }
  }

  get isActive(): boolean {
    return this.#active;
  }

  /** Looks whether something is due. Calls during a run lead to one more run, not to two at a time. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.wake();
    });
  }

  async #run(): Promise<void> {
    const { evaluator, progress, logger, onFatal } = this.#ports;
    const { signal } = this.#tenure;
    try {
      if (!this.#active) {
        evaluator.release();
        return;
      }
      const flushed = await progress();
      await this.#learn(flushed, signal);
      if (!evaluator.isActive) await evaluator.takeOver();
      // It may have been taken away while the store was being asked, and given back: what was asked for is forgotten in part.
      if (signal.aborted || !this.#active) {
        evaluator.release();
        return;
      }
      await evaluator.evaluateOwn(this.#ports.clock.now(), OWN_REACH, signal);
      await this.#evaluate(flushed, signal).catch(async (error: unknown) => {
        // While Kafka is away nothing new is found, and what is known is told all the same.
        if (isRetryable(error) && evaluator.isActive) await evaluator.dispatch();
        throw error;
      });
      if (evaluator.isActive) await evaluator.dispatch();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      // What was committed is committed; the next look takes the rest up from the store.
      evaluator.release();
      if (error === signal.reason) return;
      if (isRetryable(error)) logger.debug({ err: error }, `evaluation waits: ${messageOf(error)}`);
      else onFatal(error);
    }
  }

  /** Samples come with flushes: while there are none, the store is not asked for samples. */
  async #learn(progress: readonly PartitionProgress[], signal: AbortSignal): Promise<void> {
    const flushed = JSON.stringify(progress);
    const at = this.#ports.clock.now();
    if (flushed === this.#learned.flushed && at - this.#learned.at < LEARN_ANYWAY) return;
    await this.#ports.learning.learn(signal);
    this.#learned = { flushed, at };
  }

  async #evaluate(flushed: readonly PartitionProgress[], signal: AbortSignal): Promise<void> {
    const { clock, telemetry, evaluator, isPredictions, nonEmptyPartitions } = this.#ports;
    const now = clock.now();
    this.#stalled.look(flushed, now);
    const predictions = flushed.filter(({ topic }) => isPredictions(topic));
    const labels = flushed.filter(({ topic }) => !isPredictions(topic));
    const optimistic = watermark(
      predictions.map((partition) => ({ ...partition, caughtUp: true })),
      now,
      this.#options,
    );
    if (optimistic === undefined || !evaluator.mayBeDue(optimistic)) return;
    const nonEmpty = await nonEmptyPartitions();
    const unread = this.#unread(nonEmpty, flushed, now);
    if (unread.some(({ topic }) => isPredictions(topic))) return;
    const ends = new Map(nonEmpty.map((partition) => [keyOf(partition), partition.end]));
    // What a flush said of the end of its log is old news by now, in either direction.
    const corrected = predictions.map((partition) => ({
      ...partition,
      caughtUp: this.#isRead(partition, ends),
      maxEventTime: reachedBy(partition, this.#options),
    }));
    const limit = watermark(corrected, now, this.#options) ?? optimistic;
    // Somebody has just begun to read a partition, and has stored none of its events so far.
    if (limit <= 0) return;
    telemetry.watermark.set(limit / 1000);
    await evaluator.evaluateUpTo(
      limit,
      (group, instant) =>
        group.name !== OWN_GROUP &&
        (!group.rules.some(needsLabels) ||
          (unread.length === 0 && this.#hasLabels(labels, instant, limit, ends))),
      signal,
    );
  }

  /**
   * Partitions with records of which none is stored. They hold windows back, but not for ever: what they have may be
   * older than where the group began, or no records at all but markers.
   */
  #unread(nonEmpty: readonly LogEnd[], flushed: readonly PartitionProgress[], now: Millis): LogEnd[] {
    const known = new Set(flushed.map(keyOf));
    const unread = nonEmpty.filter((partition) => !known.has(keyOf(partition)));
    for (const key of this.#unreadSince.keys()) if (known.has(key)) this.#unreadSince.delete(key);
    return unread.filter((partition) => {
      const key = keyOf(partition);
      const since = this.#unreadSince.get(key) ?? now;
      this.#unreadSince.set(key, since);
      if (now - since < UNREAD_GRACE) return true;
      if (!this.#told.has(key)) {
        this.#told.add(key);
        const { topic, partition: number } = partition;
        this.#ports.logger.warn(
          { topic, partition: number },
          `nothing was read from ${topic}/${number} for ${UNREAD_GRACE / 60_000} minutes, although it is not empty; evaluating without it`,
        );
      }
      return false;
    });
  }

  #isRead(partition: PartitionProgress, ends: ReadonlyMap<string, number>): boolean {
    return partition.endOffset >= (ends.get(keyOf(partition)) ?? 0) || this.#stalled.has(partition);
  }

  #hasLabels(
    labels: readonly PartitionProgress[],
    instant: Millis,
    limit: Millis,
    ends: ReadonlyMap<string, number>,
  ): boolean {
    if (this.#labelGoal === undefined || this.#labelGoal.limit < instant) this.#labelGoal = { limit, ends };
    const goal = this.#labelGoal.ends;
    return labelsReached(labels, instant, this.#options.allowedLateness, (partition) =>
      this.#isRead(partition, goal),
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('driftd stops'));
    this.#tenure.abort(this.#stopping.signal.reason);
    clearInterval(this.#timer);
    for (const task of this.#tasks) await task.destroy();
    await this.#running;
  }
}

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}
