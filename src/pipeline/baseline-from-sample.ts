import type { PredictionEvent } from '../event/events.ts';
import { naturalSpreads } from '../metrics/natural-variability.ts';
import type { Baseline } from '../profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey, DEFAULT_BASELINE_LIMITS } from '../profile/baseline-builder.ts';
import type { ModelPolicy } from './model-policy.ts';
import { referencePerformance } from './reference-performance.ts';
import type { Turns } from './turns.ts';

/**
 * Makes the baseline of all versions of a model from events in memory. That takes seconds where features are many, so it
 * is done in turns; the result does not depend on them.
 */
export async function baselineFromSample(
  model: string,
  sample: readonly PredictionEvent[],
  policy: ModelPolicy,
  turns: Turns,
): Promise<Baseline> {
  const survey = new BaselineSurvey(policy.kinds, DEFAULT_BASELINE_LIMITS, policy.multivariate);
  for (const event of sample) {
    if (turns.isOver()) await turns.pause();
    survey.add(event);
  }
  const specs = await turns.drive(survey.specSteps());
  const derived = await turns.drive(survey.derivedSteps());
  const builder = await turns.drive(BaselineBuilder.steps(specs, derived));
  for (const event of sample) {
    if (turns.isOver()) await turns.pause();
    builder.add(event);
  }
  return turns.drive(
    builder.finishSteps(
      { model, version: undefined, pane: policy.pane, performance: referencePerformance(sample, policy) },
      naturalSpreads,
    ),
  );
}
