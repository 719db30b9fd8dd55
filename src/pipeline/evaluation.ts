import type { Logger } from 'pino';
import type { Clock, Millis } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Delivery } from '../notify/delivery.ts';
import type { RetrainRequest } from '../notify/notification.ts';
import type { NotifyOptions } from '../notify/receiver-options.ts';
import { type RetrainInput, retrainRequestsFor, trainingPeriodOf } from '../notify/retrain.ts';
import type { Alert, AlertTransition, Period } from '../rules/alert.ts';
import type { GroupStates } from '../rules/remembered-alerts.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { saveTransitions } from '../store/alert-transitions.ts';
import type { Store } from '../store/client.ts';
import { newestEvaluations, saveEvaluation } from '../store/evaluations.ts';
import { firstIntake, topicIntake } from '../store/intake.ts';
import { arrivalsIn } from '../store/label-arrivals.ts';
import { labelledCount } from '../store/labelled-join.ts';
import { saveMetrics } from '../store/metrics.ts';
import { savePerformanceDetails } from '../store/performance-details.ts';
import { MOST_VERSIONS, profiledPeriods } from '../store/profile-parts.ts';
import { partitionProgress } from '../store/progress.ts';
import { remembered } from '../store/remembered.ts';
import { retrainsBetween } from '../store/retrain-requests.ts';
import { segmentLosses } from '../store/segment-losses.ts';
import type { Bound } from '../telemetry/bounds.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import type { Dispatching } from './dispatch-clock.ts';
import { type EvaluationOutcome, Evaluator, type Judge } from './evaluator.ts';
import { explainingFirings } from './explain.ts';
import { evaluateIntake } from './intake-alerts.ts';
import { judgeMeasured } from './judge-measured.ts';
import type { LookPorts } from './label-watch.ts';
import type { LinkFor } from './links.ts';
import type { MeasurePorts } from './measure-ports.ts';
import { measureTheRest, measureWithLabels } from './measure-with-labels.ts';
import type { ModelPolicies } from './model-policy.ts';
import type { RejectLimit } from './reject-limit.ts';
import { busyRequests, yieldToEarlier } from './retraining/busy-requests.ts';
import { projectRequests } from './retraining/retrain-outbox.ts';
import { recordOf, recordsOf } from './retraining/retrain-record.ts';
import { createErrorStreams } from './stored-error-streams.ts';
import { storedMeasurements } from './stored-measurements.ts';

const DAY: Millis = 24 * 3_600_000;
/** Alerts wait for their explanations for no longer. */
const LONGEST_EXPLANATION: Millis = 10_000;

export interface EvaluationParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly store: Store;
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
  readonly groups: readonly RuleGroup[];
  readonly backfill: Millis;
  /** As they are configured now. */
  readonly retraining: () => NotifyOptions['retraining'];
  /** Where a target may report what becomes of a request. */
  readonly callbackUrl: (id: string) => string;
  /** The integrations that hear of these alerts. */
  readonly receiversOf: (alerts: readonly Alert[], now: Millis) => readonly string[];
  readonly link: LinkFor;
  readonly delivery: Delivery;
  readonly dispatching: Dispatching;
  readonly assertOwner: () => void;
  /** The group of the alerts that driftd has of itself, and how much may be rejected; left out where nothing is read live. */
  readonly intake?: { readonly group: RuleGroup; readonly limit: RejectLimit } | undefined;
  /** Told of every transition, after it is committed. */
  readonly onTransition?: (transition: AlertTransition) => void;
}

