import type { Millis } from '../base/clock.ts';
import { Mutex } from '../base/mutex.ts';
import type { Baseline } from '../profile/baseline.ts';
import { paneStart } from '../profile/pane.ts';
import { FrequentItems } from '../stats/frequent/frequent-items.ts';
import type { Activation } from '../store/baselines.ts';
import type { LearningSample } from '../store/learning-samples.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import { baselineFromSample } from './baseline-from-sample.ts';
import type { ModelPolicies } from './model-policy.ts';
import { Turns } from './turns.ts';

const DEFAULT_MAX_MODELS = 1_000;

/** How often a model must be seen before it learns, where too many want to: names that come once fill no store. */
const SEEN_IN_A_CROWD = 10;

export interface LearningPorts {
  /** Event times beyond this are those of broken clocks. Infinity where they are rejected before. */
  readonly horizon: () => Millis;
  readonly learningProgress: () => Promise<
    ReadonlyArray<{ readonly model: string; readonly events: number }>
  >;
  /** The first `events` of a model's sample by event time, and the event time of the last one stored. */
  readonly learningSample: (model: string, events: number) => Promise<LearningSample | undefined>;
  /** Stores the baseline first and then its activation. */
  readonly adopt: (baseline: Baseline, activation: Activation) => Promise<void>;
  readonly onLearned: (baseline: Baseline, activation: Activation) => void;
  /** Told of each event that is not looked at since too many models have a baseline, or want one. */
  readonly onOverflow?: () => void;
}

/**
 * Models without a baseline, and how far their samples have come.
 *
 * Every instance collects; the evaluating one makes the baselines (`learn`). The rest of a chunk depends on the outcome,
 * so a chunk that met such a model is not committed before it is known (`settle`).
 */
export class Learning {
  readonly #directory: BaselineDirectory;
  readonly #policies: ModelPolicies;
  readonly #ports: LearningPorts;
  readonly #mutex = new Mutex();
  readonly #maxModels: number;
  /** Of more models than may learn at a time those that are seen most, so that many rare ones do not keep out a real one. */
  readonly #learners: FrequentItems;
  #collected = new Map<string, number>();

  /** @param maxModels how many models may have a baseline before no further one learns, and how many learn at a time. */
  constructor(
    directory: BaselineDirectory,
    policies: ModelPolicies,
    ports: LearningPorts,
    maxModels = DEFAULT_MAX_MODELS,
  ) {
    this.#directory = directory;
    this.#policies = policies;
    this.#ports = ports;
    this.#maxModels = maxModels;
    this.#learners = new FrequentItems(maxModels);
  }

  /**
   * True while a chunk shall give more events of a model to its sample: up to a whole sample from each chunk. So a
   * chunk either gives all its events, or completes the sample by itself; which of them, depends on the chunk alone. Only where
   * too many models want to learn, some of what one gave may be missing.
   */
  wantsSample(model: string, sampled: number): boolean {
    if (this.#directory.has(model) || sampled >= this.#policies(model).learn) return false;
    if (this.#isFull() || !this.#mayLearn(model)) {
      this.#ports.onOverflow?.();
      return false;
    }
    this.#collected.set(model, (this.#collected.get(model) ?? 0) + 1);
    if (this.#collected.size > 2 * this.#maxModels) this.#forgetStrays();
    return true;
  }

  #forgetStrays(): void {
    for (const model of this.#collected.keys()) {
      if (!this.#learners.has(model)) this.#collected.delete(model);
    }
  }

  #mayLearn(model: string): boolean {
    const seen = this.#learners.offer(model);
    return seen >= (this.#learners.isCrowded ? SEEN_IN_A_CROWD : 1);
  }

  #isFull(): boolean {
    return this.#directory.size >= this.#maxModels;
  }

  /** True when this process has seen a whole sample of a model that has no baseline yet. */
  isDue(): boolean {
    for (const [model, collected] of this.#collected) {
      if (collected >= this.#policies(model).learn && !this.#directory.has(model)) return true;
    }
    return false;
  }

  /**
   * Makes the baselines whose samples are complete. For one instance at a time; calls within a process wait for each other.
   *
   * The rest of the process goes on meanwhile. Chunks that it reads may give more events to the samples; they are not
   * committed before the baseline is there (see `isSettled`), as it is with other instances.
   *
   * @param signal stops the work, and no baseline is adopted behind it: another instance may be about to make it. Then
   *   the call fails with the signal's reason.
   */
  learn(signal?: AbortSignal): Promise<void> {
    return this.#mutex.run(() => this.#learn(signal));
  }

  async #learn(signal: AbortSignal | undefined): Promise<void> {
    // Whoever learned before us may have made some already.
    await this.#directory.refresh();
    const progress = await this.#ports.learningProgress();
    this.#collected = new Map(progress.map(({ model, events }) => [model, events]));
    for (const { model, events } of progress) {
      const policy = this.#policies(model);
      if (this.#directory.has(model) || events < policy.learn || this.#isFull()) continue;
      const sample = await this.#ports.learningSample(model, policy.learn);
      if (sample === undefined) continue;
      const baseline = await baselineFromSample(model, sample.pages, policy, new Turns({ signal }));
      const activation: Activation = {
        model,
        version: '',
        // Behind every event that was given to the sample: those were not counted, and chunks of them are committed.
        appliesFrom: behind(Math.min(sample.until, this.#ports.horizon()), baseline.pane),
        baselineId: baseline.id,
        reason: 'learned',
      };
      signal?.throwIfAborted();
      await this.#ports.adopt(baseline, activation);
      await this.#directory.refresh();
      this.#ports.onLearned(baseline, activation);
    }
  }

  /**
   * Whether it is settled that events of these models have no baseline, so that a chunk with them may be committed.
   *
   * While their samples are not complete, a later baseline will apply behind every event of the chunk. Once one is
   * complete, its baseline is about to come and has to be waited for.
   */
  async isSettled(models: ReadonlySet<string>): Promise<boolean> {
    // Samples first: a baseline that was made between the two look-ups is then seen as one.
    const progress = await this.#ports.learningProgress();
    await this.#directory.refresh();
    this.#collected = new Map(progress.map(({ model, events }) => [model, events]));
    return !progress.some(
      ({ model, events }) =>
        !this.#isFull() &&
        models.has(model) &&
        !this.#directory.has(model) &&
        events >= this.#policies(model).learn,
    );
  }
}

/** The start of the first pane that lies wholly behind an instant. */
function behind(instant: Millis, pane: Millis): Millis {
  return paneStart(instant, pane) + pane;
}
