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
  readonly version: string;
  readonly at: Millis;
  /** Until when it keeps others of its model, of whatever target, from being made; undefined when it does not. */
  readonly busyUntil?: Millis | undefined;
  /** The version that came of it, and up to when that one's windows are looked at under the baseline of the model. */
  readonly newVersion?: { readonly version: string; readonly until: Millis } | undefined;
}

type SuppressionReason =
  | 'cooldown'
  | 'daily_limit'
  | 'unknown_target'
  | 'running'
  | 'new_version'
  | 'not_enough_labels';

interface SuppressedRetrain {
  readonly target: string;
  readonly model: string;
  readonly version: string;
  readonly reason: SuppressionReason;
}

export interface RetrainInput {
  readonly transitions: readonly AlertTransition[];
  /** All that fire now. */
  readonly firing: readonly Alert[];
  readonly targets: readonly RetrainingTargetOptions[];
  /** Earlier requests; at least those within a cooldown or a day of the instant, on either side of it, and since alerts fire. */
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
  /** What is held back, told once: when its alerts begin to fire. */
  readonly suppressed: readonly SuppressedRetrain[];
}

/** The period whose labelled data we suggest to train on. */
export function trainingPeriodOf(window: Period): Period {
  return { from: window.to - SUGGESTED_HISTORY, to: window.to };
}

/**
 * Decides which models to ask new versions of: at most one request per target, model and version at an instant,
 * however many of its alerts fire that no request was made for since they began to. Cooldown and daily limit (a UTC day, in event
 * time) hold per target and model; while one request is at work there is no other for its model. A request does not stand in
 * its own way: deciding again about the same instant decides the same.
 */
export function retrainRequestsFor(input: RetrainInput): RetrainDecision {
  const requests: RetrainRequest[] = [];
  const suppressed: SuppressedRetrain[] = [];
  for (const asked of asksOf(input)) {
    const { target: name, model, version } = asked;
    // With the rule group: another one that asks at the same instant asks for reasons of its own.
    const id = notificationId(name, model, version, input.instant, asked.alerts[0]?.ruleGroup ?? '');
    const target = input.targets.find((one) => one.name === name);
    const made = requests.map((request) => ({
      ...request,
      busyUntil: request.suggested === true ? undefined : Number.POSITIVE_INFINITY,
    }));
    const others = [...input.recent, ...made].filter((other) => other.id !== id && other.model === model);
    const reason = target === undefined ? 'unknown_target' : whyNot(target, others, asked, input);
    if (target === undefined || reason !== undefined) {
      if (asked.isNew) suppressed.push({ target: name, model, version, reason: reason ?? 'unknown_target' });
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
  /** Whether one of the alerts begins to fire. */
  readonly isNew: boolean;
}

/** For alerts that begin to fire, and for those that were held back when they did and still fire. */
function asksOf({ transitions, firing, recent, instant }: RetrainInput): Ask[] {
  const begun = transitions.filter(({ from, to }) => to === 'firing' && from !== 'firing');
  const fresh = new Set(begun.map(({ alert }) => alert.fingerprint));
  const waiting = firing.filter((alert) => {
    const { fingerprint, firedAt } = alert;
    if (fresh.has(fingerprint) || firedAt === undefined) return false;
    const { target, model, version } = askedBy(alert);
    return !recent.some(
      (request) =>
        request.target === target &&
        request.model === model &&
        request.version === version &&
        request.at >= firedAt &&
        request.at < instant,
    );
  });
  const asks = new Map<string, Ask>();
  for (const alert of [...begun.map((transition) => transition.alert), ...waiting]) {
    if (alert.retrain === undefined) continue;
    const asked = askedBy(alert);
    const key = JSON.stringify([asked.target, asked.model, asked.version]);
    const ask = asks.get(key) ?? { ...asked, alerts: [], isNew: fresh.has(alert.fingerprint) };
    ask.alerts.push(alert);
    asks.set(key, ask);
  }
  return [...asks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ask]) => ask);
}

function askedBy({ retrain = '', labels }: Alert): Pick<Ask, 'target' | 'model' | 'version'> {
  return { target: retrain, model: labels['model'] ?? '', version: labels['version'] ?? '' };
}

function whyNot(
  target: RetrainingTargetOptions,
  others: readonly EarlierRequest[],
  { model, version }: Ask,
  { instant, window, labelled }: RetrainInput,
): SuppressionReason | undefined {
  const own = others.filter((other) => other.target === target.name);
  // Late evaluations come behind newer requests, so the distance counts in both directions.
  if (own.some(({ at }) => Math.abs(instant - at) < target.cooldown)) return 'cooldown';
  const today = own.filter(({ at }) => Math.floor(at / DAY) === Math.floor(instant / DAY));
  if (today.length >= target.max_per_day) return 'daily_limit';
  if (others.some(({ busyUntil }) => busyUntil !== undefined && instant < busyUntil)) return 'running';
  // Its alerts are about the baseline of the version before.
  if (others.some(({ newVersion: made }) => made?.version === version && window.to <= made.until))
    return 'new_version';
  return target.min_labelled > 0 && labelled(model) < target.min_labelled ? 'not_enough_labels' : undefined;
}