/** Wires the evaluator to the store and to the outbox. */
export function createEvaluator(parts: EvaluationParts): Evaluator {
  const { clock, store, directory, policies, link, telemetry } = parts;
  const overflow = (bound: Bound, count: number): void => telemetry.overflow.inc({ bound }, count);
  const stored = storedMeasurements(store, directory, policies);
  const measurements: MeasurePorts & { readonly look: LookPorts } = {
    ...stored,
    mergedProfiles: async (...window) => {
      const merged = await stored.mergedProfiles(...window);
      if (merged.size >= MOST_VERSIONS) overflow('evaluated_versions', 1);
      return merged;
    },
    onSegmentsLeftOut: (count) => overflow('labelled_segments', count),
    look: {
      position: async () =>
        (await partitionProgress(store)).map(({ topic, partition, endOffset: offset }) => ({
          topic,
          partition,
          offset,
        })),
      arrivalsIn: (ranges, query) => arrivalsIn(store, ranges, query),
    },
  };
  const judgeAll = judgeMeasured(
    async (group, instant, memory, signal) => {
      const measured = await measureWithLabels(group, instant, memory, measurements, signal);
      telemetry.recomputedWindows.inc({ group: group.name }, measured.labels?.late.length ?? 0);
      return measured;
    },
    (count) => overflow('alerts', count),
  );
  const judge = explainingFirings(judgeAll, {
    ...stored,
    segmentLosses: (window, policy) => segmentLosses(store, window, policy),
    limit: LONGEST_EXPLANATION,
    onOutcome: explanationLog(parts.logger),
  });
  const save = async (rows: readonly object[], details: readonly object[]): Promise<void> => {
    await saveMetrics(store, rows);
    await savePerformanceDetails(store, details);
  };
  const firstRead = remembered(store, ['intake'], () => firstIntake(store));
  return new Evaluator(parts.groups, parts.backfill, {
    clock,
    errorStreams: createErrorStreams(parts),
    judge: (group, instant, before, signal) =>
      group === parts.intake?.group
        ? judgeIntake(store, parts.intake, instant, before.states)
        : judge(group, instant, before, signal),
    measureTheRest: (group, instant, memory, signal) =>
      measureTheRest(group, instant, memory, measurements, signal, save),
    saveMetrics: save,
    retrainsFor: async (instant, window, { transitions, active }) => {
      const firing = active.filter(({ retrain }) => retrain !== undefined);
      if (firing.length === 0) return { requests: [], suppressed: [] };
      const targets = parts.retraining();
      const since = firing.reduce((first, { firedAt = instant }) => Math.min(first, firedAt), instant);
      const input = {
        transitions,
        firing,
        targets,
        recent: await recentRequests(store, since, instant, targets),
        instant,
        window,
        baselineId: (model: string, version: string) => directory.at(model, version, instant)?.baseline.id,
        callbackUrl: parts.callbackUrl,
        link,
      };
      const { requests } = retrainRequestsFor({ ...input, labelled: () => Number.POSITIVE_INFINITY });
      const labelled = await labelledCounts(store, requests, targets, window);
      return retrainRequestsFor({ ...input, labelled: (model) => labelled.get(model) ?? 0 });
    },
    newestEvaluations: () => newestEvaluations(store),
    saveEvaluation: async (row) => {
      parts.assertOwner();
      await saveEvaluation(store, row);
    },
    project: async ({ transitions, retrains }) => {
      const now = clock.now();
      if (transitions.length > 0) await saveTransitions(store, transitions);
      await projectRequests(store, retrains, (alerts) => parts.receiversOf(alerts, now), now);
      await yieldToApproved(parts, retrains, now);
    },
    dispatching: parts.dispatching,
    // By way of the store, which knows what an evaluation that is repeated after a crash has sent already.
    deliver: () => parts.delivery.refresh(),
    firstTime: async (group) => {
      if (group === parts.intake?.group) return firstRead();
      const periods = await profiledPeriods(store);
      return periods.length === 0 ? undefined : Math.min(...periods.map(({ first }) => first));
    },
    onEvaluated: (group, instant, outcome, active, seconds) => {
      const labels = { group: group.name };
      telemetry.evaluations.inc(labels);
      telemetry.evaluationSeconds.observe(labels, seconds);
      telemetry.lastEvaluation.set(labels, instant / 1000);
      telemetry.alerts.set({ ...labels, state: 'firing' }, active.length);
      telemetry.alerts.set(
        { ...labels, state: 'pending' },
        Object.values(outcome.states).filter(({ phase }) => phase === 'pending').length,
      );
      // A group that was removed has resolved its alerts, and has no more.
      if (group.rules.length === 0 && group !== parts.intake?.group)
        for (const state of ['firing', 'pending']) telemetry.alerts.remove({ ...labels, state });
      tell(parts, outcome);
    },
  });
}

