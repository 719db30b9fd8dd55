import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { BOUNDS } from './bounds.ts';

/** driftd's own metrics, as Prometheus scrapes them. Made once, passed to whoever counts. */
export interface Telemetry {
  readonly registry: Registry;
  readonly records: Counter<'topic'>;
  readonly events: Counter<'kind'>;
  readonly rejects: Counter<'topic' | 'reason'>;
  readonly rejectedShare: Gauge<'topic'>;
  readonly deadLetters: Counter<'topic'>;
  readonly lateEvents: Counter<'topic'>;
  readonly overflow: Counter<'bound'>;
  readonly gapRecords: Counter<'topic'>;
  readonly flushes: Counter;
  readonly flushedRows: Counter<'table'>;
  readonly flushSeconds: Histogram;
  readonly rewinds: Counter;
  readonly partitionOffset: Gauge<'topic' | 'partition'>;
  readonly partitionLag: Gauge<'topic' | 'partition'>;
  readonly watermark: Gauge;
  readonly evaluations: Counter<'group'>;
  readonly evaluationSeconds: Histogram<'group'>;
  readonly labelJoin: Gauge<'model' | 'state'>;
  readonly recomputedWindows: Counter<'group'>;
  readonly lastEvaluation: Gauge<'group'>;
  readonly alerts: Gauge<'group' | 'state'>;
  readonly notifications: Counter<'receiver' | 'outcome'>;
  readonly notificationsPending: Gauge;
  readonly notificationsSuppressed: Counter<'reason'>;
  readonly markedAlerts: Gauge<'state'>;
  readonly aggregationGroups: Gauge;
  readonly silences: Gauge<'state'>;
  readonly acknowledgements: Gauge;
  readonly notificationsFinished: Counter<'receiver' | 'status'>;
  readonly receiverCircuitOpen: Gauge<'receiver'>;
  readonly receiverDisabled: Gauge<'receiver'>;
  readonly retrains: Counter<'target' | 'outcome'>;
  readonly retrainStates: Gauge<'state'>;
  readonly errorStreamTime: Gauge<'model'>;
  readonly errorStreamObservations: Counter<'model'>;
  readonly errorChanges: Counter<'model' | 'detector' | 'signal'>;
  readonly up: Gauge<'dependency'>;
  readonly reloadSuccessful: Gauge;
  readonly reloadedAt: Gauge;
}

