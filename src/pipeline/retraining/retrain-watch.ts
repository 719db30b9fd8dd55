import type { Logger } from 'pino';
import type { Clock, Millis } from '../../base/clock.ts';
import { DriftdError } from '../../base/errors.ts';
import type { AlertNotification, RetrainRequest } from '../../notify/notification.ts';
import { busyUntil, isOpen, RETRAIN_STATES, type RetrainState } from '../../notify/retrain-states.ts';
import { comparisonNote } from '../../notify/retraining-note.ts';
import { type RetrainingTargetOptions, timeoutOf } from '../../notify/retraining-options.ts';
import type { Alert, Period } from '../../rules/alert.ts';
import {
  type Activation,
  listActivations,
  loadBaseline,
  saveActivation,
  saveBaseline,
} from '../../store/baselines.ts';
import type { Store } from '../../store/client.ts';
import { notificationStates } from '../../store/notifications.ts';
import { retrainOutcomes, watchedRetrains } from '../../store/retrain-requests.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { MeasurePorts } from '../measure-ports.ts';
import { behindNow, firstLook } from './first-look.ts';
import { queue } from './retrain-outbox.ts';
import { type RecordedStep, type RetrainRecord, recordsOf, requestsOf, saveStep } from './retrain-record.ts';

export interface RetrainWatchParts {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly telemetry: Pick<Telemetry, 'retrainStates'>;
  readonly store: Store;
  readonly targets: () => readonly RetrainingTargetOptions[];
  readonly measurements: MeasurePorts;
  /** The integrations that hear of these alerts. */
  readonly receiversOf: (alerts: readonly Alert[]) => readonly string[];
  /** Starts the delivery of what the store holds as not sent. */
  readonly deliver: () => Promise<void>;
  /** Throws when another process may watch by now. */
  readonly assertOwner: () => void;
}

/** How long requests are counted that are over. */
const COUNTED: Millis = 90 * 24 * 3_600_000;
/** How often requests are looked for while none is on its way. */
const IDLE: Millis = 60_000;
/** What was decided longer ago has long been written. */
const FINISHED: Millis = 7 * 24 * 3_600_000;

/** What follows from a comparison. */
interface Outcome {
  readonly activation?: Activation;
  readonly notifications: readonly AlertNotification[];
}

/**
 * Follows what becomes of requests, for the instance that evaluates: what was sent, what takes too long, and what new versions
 * are like when they come.
 *
 * Each step is one row, written before anything that follows from it; whoever takes over writes the latter again.
 */
export class RetrainWatch {
  readonly #parts: RetrainWatchParts;
  #idleUntil: Millis = 0;
  #hasFinished = false;
  readonly #setAsideIds = new Set<string>();

  constructor(parts: RetrainWatchParts) {
    this.#parts = parts;
  }

  /** Another instance watches from now on. */
  release(): void {
    this.#idleUntil = 0;
    this.#hasFinished = false;
    this.#parts.telemetry.retrainStates.reset();
  }

  /** Looks now, even when nothing seemed to be on its way. */
  wake(): void {
    this.#idleUntil = 0;
  }

