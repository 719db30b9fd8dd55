import type { Millis } from '../../base/clock.ts';
import { trainingPeriodOf } from '../../notify/retrain.ts';
import type { RetrainRecord } from './retrain-record.ts';

/** A request as the command line, the API and the page show it. */
export interface RetrainView {
  readonly id: string;
  readonly target: string;
  readonly model: string;
  readonly version: string;
  readonly state: string;
  /** When it came into that state. */
  readonly since: string;
  /** The summaries of the alerts that ask for a new model. */
  readonly why: string;
  readonly baseline_id: string | null;
  readonly training_period: { readonly from: string; readonly to: string };
  /** The evaluation instant. */
  readonly at: string;
  /** What the target calls its run, or null. */
  readonly run: string | null;
  readonly new_version: string | null;
  /** All that became of it, in order of time. */
  readonly steps: ReadonlyArray<{
    readonly state: string;
    readonly at: string;
    readonly reason: string;
    readonly author: string;
  }>;
}

export function retrainView({ about, steps, state }: RetrainRecord): RetrainView {
  const { id, target, model, version, baselineId, at, reason: why } = about;
  // A request is made at the end of its window.
  const trainingPeriod = trainingPeriodOf({ from: at, to: at });
  const said = (of: 'run' | 'newVersion'): string | null =>
    steps.find((step) => step[of] !== '')?.[of] ?? null;
  return {
    id,
    target,
    model,
    version,
    state,
    since: isoTime(steps.find((step) => step.state === state)?.at ?? at),
    why,
    baseline_id: baselineId === '' ? null : baselineId,
    training_period: { from: isoTime(trainingPeriod.from), to: isoTime(trainingPeriod.to) },
    at: isoTime(at),
    run: said('run'),
    new_version: said('newVersion'),
    steps: steps.map((step) => ({
      state: step.state,
      at: isoTime(step.at),
      reason: step.reason,
      author: step.author,
    })),
  };
}

function isoTime(instant: Millis): string {
  return new Date(instant).toISOString();
}
