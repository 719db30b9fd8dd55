import type { RetrainRequest } from './notification.ts';
import { isoTime, type PeriodBody, periodBody } from './period-body.ts';
import { type AlertBody, alertBody } from './webhook-body.ts';

/** Why a new model is asked for, in the same words for every target. New fields may come at any time. */
export interface RetrainData {
  /** The same on every retry: start no second run for an id you have seen. */
  readonly id: string;
  readonly target: string;
  readonly model: string;
  readonly version: string;
  /** The baseline that the model was compared with, or null. */
  readonly baseline_id: string | null;
  /** Why: the alerts that ask for a new model, worst first, each with its window, its metrics and those of the baseline. */
  readonly alerts: readonly AlertBody[];
  /** How many more there are, where a target takes no more. */
  readonly alerts_omitted: number;
  readonly window: PeriodBody;
  /** The period whose labelled data we suggest to train on. */
  readonly training_period: PeriodBody;
  readonly link: string;
  /** Where to report what becomes of it, or null when the target may not report. */
  readonly callback_url: string | null;
  /** True of what `driftd send-test` sends: nothing is wrong, and no model is wanted. */
  readonly test: boolean;
}

/** The body that a webhook gets, in the envelope of Standard Webhooks. */
export interface RetrainBody {
  readonly version: 1;
  readonly type: 'retrain.requested';
  readonly timestamp: string;
  readonly data: RetrainData;
}

export function retrainBody(request: RetrainRequest): RetrainBody {
  return {
    version: 1,
    type: 'retrain.requested',
    timestamp: isoTime(request.at),
    data: retrainData(request),
  };
}

function retrainData(request: RetrainRequest): RetrainData {
  return {
    id: request.id,
    target: request.target,
    model: request.model,
    version: request.version,
    baseline_id: request.baselineId ?? null,
    alerts: request.alerts.map(alertBody),
    alerts_omitted: 0,
    window: periodBody(request.window),
    training_period: periodBody(request.trainingPeriod),
    link: request.link,
    callback_url: request.callbackUrl ?? null,
    test: request.test ?? false,
  };
}

/** The same for a target that takes so many bytes of JSON: without drawings and explanations where those are too large, then with the worst alerts only. */
export function fittingData(request: RetrainRequest, mostBytes: number): RetrainData {
  const whole = retrainData(request);
  const fits = (data: RetrainData): boolean => Buffer.byteLength(JSON.stringify(data)) <= mostBytes;
  if (fits(whole)) return whole;
  const plain = whole.alerts.map((alert) => ({ ...alert, distributions: null, explanation: null }));
  for (let shown = plain.length; ; shown = Math.floor(shown / 2)) {
    const data = { ...whole, alerts: plain.slice(0, shown), alerts_omitted: plain.length - shown };
    if (shown === 0 || fits(data)) return data;
  }
}
