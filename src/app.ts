import { once } from 'node:events';
import type { Logger } from 'pino';
import { type Core, wireCore } from './app-core.ts';
import { Availability } from './base/availability.ts';
import type { Clock, Millis } from './base/clock.ts';
import { DriftdError } from './base/errors.ts';
import { every } from './base/every.ts';
import { Stops } from './base/stops.ts';
import { Reloader, type ReloadResult } from './config/reloader.ts';
import type { Config } from './config/schema.ts';
import type { Settings, Sources } from './config/sources.ts';
import { REJECT_REASONS } from './event/events.ts';
import { originsOf } from './http/cross-site.ts';
import type { NotificationQuery } from './http/notification-query.ts';
import { type HttpPorts, startHttp } from './http/server.ts';
import { type StatusView, statusPage } from './http/status-page.ts';
import { acknowledgementJson, silenceJson } from './http/suppression-json.ts';
import { createDeadLetterTopic } from './ingest/kafka/dead-letter-topic.ts';
import { startKafkaSource } from './ingest/kafka/kafka-source.ts';
import { createLogEnds } from './ingest/kafka/log-ends.ts';
import { Membership } from './ingest/kafka/membership.ts';
import type { DispatchDecision } from './notify/dispatch.ts';
import { type ResendPorts, startResending } from './notify/resend.ts';
import { alertViews } from './pipeline/alert-view.ts';
import type { SendDeadLetters } from './pipeline/dead-letters.ts';
import { errorStreamView } from './pipeline/error-stream-view.ts';
import { EvaluationLoop } from './pipeline/evaluation-loop.ts';
import { FlushedPartition } from './pipeline/flushed-partition.ts';
import { intakeGroup } from './pipeline/intake-alerts.ts';
import { LabelCounts } from './pipeline/label-counts.ts';
import { notificationView } from './pipeline/notification-view.ts';
import { rejectText } from './pipeline/reject-limit.ts';
import { RejectWatch } from './pipeline/reject-watch.ts';
import type { RetrainView } from './pipeline/retraining/retrain-view.ts';
import { createSendDeadLetters } from './pipeline/send-dead-letters.ts';
import type { Suppressions } from './pipeline/suppressions.ts';
import { toldAgain } from './pipeline/told-again.ts';
import { weakestSegments } from './pipeline/weakest-segments.ts';
import type { RuleGroup } from './rules/rule.ts';
import { openStore } from './store/client.ts';
import { newestErrorStreams } from './store/error-streams.ts';
import type { TopicIntake } from './store/intake.ts';
import { labelCensus } from './store/label-census.ts';
import { migrate } from './store/migrate.ts';
import { listNotifications } from './store/notifications.ts';
import { createPatience } from './store/patience.ts';
import { partitionProgress, storedEnd } from './store/progress.ts';
import { remembered } from './store/remembered.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

