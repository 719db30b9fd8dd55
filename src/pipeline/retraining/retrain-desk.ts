import type { Logger } from 'pino';
import type { Clock } from '../../base/clock.ts';
import { Mutex } from '../../base/mutex.ts';
import { mayFollow, precedes, type RetrainState } from '../../notify/retrain-states.ts';
import type { RetrainingTargetOptions } from '../../notify/retraining-options.ts';
import { listBaselines } from '../../store/baselines.ts';
import type { Store } from '../../store/client.ts';
import { listRetrains } from '../../store/retrain-requests.ts';
import { otherAtWork, yieldToEarlier } from './busy-requests.ts';
import { queue } from './retrain-outbox.ts';
import { type RetrainRecord, recordOf, recordsOf, requestsOf, saveStep } from './retrain-record.ts';
import { type RetrainView, retrainView } from './retrain-view.ts';

/** What a target says of a request. */
export type RetrainReport = {
  /** What the target calls its run; the first that is named is the one. */
  readonly run?: string | undefined;
  readonly reason?: string | undefined;
} & (
  | { readonly status: 'accepted' | 'running' | 'failed' }
  | {
      readonly status: 'succeeded';
      readonly version: string;
      /** The id of a baseline that is in the store, or `learn`. */
      readonly baseline: string;
    }
);

export type DeskAnswer =
  | { readonly kind: 'done'; readonly view: RetrainView }
  | { readonly kind: 'unknown' | 'conflict' | 'invalid'; readonly message: string };

export interface RetrainDeskParts {
  readonly clock: Clock;
  readonly store: Store;
  /** As they are configured now. */
  readonly targets: () => readonly RetrainingTargetOptions[];
  readonly logger?: Pick<Logger, 'info'>;
}

/** How many requests are looked through for those in a state. */
const MOST = 1_000;

/**
 * Where people and targets say what becomes of requests. What comes twice changes nothing; what cannot be is refused. Two
 * processes may be told different things at once: each looks again at what it wrote, and one of them is refused.
 */
export class RetrainDesk {
  readonly #parts: RetrainDeskParts;
  readonly #mutex = new Mutex();

  constructor(parts: RetrainDeskParts) {
    this.#parts = parts;
  }

  async list(filter: { model?: string; state?: RetrainState; limit: number }): Promise<RetrainView[]> {
    const { store } = this.#parts;
    const { state, limit, model } = filter;
    const found = await listRetrains(store, {
      limit: state === undefined ? limit : MOST,
      ...(model !== undefined && { model }),
    });
    const records = await recordsOf(store, found);
    const wanted = records.filter((record) => state === undefined || record.state === state);
    return wanted.slice(0, limit).map(retrainView);
  }

  async get(id: string): Promise<RetrainView | undefined> {
    const record = await recordOf(this.#parts.store, id);
    return record && retrainView(record);
  }

  report(id: string, report: RetrainReport): Promise<DeskAnswer> {
    return this.#mutex.run(async () => {
      const record = await recordOf(this.#parts.store, id);
      if (record === undefined) return unknown(id);
      const working = record.steps.find(({ run }) => run !== '')?.run;
      if (working !== undefined && report.run !== undefined && report.run !== working)
        return conflict(`the run ${working} works on this request`);
      const fault = await this.#faultIn(record, report);
      if (fault !== undefined) return { kind: 'invalid', message: fault };
      const { status: state, run = '', reason = '' } = report;
      const isOutOfTurn = precedes(state, record.state) && !NOT_PASSED.has(record.state);
      // The network brought what the run said before after what it said next.
      if (isOutOfTurn && run !== '' && run === working) return done(record);
      if (record.state === 'timed_out' && (state === 'accepted' || state === 'running')) {
        const busy = await this.#busyFor(record);
        if (busy !== undefined) return conflict(`it timed out, and the request ${busy} is being worked on`);
      }
      const newVersion = report.status === 'succeeded' ? report.version : '';
      const baseline = report.status === 'succeeded' ? report.baseline : '';
      return this.#move(record, { state, run, reason, newVersion, baseline });
    });
  }

