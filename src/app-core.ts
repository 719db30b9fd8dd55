import type { Logger } from 'pino';
import type { Clock } from './base/clock.ts';
import type { Stops } from './base/stops.ts';
import { modelPolicies } from './config/model-policies.ts';
import type { Config } from './config/schema.ts';
import { createDecoder, type Decoder } from './decode/decoder.ts';
import { DEFAULT_CHUNK_LIMITS } from './ingest/chunk.ts';
import { createDelivery, type Delivery } from './notify/delivery.ts';
import type { Repeat } from './notify/integration.ts';
import { addressTest } from './notify/network-rules.ts';
import { openOutbound } from './notify/outbound.ts';
import type { Rate } from './notify/rate-limit.ts';
import { integrationsOf } from './notify/receiver-integrations.ts';
import type { Send } from './notify/send-outcome.ts';
import { createRepeats, createSends } from './notify/sends.ts';
import { BaselineDirectory } from './pipeline/baseline-directory.ts';
import type { SendDeadLetters } from './pipeline/dead-letters.ts';
import { byEventTime, byTheClock } from './pipeline/dispatch-clock.ts';
import type { Dispatcher } from './pipeline/dispatcher.ts';
import { createDispatcher } from './pipeline/dispatching.ts';
import { createEvaluator } from './pipeline/evaluation.ts';
import type { Evaluator } from './pipeline/evaluator.ts';
import { createIngest, type OpenPartition } from './pipeline/ingest.ts';
import { Learning, type LearningPorts } from './pipeline/learning.ts';
import { callbackUrl, type LinkFor, linkMaker } from './pipeline/links.ts';
import type { ModelPolicies } from './pipeline/model-policy.ts';
import { fromStored, toStored } from './pipeline/outbox.ts';
import type { ReplayClock } from './pipeline/replay-clock.ts';
import { RetrainDesk } from './pipeline/retraining/retrain-desk.ts';
import { RetrainWatch } from './pipeline/retraining/retrain-watch.ts';
import { isStillWanted } from './pipeline/retraining/still-wanted.ts';
import { storedMeasurements } from './pipeline/stored-measurements.ts';
import { createSuppressions } from './pipeline/stored-suppressions.ts';
import type { Suppressions } from './pipeline/suppressions.ts';
import type { AlertTransition } from './rules/alert.ts';
import type { RuleGroup } from './rules/rule.ts';
import { listActivations, loadBaselines, saveActivation, saveBaseline } from './store/baselines.ts';
import type { Store } from './store/client.ts';
import { learningProgress, learningSample } from './store/learning-samples.ts';
import { pendingIds, pendingNotifications, saveNotifications } from './store/notifications.ts';
import type { Patience } from './store/patience.ts';
import { remembered } from './store/remembered.ts';
import type { Bound } from './telemetry/bounds.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** What the daemon and a replay have in common: everything but the source, the clock's pace and the server. */
export interface Core {
  readonly policies: ModelPolicies;
  readonly decode: Decoder;
  readonly directory: BaselineDirectory;
  readonly learning: Learning;
  readonly openPartition: OpenPartition;
  readonly delivery: Delivery;
  readonly suppressions: Suppressions;
  readonly dispatcher: Dispatcher;
  readonly evaluator: Evaluator;
  readonly retrainDesk: RetrainDesk;
  readonly retrainWatch: RetrainWatch;
  /** The retraining targets that are in force. */
  readonly targets: () => Config['retraining'];
  /** The receivers that want to be told again what fires. */
  readonly repeats: () => ReadonlyMap<string, Repeat>;
  /** Puts into force what a reload may change: whom alerts and requests go to, and how. Rules are the evaluator's. */
  readonly adopt: (config: Config) => void;
}

