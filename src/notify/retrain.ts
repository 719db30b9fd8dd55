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
}

type SuppressionReason = 'cooldown' | 'daily_limit' | 'unknown_target';

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
  readonly link: (groupLabels: Labels, window: Period) => string;
}

export interface RetrainDecision {
  readonly requests: readonly RetrainRequest[];
  readonly suppressed: readonly SuppressedRetrain[];
}

/**
 * Decides which models to ask new versions of: at most one request per target, model and version at an instant,
 * however many of its alerts began to fire. Cooldown and daily limit (a UTC day) hold per target and model, in event
 * time. A request does not stand in its own way: deciding again about the same instant decides the same.
 */
export function retrainRequestsFor(input: RetrainInput): RetrainDecision {
  const requests: RetrainRequest[] = [];
  const suppressed: SuppressedRetrain[] = [];
  for (const asked of asksOf(input.transitions)) {
    const { target, model, version } = asked;
    const id = notificationId(target, model, version, input.instant);
    const others = [...input.recent, ...requests].filter(
      (other) => other.id !== id && other.target === target && other.model === model,
    );
    const reason = whyNot(
      input.targets.find(({ name }) => name === target),
      others,
      input.instant,
    );
    if (reason !== undefined) {
      suppressed.push({ target, model, version, reason });
      continue;
    }
    requests.push({
      kind: 'retrain',
      id,
      target,
      model,
      version,
      baselineId: input.baselineId(model, version),
      alerts: worstFirst(asked.alerts),
      window: input.window,
      trainingPeriod: { from: input.window.to - SUGGESTED_HISTORY, to: input.window.to },
      at: input.instant,
      link: input.link({ model, version }, input.window),
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
  target: RetrainingTargetOptions | undefined,
  others: ReadonlyArray<{ readonly at: Millis }>,
  instant: Millis,
): SuppressionReason | undefined {
  if (target === undefined) return 'unknown_target';
  // Late evaluations come behind newer requests, so the distance counts in both directions.
  if (others.some(({ at }) => Math.abs(instant - at) < target.cooldown)) return 'cooldown';
  const today = others.filter(({ at }) => Math.floor(at / DAY) === Math.floor(instant / DAY));
  return today.length >= target.max_per_day ? 'daily_limit' : undefined;
}