  async approve(id: string, author: string): Promise<DeskAnswer> {
    return this.#mutex.run(async () => {
      const { store, clock } = this.#parts;
      const record = await recordOf(store, id);
      if (record === undefined) return unknown(id);
      const { target, model } = record.about;
      if (!record.steps.some(({ state }) => state === 'suggested'))
        return conflict(`it was not suggested, and is ${record.state}`);
      if (record.state === 'suggested') {
        if (!this.#parts.targets().some(({ name }) => name === target))
          return conflict(`the retraining target "${target}" is not configured any more`);
        const busy = await this.#busyFor(record);
        if (busy !== undefined) return conflict(`the request ${busy} for ${model} is being worked on`);
      }
      const answer = await this.#move(record, { state: 'requested', author });
      if (answer.kind !== 'done' || record.state !== 'suggested') return answer;
      const asked = (await recordOf(store, id)) ?? record;
      const first = await yieldToEarlier(store, asked, this.#parts.targets(), clock.now());
      if (first !== undefined) return conflict(`the request ${first} for ${model} was first`);
      // The step commits it: a crash here is made up for by whoever evaluates.
      await queue(store, await requestsOf(store, [record]), clock.now());
      return answer;
    });
  }

  cancel(id: string, author: string, reason: string): Promise<DeskAnswer> {
    return this.#mutex.run(async () => {
      const record = await recordOf(this.#parts.store, id);
      if (record === undefined) return unknown(id);
      return this.#move(record, { state: 'cancelled', author, reason });
    });
  }

  async #move(record: RetrainRecord, step: Said): Promise<DeskAnswer> {
    const { store, clock, logger } = this.#parts;
    const { id, target, model } = record.about;
    const known = record.steps.find(({ state }) => state === step.state);
    if (known !== undefined && !isSame(known, step))
      return conflict(`it was ${step.state} before, and otherwise`);
    if (known !== undefined)
      return holds(record.state, step.state) ? done(record) : conflict(`it is ${record.state} by now`);
    if (!mayFollow(record.state, step.state))
      return conflict(`it is ${record.state}, and cannot become ${step.state}`);
    await saveStep(store, id, { ...step, at: clock.now() });
    const after = (await recordOf(store, id)) ?? record;
    const written = after.steps.find(({ state }) => state === step.state);
    // Somebody else was told something else at the same time, and was first.
    const won = written !== undefined && isSame(written, step) && holds(after.state, step.state);
    if (!won) return conflict(`it is ${after.state} by now`);
    const { state, author, reason } = step;
    logger?.info(
      { request: id, target, model, state, author, reason },
      `a request for a new model is ${state}`,
    );
    return done(after);
  }

  /** Another request that keeps this one from being made. */
  #busyFor({ about }: RetrainRecord): Promise<string | undefined> {
    const { store, clock, targets } = this.#parts;
    return otherAtWork(store, about, targets(), clock.now());
  }

  async #faultIn({ about }: RetrainRecord, report: RetrainReport): Promise<string | undefined> {
    if (report.status !== 'succeeded') return undefined;
    if (report.version === about.version)
      return `version: ${report.version} is the version that was to be replaced`;
    if (report.baseline === 'learn') return undefined;
    const found = await listBaselines(this.#parts.store, { model: about.model, idPrefix: report.baseline });
    const isThere = found.some(({ id }) => id === report.baseline);
    return isThere ? undefined : `baseline: there is no baseline ${report.baseline} of ${about.model}`;
  }
}

/** Who reports in one of these has to hear of it, or is heard of again. */
const NOT_PASSED: ReadonlySet<RetrainState> = new Set(['cancelled', 'timed_out']);

interface Said {
  readonly state: RetrainState;
  readonly author?: string;
  readonly run?: string;
  readonly reason?: string;
  readonly newVersion?: string;
  readonly baseline?: string;
}

/** Reasons may be worded anew. */
function isSame(known: Said, said: Said): boolean {
  const named = said.run === undefined || said.run === '' || said.run === known.run;
  return (
    named &&
    (said.newVersion ?? '') === (known.newVersion ?? '') &&
    (said.baseline ?? '') === (known.baseline ?? '')
  );
}

/** Whether what was said still holds where a request stands: of two ends one counts, and one that is over is not begun. */
function holds(now: RetrainState, said: RetrainState): boolean {
  if (now === said) return true;
  if (said === 'succeeded') return now === 'compared';
  return said !== 'cancelled' && said !== 'failed' && now !== 'cancelled';
}

function done(record: RetrainRecord): DeskAnswer {
  return { kind: 'done', view: retrainView(record) };
}

function unknown(id: string): DeskAnswer {
  return { kind: 'unknown', message: `there is no retraining request ${id}` };
}

function conflict(message: string): DeskAnswer {
  return { kind: 'conflict', message };
}