/** One line when alerts begin to go without an explanation, and one when they have one again. */
function explanationLog(logger: Logger): (failure: unknown) => void {
  let isFailing = false;
  return (failure) => {
    if (isFailing === (failure !== undefined)) return;
    isFailing = !isFailing;
    if (isFailing) logger.warn({ reason: messageOf(failure) }, 'alerts go without an explanation');
    else logger.info('alerts are explained again');
  };
}

async function judgeIntake(
  store: Store,
  { group, limit }: NonNullable<EvaluationParts['intake']>,
  instant: Millis,
  states: GroupStates,
): ReturnType<Judge> {
  const intakes = await topicIntake(store, instant - group.window, instant);
  return { rows: [], ...evaluateIntake(intakes, { group, instant, states, limit }) };
}

function tell({ logger, telemetry, onTransition }: EvaluationParts, outcome: EvaluationOutcome): void {
  for (const transition of outcome.transitions) {
    const { alert, to, reason } = transition;
    onTransition?.(transition);
    if (to !== 'firing' && to !== 'resolved') continue;
    const window = [new Date(alert.window.from).toISOString(), new Date(alert.window.to).toISOString()];
    logger.info(
      { ...alert.labels, state: to, reason, window, values: alert.values },
      alert.annotations['summary'],
    );
  }
  for (const { id, target, model, suggested } of outcome.retrains) {
    telemetry.retrains.inc({ target, outcome: suggested === true ? 'suggested' : 'requested' });
    logger.info(
      { request: id, target, model },
      suggested === true ? 'suggesting a new model' : 'asking for a new model',
    );
  }
  for (const { target, model, reason } of outcome.suppressed) {
    telemetry.retrains.inc({ target, outcome: reason });
    logger.info({ target, model, reason }, 'not asking for a new model');
  }
}

/** Somebody may have approved another request while these were decided. */
async function yieldToApproved(
  { store, retraining, logger }: EvaluationParts,
  retrains: readonly RetrainRequest[],
  now: Millis,
): Promise<void> {
  const made = retrains.filter(({ suggested }) => suggested !== true);
  for (const { id, model } of made) {
    const record = await recordOf(store, id);
    const first = record && (await yieldToEarlier(store, record, retraining(), now));
    if (first !== undefined) logger.info({ request: id, model, first }, 'another request was first');
  }
}

/** Those that a new one may have to wait for, or that were made since alerts fire. */
async function recentRequests(
  store: Store,
  since: Millis,
  instant: Millis,
  targets: NotifyOptions['retraining'],
): Promise<RetrainInput['recent']> {
  const reach = Math.max(DAY, ...targets.flatMap(({ cooldown, timeout }) => [cooldown, timeout])) + 30 * DAY;
  const found = await retrainsBetween(store, Math.min(since, instant - reach), instant + reach);
  const records = await recordsOf(store, found);
  const busy = await busyRequests(store, records, targets);
  return records.map(({ about: { id, target, model, version, at }, state, steps }) => {
    const made = steps.find((step) => step.state === 'succeeded')?.newVersion;
    const compared = steps.find((step) => step.state === 'compared')?.at ?? Number.POSITIVE_INFINITY;
    return {
      id,
      target,
      model,
      version,
      at,
      busyUntil: busy.get(id),
      ...((state === 'succeeded' || state === 'compared') &&
        made !== undefined && { newVersion: { version: made, until: compared } }),
    };
  });
}

/** By model; of those alone whose target wants to know. */
async function labelledCounts(
  store: Store,
  requests: readonly RetrainRequest[],
  targets: NotifyOptions['retraining'],
  window: Period,
): Promise<ReadonlyMap<string, number>> {
  const wanting = new Set(targets.filter((target) => target.min_labelled > 0).map(({ name }) => name));
  const models = new Set(requests.flatMap(({ target, model }) => (wanting.has(target) ? [model] : [])));
  const counts = new Map<string, number>();
  for (const model of models)
    counts.set(model, await labelledCount(store, { model, ...trainingPeriodOf(window) }));
  return counts;
}