export interface CoreParts {
  readonly config: Config;
  readonly groups: readonly RuleGroup[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly store: Store;
  readonly patience: Patience;
  readonly stops: Stops;
  readonly externalUrl: () => string;
  /** Throws when another process may evaluate by now. Asked before anything is committed that one alone may decide. */
  readonly assertOwner?: () => void;
  readonly onTransition?: (transition: AlertTransition) => void;
  /** For a replay: no evaluation loop stands beside the ingest, and messages are decided in event time. */
  readonly replays?: ReplayClock;
  readonly sendDeadLetters?: SendDeadLetters | undefined;
  /** The group of driftd's alerts about itself, one of `groups`; left out where nothing is read live. */
  readonly intakeGroup?: RuleGroup;
}

/** How long a delivery in flight may go on when driftd stops. */
const DELIVERY_GRACE = 3_000;

export function wireCore(parts: CoreParts): Core {
  const {
    config,
    clock,
    logger,
    telemetry,
    store,
    patience,
    stops,
    replays,
    assertOwner = () => undefined,
  } = parts;
  const { ingest } = config;
  const policies = modelPolicies(config);
  const decode = createDecoder({
    maxBytes: ingest.max_message_bytes,
    maxAge: ingest.max_age,
    maxFuture: ingest.max_future,
    mapping: ingest.mapping,
    knowsModel: (model) => ingest.unknown_models === 'accept' || Object.hasOwn(config.models, model),
    positiveClass: (model) => policies(model).positive,
  });

  const directory = new BaselineDirectory({
    listActivations: remembered(store, ['baseline_activations'], () => listActivations(store)),
    loadBaselines: (ids) => loadBaselines(store, ids),
  });
  const learningPorts: LearningPorts = {
    horizon: () => replays?.end() ?? Number.POSITIVE_INFINITY,
    learningProgress: () => learningProgress(store),
    learningSample: (model, events) => learningSample(store, model, events),
    adopt: async (baseline, activation) => {
      await saveBaseline(store, baseline, 'learned');
      assertOwner();
      await saveActivation(store, activation);
    },
    onLearned: (baseline, { appliesFrom }) => {
      logger.info(
        {
          model: baseline.model,
          baseline: baseline.id,
          events: baseline.rows,
          applies_from: new Date(appliesFrom),
        },
        `learned a baseline for ${baseline.model} from its first ${baseline.rows} events`,
      );
      if (baseline.performance.size === 0 && policies(baseline.model).labels !== undefined) {
        logger.warn(
          { model: baseline.model },
          'no label of those events had come, so the baseline has no accuracy; rules that use baseline.accuracy and the ' +
            'like stay silent until a baseline is made from labelled data (driftd baseline create --label)',
        );
      }
    },
    onOverflow: () => telemetry.overflow.inc({ bound: 'models' satisfies Bound }),
  };
  const learning = new Learning(directory, policies, learningPorts, ingest.max_models);
  const openPartition = createIngest({
    clock,
    logger,
    telemetry,
    store,
    patience,
    decode,
    directory,
    policies,
    learning,
    sendDeadLetters: parts.sendDeadLetters,
    ...(replays !== undefined && {
      onEvent: (topic, { timestamp }) => replays.take(topic, timestamp),
      whileWaiting: async () => {
        await learning.learn();
      },
    }),
    options: {
      limits: { ...DEFAULT_CHUNK_LIMITS, maxRecords: ingest.chunk_records },
      allowedLateness: ingest.allowed_lateness,
      sliceRecords: 1_000,
    },
  });

  const { networks, timeout } = config.delivery;
  const outbound = openOutbound({ mayCall: addressTest(networks), timeout, clock });
  stops.add('connections to receivers', outbound.close);
  const ports = { ...outbound, clock };
  let current = config;
  const link: LinkFor = (labels, window) =>
    linkMaker(current.grafana?.url, parts.externalUrl)(labels, window);
  const sends = new Map<string, Send>();
  const rates = new Map<string, Rate>();
  const connect = (options: Config): void => {
    const known = new Set(sends.keys());
    sends.clear();
    rates.clear();
    for (const [key, send] of createSends(options, ports)) sends.set(key, send);
    for (const { key, rate } of options.receivers.flatMap(integrationsOf)) rates.set(key, rate);
    for (const key of sends.keys()) {
      if (known.has(key)) continue;
      telemetry.notificationsFinished.inc({ receiver: key, status: 'dead' }, 0);
      telemetry.receiverCircuitOpen.set({ receiver: key }, 0);
      telemetry.receiverDisabled.set({ receiver: key }, 0);
    }
    for (const key of known) if (!rates.has(key)) telemetry.receiverCircuitOpen.remove({ receiver: key });
  };
  connect(config);
  const pending = remembered(store, ['notifications'], () => pendingIds(store));
  const delivery = createDelivery({
    loadPending: async (isKnown) => (await pendingNotifications(store, isKnown, pending)).map(fromStored),
    save: (row) => saveNotifications(store, [toStored(row)]),
    sends,
    rates,
    isWanted: (notification) => isStillWanted(notification, store),
    log: logger,
    random: Math.random,
    clock,
    giveUpAfter: config.delivery.give_up_after,
    failures: config.delivery.circuit_breaker_failures,
    onAttempt: ({ receiver }, { kind }) => {
      telemetry.notifications.inc({ receiver, outcome: kind });
      telemetry.notificationsPending.set(delivery.pending());
    },
    onDone: ({ receiver, status, kind }) => {
      if (kind === 'retrain') retrainWatch.wake();
      telemetry.notificationsFinished.inc({ receiver, status });
      telemetry.notificationsPending.set(delivery.pending());
    },
    onCircuit: (receiver, open) => telemetry.receiverCircuitOpen.set({ receiver }, open ? 1 : 0),
    onDisabled: (receiver, disabled) => telemetry.receiverDisabled.set({ receiver }, disabled ? 1 : 0),
  });
  stops.add('delivery', () => delivery.stop(DELIVERY_GRACE));
  const suppressions = createSuppressions({ clock, store, telemetry });
  const dispatcher = createDispatcher({
    clock,
    logger,
    telemetry,
    store,
    notify: config,
    link,
    delivery,
    suppressions,
    // In a replay hours pass while a message is sent: there what waits says nothing about the receiver.
    waits: parts.replays === undefined ? delivery.waits : () => false,
    assertOwner,
  });
  const evaluator = createEvaluator({
    clock,
    logger,
    telemetry,
    store,
    directory,
    policies,
    groups: parts.groups,
    backfill: config.evaluation.backfill,
    retraining: () => current.retraining,
    callbackUrl: (id) => callbackUrl(parts.externalUrl(), id),
    receiversOf: (alerts, now) => dispatcher.receiversOf(alerts, now),
    link,
    delivery,
    dispatching:
      replays !== undefined
        ? byEventTime(dispatcher)
        : byTheClock(dispatcher, clock, () => suppressions.refresh()),
    assertOwner,
    intake: parts.intakeGroup && { group: parts.intakeGroup, limit: ingest.reject_limit },
    ...(parts.onTransition && { onTransition: parts.onTransition }),
  });
  const targets = (): Config['retraining'] => current.retraining;
  const retrainDesk = new RetrainDesk({ clock, store, targets, logger });
  const retrainWatch = new RetrainWatch({
    clock,
    logger,
    telemetry,
    store,
    targets,
    measurements: storedMeasurements(store, directory, policies),
    receiversOf: (alerts) => dispatcher.receiversOf(alerts, clock.now()),
    deliver: () => delivery.refresh(),
    assertOwner,
  });
  const adopt = (next: Config): void => {
    const [before, now] = [current, next].map(({ receivers, retraining }) =>
      JSON.stringify([receivers, retraining]),
    );
    current = next;
    // Connections are kept where nothing has changed.
    if (before !== now) connect(next);
    delivery.reinstate();
    dispatcher.configure(next);
  };
  return {
    policies,
    decode,
    directory,
    learning,
    openPartition,
    delivery,
    suppressions,
    dispatcher,
    evaluator,
    retrainDesk,
    retrainWatch,
    targets,
    repeats: () => createRepeats(current, ports),
    adopt,
  };
}
