import type { Millis } from '../base/clock.ts';
import type { Alert, AlertTransition, Labels, Period } from '../rules/alert.ts';
import type { RetrainRequest } from './notification.ts';
import { notificationId } from './notification-id.ts';
import type { RetrainingTargetOptions } from './retraining-options.ts';
import { worstFirst } from './worst-first.ts';

const DAY: Millis = 24 * 3_600_000;

/**
 * How much labelled history we suggest to train on: four whole weeks, so that every weekday counts alike, up to the end
 * of the window, so that the change itself is in it.
 */
const SUGGESTED_HISTORY: Millis = 28 * DAY;

/** A request that was made earlier, of any instant. */
interface EarlierRequest {
  readonly id: string;
  readonly target: string;
  readonly model: string;
  readonly at: Millis;
  /** Since when it keeps others of its model, of whatever target, from being made; undefined when it does not. */
  readonly busySince?: Millis | undefined;
}

type SuppressionReason = 'cooldown' | 'daily_limit' | 'unknown_target' | 'running' | 'not_enough_labels';

interface SuppressedRetrain {
  readonly target: string;
  readonly model: string;
  readonly version: string;
  readonly reason: SuppressionReason;
}

export interface RetrainInput {
  readonly transitions: readonly AlertTransition[];
  readonly targets: readonly RetrainingTargetOptions[];
  /** Earlier requests; at least those within a cooldown or a day of the instant, on either side of it. */
  readonly recent: readonly EarlierRequest[];
  readonly instant: Millis;
  readonly window: Period;
  readonly baselineId: (model: string, version: string) => string | undefined;
  /** Labelled predictions of a model in the suggested training period. */
  readonly labelled: (model: string) => number;
  /** Where the target may report what becomes of a request. */
  readonly callbackUrl: (id: string) => string;
  readonly link: (groupLabels: Labels, window: Period) => string;
}

export interface RetrainDecision {
  readonly requests: readonly RetrainRequest[];
  readonly suppressed: readonly SuppressedRetrain[];
}

/** The period whose labelled data we suggest to train on. */
export function trainingPeriodOf(window: Period): Period {
  return { from: window.to - SUGGESTED_HISTORY, to: window.to };
}

/**
 * Decides which models to ask new versions of: at most one request per target, model and version at an instant,
 * however many of its alerts began to fire. Cooldown and daily limit (a UTC day) hold per target and model; while one request
 * is at work there is no other for its model. All of that in event time. A request does not stand in its own way: deciding
 * again about the same instant decides the same.
 */
export function retrainRequestsFor(input: RetrainInput): RetrainDecision {
  const requests: RetrainRequest[] = [];
  const suppressed: SuppressedRetrain[] = [];
  for (const asked of asksOf(input.transitions)) {
    const { target: name, model, version } = asked;
    // With the rule group: another one that asks at the same instant asks for reasons of its own.
    const id = notificationId(name, model, version, input.instant, asked.alerts[0]?.ruleGroup ?? '');
    const target = input.targets.find((one) => one.name === name);
    const made = requests.map((request) => ({
      ...request,
      busySince: request.suggested === true ? undefined : request.at,
    }));
    const others = [...input.recent, ...made].filter((other) => other.id !== id && other.model === model);
    const reason = target === undefined ? 'unknown_target' : whyNot(target, others, model, input);
    if (target === undefined || reason !== undefined) {
      suppressed.push({ target: name, model, version, reason: reason ?? 'unknown_target' });
      continue;
    }
    requests.push({
      kind: 'retrain',
      id,
      target: name,
      model,
      version,
      baselineId: input.baselineId(model, version),
      alerts: worstFirst(asked.alerts),
      window: input.window,
      trainingPeriod: trainingPeriodOf(input.window),
      at: input.instant,
      link: input.link({ model, version }, input.window),
      ...(target.mode === 'suggest' && { suggested: true }),
      ...(target.callback_secret !== undefined && { callbackUrl: input.callbackUrl(id) }),
    });
  }
  return { requests, suppressed };
}

interface Ask {
  readonly target: string;
  readonly model: string;
  readonly version: string;
  readonly alerts: Alert[];
}

function asksOf(transitions: readonly AlertTransition[]): Ask[] {
  const asks = new Map<string, Ask>();
  for (const { alert, from, to } of transitions) {
    if (to !== 'firing' || from === 'firing' || alert.retrain === undefined) continue;
    const target = alert.retrain;
    const model = alert.labels['model'] ?? '';
    const version = alert.labels['version'] ?? '';
    const key = JSON.stringify([target, model, version]);
    const ask = asks.get(key) ?? { target, model, version, alerts: [] };
    ask.alerts.push(alert);
    asks.set(key, ask);
  }
  return [...asks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ask]) => ask);
}

function whyNot(
  target: RetrainingTargetOptions,
  others: readonly EarlierRequest[],
  model: string,
  { instant, labelled, targets }: RetrainInput,
): SuppressionReason | undefined {
  const own = others.filter((other) => other.target === target.name);
  // Late evaluations come behind newer requests, so the distance counts in both directions.
  if (own.some(({ at }) => Math.abs(instant - at) < target.cooldown)) return 'cooldown';
  const today = own.filter(({ at }) => Math.floor(at / DAY) === Math.floor(instant / DAY));
  if (today.length >= target.max_per_day) return 'daily_limit';
  const isBusy = ({ busySince, target: name }: EarlierRequest): boolean => {
    const { timeout } = targets.find((one) => one.name === name) ?? target;
    return busySince !== undefined && instant - busySince < timeout;
  };
  if (others.some(isBusy)) return 'running';
  return target.min_labelled > 0 && labelled(model) < target.min_labelled ? 'not_enough_labels' : undefined;
}