  async look(): Promise<void> {
    const { clock, store, telemetry } = this.#parts;
    const now = clock.now();
    if (now < this.#idleUntil) return;
    const records = await recordsOf(store, await watchedRetrains(store, now - COUNTED));
    if (!this.#hasFinished) await this.#finish(now);
    this.#hasFinished = true;
    await this.#followDelivery(records, now);
    for (const record of records) {
      await this.#expire(record, now);
      await this.#lookAtNewVersion(record, now).catch((error: unknown) => this.#setAside(record, error));
    }
    const counts = new Map<RetrainState, number>(RETRAIN_STATES.map((state) => [state, 0]));
    for (const { state } of records) counts.set(state, (counts.get(state) ?? 0) + 1);
    for (const [state, count] of counts) telemetry.retrainStates.set({ state }, count);
    if (!records.some(({ state }) => isOpen(state))) this.#idleUntil = now + IDLE;
  }

  /** What the outbox knows becomes a step; what was approved and is not in it yet comes into it. */
  async #followDelivery(records: readonly RetrainRecord[], now: Millis): Promise<void> {
    const { store, deliver } = this.#parts;
    const waiting = records.filter(({ state }) => state === 'requested' || state === 'undelivered');
    if (waiting.length === 0) return;
    const states = await notificationStates(
      store,
      waiting.map(({ about: { id } }) => id),
    );
    const missing = waiting.filter(({ about: { id } }) => !states.has(id));
    if (missing.length > 0) {
      this.#parts.assertOwner();
      await queue(store, await requestsOf(store, missing), now);
      await deliver();
    }
    for (const { about, state } of waiting) {
      const delivery = states.get(about.id);
      if (delivery?.status === 'sent') await this.#step(about.id, { state: 'sent', at: delivery.updatedAt });
      if (delivery?.status === 'dead' && state === 'requested')
        await this.#step(about.id, {
          state: 'undelivered',
          at: delivery.updatedAt,
          reason: delivery.lastError,
        });
    }
  }

  async #expire({ about, steps }: RetrainRecord, now: Millis): Promise<void> {
    const { id, at, target, model } = about;
    const until = busyUntil(at, steps, timeoutOf(this.#parts.targets(), target));
    // What was heard of again and fell silent again is let go without another step.
    if (until === undefined || now < until || steps.some(({ state }) => state === 'timed_out')) return;
    await this.#step(id, { state: 'timed_out', at: now, reason: 'the target did not say how it ended' });
    this.#parts.logger.warn(
      { request: id, target, model },
      'a request for a new model takes too long; others may be made for the model',
    );
  }

  /** One version that cannot be looked at keeps no other from it, and is told of once. */
  #setAside({ about: { id, model } }: RetrainRecord, error: unknown): void {
    if (error instanceof DriftdError) throw error;
    if (this.#setAsideIds.has(id)) return;
    this.#setAsideIds.add(id);
    this.#parts.logger.warn({ request: id, model, err: error }, 'cannot look at a new version');
  }

  async #lookAtNewVersion(record: RetrainRecord, now: Millis): Promise<void> {
    const succeeded = record.steps.find(({ state }) => state === 'succeeded');
    if (record.state !== 'succeeded' || succeeded === undefined) return;
    const { measurements, store, logger } = this.#parts;
    await this.#activateGiven(record, succeeded, now);
    const full = async (): Promise<RetrainRequest | undefined> => (await requestsOf(store, [record]))[0];
    const windowOf = async (): Promise<Period | undefined> => (await full())?.window;
    const learns =
      succeeded.baseline === 'learn' && !(await this.#hasBaseline(record.about.model, succeeded.newVersion));
    const about = { ...record.about, newVersion: succeeded.newVersion, learns };
    const look = await firstLook(about, measurements, windowOf);
    const request = look === undefined ? undefined : await full();
    if (look === undefined || request === undefined) return;
    const { learned, lines } = look;
    if (learned !== undefined) await saveBaseline(store, learned, 'learned');
    const activation = learned && {
      model: request.model,
      version: succeeded.newVersion,
      appliesFrom: behindNow(now, learned.pane),
      baselineId: learned.id,
      reason: `retraining ${request.id}`,
    };
    const notifications = this.#parts
      .receiversOf(request.alerts)
      .map((receiver) => comparisonNote(request, receiver, now, lines));
    const outcome: Outcome = { notifications, ...(activation !== undefined && { activation }) };
    await this.#step(request.id, {
      state: 'compared',
      at: now,
      reason: lines.join('; '),
      baseline: learned?.id ?? '',
      outcome: JSON.stringify(outcome),
    });
    await this.#follow(outcome, now);
    logger.info(
      { request: request.id, model: request.model, version: succeeded.newVersion, baseline: learned?.id },
      `a new version has had traffic: ${lines.join('; ')}`,
    );
    await this.#parts.deliver();
  }

  /** The baseline that the target names holds for its version; for all of its events, when it has had none. */
  async #activateGiven({ about }: RetrainRecord, step: RecordedStep, now: Millis): Promise<void> {
    const { baseline, newVersion } = step;
    if (baseline === 'learn') return;
    const { store, measurements } = this.#parts;
    const { model } = about;
    if (await this.#hasBaseline(model, newVersion)) return;
    const hasTraffic = (await measurements.lastSeen(model)).some(({ version }) => version === newVersion);
    const given = await loadBaseline(store, baseline);
    if (given === undefined) return;
    this.#parts.assertOwner();
    await saveActivation(store, {
      model,
      version: newVersion,
      appliesFrom: hasTraffic ? behindNow(now, given.pane) : 0,
      baselineId: baseline,
      reason: `retraining ${about.id}`,
    });
    await measurements.directory.refresh();
  }

  /** Whether a version has a baseline of its own, wherever it is from. */
  async #hasBaseline(model: string, version: string): Promise<boolean> {
    const activations = await listActivations(this.#parts.store);
    return activations.some((activation) => activation.model === model && activation.version === version);
  }

  /** Writes again what a process before may have left. */
  async #finish(now: Millis): Promise<void> {
    for (const outcome of await retrainOutcomes(this.#parts.store, now - FINISHED))
      await this.#follow(JSON.parse(outcome) as Outcome, now);
  }

  async #follow({ activation, notifications }: Outcome, now: Millis): Promise<void> {
    const { store, measurements, assertOwner } = this.#parts;
    assertOwner();
    if (activation !== undefined) await saveActivation(store, activation);
    await queue(store, notifications, now);
    await measurements.directory.refresh();
  }

  async #step(id: string, step: Parameters<typeof saveStep>[2]): Promise<void> {
    this.#parts.assertOwner();
    await saveStep(this.#parts.store, id, step);
  }
}