export function createTelemetry(): Telemetry {
  const registry = new Registry();
  const registers = [registry];
  // The event loop is looked at so often; every 10 ms, as by default, costs more than all else that an idle driftd does. The
  // quantiles of its lag contain that time.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 250 });
  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
    new Counter({ name: `driftd_${name}`, help, labelNames, registers });
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
    new Gauge({ name: `driftd_${name}`, help, labelNames, registers });
  const seconds = <L extends string = never>(
    name: string,
    help: string,
    labelNames: L[] = [],
  ): Histogram<L> =>
    new Histogram({
      name: `driftd_${name}`,
      help,
      labelNames,
      registers,
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    });
  const telemetry: Telemetry = {
    registry,
    records: counter('records_total', 'Records read from the log, by topic.', ['topic']),
    events: counter('events_total', 'Valid events, by kind (prediction, label).', ['kind']),
    rejects: counter('rejects_total', 'Records that were rejected, by topic and reason.', [
      'topic',
      'reason',
    ]),
    rejectedShare: gauge(
      'rejected_share',
      'Share of the records read from a topic that were rejected, by all instances, in the time that ingest.reject_limit names.',
      ['topic'],
    ),
    deadLetters: counter(
      'dead_letters_total',
      'Rejected records that the dead-letter topic has taken, by the topic that they came from.',
      ['topic'],
    ),
    lateEvents: counter(
      'late_events_total',
      'Events older than the watermark of their partition; still counted.',
      ['topic'],
    ),
    overflow: counter(
      'overflow_total',
      'Values that went to "other", or names that were left out, by the bound that was reached.',
      ['bound'],
    ),
    gapRecords: counter(
      'log_gap_records_total',
      'Offsets that the log had dropped before they were read, by topic.',
      ['topic'],
    ),
    flushes: counter('flushes_total', 'Flushes of open chunks that the store accepted.'),
    flushedRows: counter('flushed_rows_total', 'Rows that the store accepted, by table.', ['table']),
    flushSeconds: seconds(
      'flush_seconds',
      'Time from the start of a flush to the answer of the store, the wait for inserts of other partitions included.',
    ),
    rewinds: counter('rewinds_total', 'Chunks that were read again because a baseline became active.'),
    partitionOffset: gauge('partition_flushed_offset', 'Offset up to which a partition is in the store.', [
      'topic',
      'partition',
    ]),
    partitionLag: gauge('partition_lag_records', 'Records behind the newest one that were not yet read.', [
      'topic',
      'partition',
    ]),
    watermark: gauge('watermark_timestamp_seconds', 'Event time up to which windows may be evaluated.'),
    evaluations: counter('evaluations_total', 'Evaluations of rule groups.', ['group']),
    evaluationSeconds: seconds('evaluation_seconds', 'Time that one evaluation of a rule group took.', [
      'group',
    ]),
    labelJoin: gauge(
      'label_join',
      'Predictions and labels in the store, by model and state (labelled, prediction_without_label, label_without_prediction).',
      ['model', 'state'],
    ),
    recomputedWindows: counter(
      'recomputed_windows_total',
      'Windows whose performance was computed anew because labels had come since, by rule group.',
      ['group'],
    ),
    lastEvaluation: gauge('last_evaluation_timestamp_seconds', 'Event time of the newest evaluation.', [
      'group',
    ]),
    alerts: gauge('alerts', 'Alerts by rule group and state.', ['group', 'state']),
    notifications: counter('notification_attempts_total', 'Attempts to deliver, by receiver and outcome.', [
      'receiver',
      'outcome',
    ]),
    notificationsPending: gauge('notifications_pending', 'Notifications that wait to be delivered.'),
    notificationsSuppressed: counter(
      'notifications_suppressed_total',
      'Times that a group began not to be told, by reason (silenced, inhibited, muted, acknowledged, undelivered).',
      ['reason'],
    ),
    markedAlerts: gauge(
      'marked_alerts',
      'Alerts that fire or are still to be told as resolved, by state (active; suppressed: silenced or inhibited).',
      ['state'],
    ),
    aggregationGroups: gauge(
      'dispatcher_aggregation_groups',
      'Groups of alerts that are told together, over all routes.',
    ),
    silences: gauge('silences', 'Silences by state (active, pending, expired in the last 5 days).', [
      'state',
    ]),
    acknowledgements: gauge('acknowledgements', 'Acknowledgements that were not taken back.'),
    notificationsFinished: counter(
      'notifications_finished_total',
      'Notifications that were delivered, given up or called off, by receiver and status (sent, dead, cancelled).',
      ['receiver', 'status'],
    ),
    receiverCircuitOpen: gauge(
      'receiver_circuit_open',
      '1 while a receiver failed so often that it is asked with one notification at a time.',
      ['receiver'],
    ),
    receiverDisabled: gauge(
      'receiver_disabled',
      '1 once a receiver has said that it is gone (410), until the configuration is reloaded: it is sent nothing.',
      ['receiver'],
    ),
    retrains: counter(
      'retrain_requests_total',
      'Retraining requests, by target and outcome (requested, suggested; held back by cooldown, daily_limit, running, new_version, not_enough_labels, unknown_target).',
      ['target', 'outcome'],
    ),
    retrainStates: gauge(
      'retrain_states',
      'Retraining requests that are open, or that something became of in the last 90 days, by the state that they are in. Told by the instance that evaluates.',
      ['state'],
    ),
    errorStreamTime: gauge(
      'error_stream_timestamp_seconds',
      'Event time up to which change detectors have seen the errors of a model.',
      ['model'],
    ),
    errorStreamObservations: counter(
      'error_stream_observations_total',
      'Labelled predictions that change detectors were shown, by model.',
      ['model'],
    ),
    errorChanges: counter(
      'error_changes_total',
      'What change detectors said, by model, detector and signal (increase, decrease, warning).',
      ['model', 'detector', 'signal'],
    ),
    up: gauge('dependency_up', '1 while the dependency (kafka, store) can be reached.', ['dependency']),
    reloadSuccessful: gauge(
      'config_last_reload_successful',
      '1 when the last attempt to load configuration and rules succeeded, 0 when the ones before are still in force.',
    ),
    reloadedAt: gauge(
      'config_last_reload_success_timestamp_seconds',
      'When configuration and rules were last loaded with success.',
    ),
  };
  // A series that begins with its first event would hide that event from increase().
  for (const bound of Object.keys(BOUNDS)) telemetry.overflow.inc({ bound }, 0);
  // Unknown is not 1970.
  telemetry.watermark.remove();
  return telemetry;
}
