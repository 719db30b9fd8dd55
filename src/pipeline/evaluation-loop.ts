import { schedule, type ScheduledTask } from 'node-cron';
import type { Logger } from 'pino';
import type { Clock, Millis } from '../base/clock.ts';
import { isRetryable, messageOf } from '../base/errors.ts';
import { needsLabels } from '../rules/needs-labels.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { PartitionProgress } from '../store/progress.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Evaluator } from './evaluator.ts';
import type { Learning } from './learning.ts';
import { labelsReached, watermark, type WatermarkOptions } from './watermark.ts';

export interface LoopPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly evaluator: Evaluator;
  readonly learning: Learning;
  readonly groups: readonly RuleGroup[];
  readonly progress: () => Promise<readonly PartitionProgress[]>;
  readonly isPredictions: (topic: string) => boolean;
  /** Partitions that hold records, as the brokers tell. One that nobody has read yet holds everything back. */
  readonly nonEmptyPartitions: () => Promise<ReadonlyArray<{ readonly topic: string; readonly partition: number }>>;
  readonly onFatal: (error: unknown) => void;
}

/** Besides the schedules and the flushes, the loop looks this often: other instances flush as well. */
const POLL: Millis = 5_000;

/** Runs the evaluator in the daemon, while this instance is the one that evaluates. */
export class EvaluationLoop {
  readonly #ports: LoopPorts;
  readonly #options: WatermarkOptions;
  readonly #stopping = new AbortController();
  #active = false;
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #tasks: ScheduledTask[] = [];

  constructor(options: WatermarkOptions, ports: LoopPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), POLL);
    const schedules = new Set(this.#ports.groups.map((group) => group.schedule));
    this.#tasks = Array.from(schedules, (cron) => schedule(cron, () => this.wake(), { timezone: 'UTC' }));
  }

  /** The owner of partition 0 of the predictions evaluates; everybody else forgets what they knew. */
  setActive(active: boolean): void {
    if (this.#active === active) return;
    this.#active = active;
    if (active) {
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
    const { evaluator, learning, logger, onFatal } = this.#ports;
    try {
      if (!this.#active) {
        evaluator.release();
        return;
      }
      await learning.learn();
      if (!evaluator.isActive) await evaluator.takeOver();
      await this.#evaluate();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      // What was committed is committed; the next look takes the rest up from the store.
      evaluator.release();
      if (isRetryable(error)) logger.debug({ err: error }, `evaluation waits: ${messageOf(error)}`);
      else onFatal(error);
    }
  }

  async #evaluate(): Promise<void> {
    const { clock, telemetry, evaluator, isPredictions, progress, nonEmptyPartitions } = this.#ports;
    const flushed = await progress();
    const predictions = flushed.filter(({ topic }) => isPredictions(topic));
    const labels = flushed.filter(({ topic }) => !isPredictions(topic));
    const limit = watermark(predictions, clock.now(), this.#options);
    if (limit === undefined) return;
    telemetry.watermark.set(limit / 1000);
    if (!evaluator.mayBeDue(limit)) return;
    const known = new Set(flushed.map(({ topic, partition }) => `${topic}/${partition}`));
    const unread = (await nonEmptyPartitions()).filter(({ topic, partition }) => !known.has(`${topic}/${partition}`));
    if (unread.some(({ topic }) => isPredictions(topic))) return;
    await evaluator.evaluateUpTo(
      limit,
      (group, instant) =>
        !group.rules.some(needsLabels) ||
        (unread.length === 0 && labelsReached(labels, instant, this.#options.allowedLateness)),
      this.#stopping.signal,
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('driftd stops'));
    clearInterval(this.#timer);
    for (const task of this.#tasks) await task.destroy();
    await this.#running;
  }
}