export interface AppOptions {
  readonly config: Config;
  readonly groups: readonly RuleGroup[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when driftd shall stop. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** Opens the store; for tests, which spoil it. */
  readonly openStore?: typeof openStore;
  /** Where to look for changes; without it the configuration stays as it is. */
  readonly reload?: ReloadOptions;
  /** Told once the HTTP server listens. */
  readonly onListening?: (url: string) => void;
}

interface ReloadOptions {
  /** What `config` and `groups` were made of. */
  readonly sources: Sources;
  readonly read: () => Promise<Sources>;
  /** Calls back for each SIGHUP. */
  readonly onHangup: (listener: () => void) => void;
}

/** On the page. */
const SHOWN_RETRAINS = 20;
const BACKOFF = { base: 500, max: 10_000, random: Math.random };
/** How often other instances' baselines are looked for, and messages that somebody wants to be tried again. */
const REFRESH: Millis = 10_000;
/** The whole of a clean stop stays below 15 s. */
const FLUSH_DEADLINE: Millis = 6_000;
const STOP_LIMIT: Millis = 12_000;

/** Runs the daemon until the signal aborts (resolves) or something breaks that waiting does not mend (rejects). */
export async function runDaemon(options: AppOptions): Promise<void> {
  const { config, clock, logger, version } = options;
  const { reject_limit: rejectLimit } = config.ingest;
  const ownGroup = intakeGroup(rejectLimit);
  const withOwn = (read: readonly RuleGroup[]): readonly RuleGroup[] => [...read, ownGroup];
  let groups = withOwn(options.groups);
  const kafka = config.kafka;
  if (kafka === undefined)
    throw new DriftdError('input', 'the configuration has no "kafka"; driftd run reads from Kafka');
  const stops = new Stops();
  const broken = new AbortController();
  const fail = (error: unknown): void => broken.abort(error);
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const pace = (interval: Millis, over: AbortSignal = signal) => ({ interval, signal: over, onFatal: fail });
  const startedAt = new Date(clock.now()).toISOString();

  const telemetry = createTelemetry();
  const availability = (name: string): Availability =>
    new Availability(name, ({ up, detail }) => {
      telemetry.up.set({ dependency: name }, up ? 1 : 0);
      if (up) logger.info({ dependency: name }, `${name} is ${detail}`);
      else logger.warn({ dependency: name }, `waiting for ${name}: ${detail}`);
    });
  const storeUp = availability('store');
  const kafkaUp = availability('kafka');
  const dependencies = [storeUp, kafkaUp];
  let rejecting: () => readonly TopicIntake[] = () => [];
  const checks = (): Record<string, string> => ({
    ...Object.fromEntries(dependencies.map((dependency) => [dependency.name, dependency.detail])),
    ...Object.fromEntries(
      rejecting().map((intake) => [`topic ${intake.topic}`, rejectText(intake, rejectLimit)]),
    ),
  });

  // Until all is wired there is nothing to put changes into.
  let apply: ((settings: Settings) => void) | undefined;
  const reloader =
    options.reload &&
    new Reloader(options.reload.sources, {
      read: options.reload.read,
      apply: (settings) => apply?.(settings),
      clock,
      logger,
      telemetry,
    });
  const reload = async (): Promise<ReloadResult> =>
    reloader === undefined || apply === undefined
      ? { ok: false, reason: 'driftd is still starting' }
      : reloader.reload();
  options.reload?.onHangup(() => void reload());

  try {
    // The server comes first, so that probes see a driftd that waits for its store.
    let view: () => StatusView = () => ({
      version,
      startedAt,
      evaluating: false,
      checks: checks(),
      models: [],
      ruleGroups: [],
      alerts: [],
      silences: [],
      acknowledgements: [],
    });
    let groupsView: () => readonly DispatchDecision[] = () => [];
    let suppressions: Suppressions | undefined;
    let core: Core | undefined;
    let wake = (): void => undefined;
    let ownOrigins: readonly string[] = [];
    const starting = (): never => {
      throw new DriftdError('environment', 'driftd is still starting: its store is not open yet');
    };
    let notifications = async (_: NotificationQuery): Promise<object> => starting();
    let errorStreams = async (): Promise<object> => starting();
    let weakest: HttpPorts['weakestSegments'] = async () => starting();
    const http = await startHttp(config.http, {
      registry: telemetry.registry,
      readiness: () => ({
        ready: rejecting().length === 0 && dependencies.every((dependency) => dependency.isUp()),
        checks: checks(),
      }),
      alerts: () => ({ alerts: view().alerts }),
      groups: () => ({ groups: groupsView() }),
      status: () => view(),
      notifications: (query) => notifications(query),
      errorStreams: () => errorStreams(),
      weakestSegments: (query) => weakest(query),
      page: async () => statusPage(view(), await newestRetrains(core)),
      suppression: {
        clock,
        suppressions: () => suppressions,
        ownOrigins: () => ownOrigins,
        onChange: (what, about) => {
          logger.info(about, what);
          wake();
        },
      },
      retrain: {
        clock,
        desk: () => core?.retrainDesk,
        targets: () => core?.targets() ?? [],
        ownOrigins: () => ownOrigins,
      },
      reload: config.http.enable_lifecycle ? reload : undefined,
    });
    ownOrigins = originsOf(http.port, config.http.external_url);
    stops.add('http', () => http.close());
    const url = config.http.external_url ?? `http://${config.http.host}:${http.port}`;
    logger.info({ version, url }, 'driftd listens');
    options.onListening?.(url);

    const store = await (options.openStore ?? openStore)(config.store);
    stops.add('store', () => store.close());
    const patience = createPatience(storeUp, BACKOFF);
    await migrate(store, (work) => patience(work, signal));
    logger.debug('the tables are up to date');

    const membership = new Membership(kafka.session_timeout, clock);
    let sendDeadLetters: SendDeadLetters | undefined;
    if (kafka.dead_letter !== undefined) {
      const topic = createDeadLetterTopic(kafka, kafka.dead_letter, logger);
      stops.add('dead-letter topic', () => topic.close());
      const topicUp = availability('dead_letter_topic');
      dependencies.push(topicUp);
      const whileAway = createPatience(topicUp, BACKOFF);
      // A topic that is not there shall be told of now, and not with the first reject.
      whileAway(() => topic.check(), signal).catch((error: unknown) => {
        if (!signal.aborted) fail(error);
      });
      sendDeadLetters = createSendDeadLetters(topic, whileAway, telemetry);
    }

    const wired = wireCore({
      config,
      groups,
      clock,
      logger,
      telemetry,
      store,
      patience,
      stops,
      externalUrl: () => url,
      assertOwner: () => membership.assertCurrent(),
      sendDeadLetters,
      intakeGroup: ownGroup,
    });
    core = wired;
    const { directory, evaluator, learning, dispatcher } = wired;
    // Takes about as long as joining the group does, so both go on at once; the first record waits for it.
    const baselinesKnown = patience(() => directory.refresh(), signal);
    baselinesKnown.then(
      () => logger.debug(`the baselines of ${directory.models().length} models are loaded`),
      (error) => signal.aborted || fail(error),
    );
    await patience(() => wired.suppressions.refresh(), signal);
    suppressions = wired.suppressions;

    notifications = async (query) => ({
      notifications: (await listNotifications(store, query)).map(notificationView),
    });

    errorStreams = async () => ({ models: (await newestErrorStreams(store)).map(errorStreamView) });

    weakest = (query) => weakestSegments(query, store, wired.policies, clock.now());

    const rejects = new RejectWatch({ clock, store, telemetry, limit: rejectLimit });
    rejecting = () => rejects.above;
    const logEnds = createLogEnds(kafka);
    stops.add('kafka admin client', () => logEnds.close());
    const loop = new EvaluationLoop(
      { allowedLateness: config.ingest.allowed_lateness, idleTimeout: config.ingest.idle_timeout },
      {
        clock,
        logger,
        telemetry,
        evaluator,
        learning,
        delivery: wired.delivery,
        groups,
        progress: remembered(store, ['progress'], () => partitionProgress(store)),
        isPredictions: (topic) => topic === kafka.predictions.topic,
        nonEmptyPartitions: () => logEnds.nonEmptyPartitions(),
        onFatal: fail,
      },
    );
    stops.add('evaluation', () => loop.stop());
    wake = () => loop.wake();
    const labelCounts = new LabelCounts({
      clock,
      telemetry,
      isActive: () => loop.isActive,
      census: () => labelCensus(store),
    });
    groupsView = () => dispatcher.decisions;
    view = () => ({
      version,
      startedAt,
      evaluating: loop.isActive,
      checks: checks(),
      models: directory.models().map((model) => ({
        model,
        baseline: [...directory.inForce(model, Number.POSITIVE_INFINITY).values()]
          .map(({ baselineId }) => baselineId)
          .join(', '),
        labels: labelCounts.of(model),
      })),
      ruleGroups: groups.map(({ name }) => ({ name, evaluatedUpTo: isoOf(evaluator.evaluatedUpTo(name)) })),
      alerts: alertViews(evaluator.alerts(), dispatcher),
      silences: wired.suppressions.silences
        .filter(({ endsAt }) => endsAt > clock.now())
        .map((silence) => silenceJson(silence, clock.now())),
      acknowledgements: wired.suppressions.acknowledgements.map(acknowledgementJson),
    });

    const topics = [kafka.predictions.topic, ...(kafka.labels === undefined ? [] : [kafka.labels.topic])];
    // A series that begins with its first record would hide that record from increase().
    for (const topic of topics) {
      telemetry.gapRecords.inc({ topic }, 0);
      for (const reason of REJECT_REASONS) telemetry.rejects.inc({ topic, reason }, 0);
    }
    const behind = new Set<object>();
    const source = startKafkaSource(kafka, {
      logger,
      availability: kafkaUp,
      backoff: BACKOFF,
      membership,
      open: (topic, partition, lease) =>
        new FlushedPartition(wired.openPartition(topic, partition, lease), {
          pace: pace(config.ingest.flush_interval, lease.signal),
          behind,
          onCaughtUp: () => loop.wake(),
        }),
      // Where the group's offsets have expired, the store still knows how far it had come.
      unbegun: async () =>
        Promise.all(
          (await logEnds.unbegun()).map(async ({ topic, partition, end }) => {
            const counted = await patience(() => storedEnd(store, topic, partition), signal);
            return { topic, partition, end: counted ?? end };
          }),
        ),
      position: async (topic, partition) => {
        await baselinesKnown;
        return logEnds.position(topic, partition);
      },
      onAssigned: (partitions) => loop.setActive(partitions[kafka.predictions.topic]?.includes(0) ?? false),
    });
    stops.add('kafka consumer', () => source.stop(FLUSH_DEADLINE));
    source.done.catch(fail);
    const timers = [
      every(pace(REFRESH), () => labelCounts.refresh()),
      every(pace(config.ingest.flush_interval), async () => loop.wake()),
      every(pace(REFRESH), async () => {
        await Promise.all([directory.refresh(), wired.suppressions.refresh()]);
      }),
      every(pace(REFRESH), async () => {
        if (loop.isActive) await wired.retrainWatch.look();
        else wired.retrainWatch.release();
      }),
      every(pace(REFRESH), async () => {
        if (loop.isActive) await wired.delivery.refresh();
        telemetry.notificationsPending.set(wired.delivery.pending());
      }),
      every(pace(REFRESH), () => rejects.look()),
    ];
    stops.add('timers', async () => {
      for (const stop of timers) stop();
    });
    const resendPorts: ResendPorts = {
      firingFor: (integration) => toldAgain(integration, evaluator.alerts(), wired.dispatcher),
      log: logger,
      onAttempt: (integration, { kind }) =>
        telemetry.notifications.inc({ receiver: integration, outcome: kind }),
    };
    let resending = startResending(wired.repeats(), resendPorts);
    stops.add('alerts that are told again', () => resending.stop());
    loop.start();
    apply = (settings) => {
      groups = withOwn(settings.groups);
      logger.level = settings.config.log.level;
      wired.adopt(settings.config);
      void resending.stop();
      resending = startResending(wired.repeats(), resendPorts);
      loop.setGroups(groups);
    };
    reloader?.watch(config.reload.interval);
    stops.add('reloading', async () => reloader?.stop());

    if (!signal.aborted) await once(signal, 'abort');
    if (broken.signal.aborted) throw broken.signal.reason;
    logger.info('stopping');
  } catch (error) {
    // A stop that was asked for ends whatever waits, and that is no failure.
    if (!options.signal.aborted || broken.signal.aborted) throw error;
  } finally {
    await stops.run(STOP_LIMIT, (name, why) => logger.warn({ resource: name }, `stopping ${name}: ${why}`));
    logger.info('stopped');
  }
}

/** The page is shown all the same while the store is away. */
async function newestRetrains(core: Core | undefined): Promise<readonly RetrainView[]> {
  return (await core?.retrainDesk.list({ limit: SHOWN_RETRAINS }).catch(() => [])) ?? [];
}

function isoOf(instant: Millis | undefined): string {
  return instant === undefined ? '' : new Date(instant).toISOString();
}
