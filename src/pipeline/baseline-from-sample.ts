import type { PredictionEvent } from '../event/events.ts';
import { naturalSpreads } from '../metrics/natural-variability.ts';
import type { Baseline } from '../profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey, DEFAULT_BASELINE_LIMITS } from '../profile/baseline-builder.ts';
import type { ModelPolicy } from './model-policy.ts';
import { ReferenceEvidence } from './reference-performance.ts';
import type { Turns } from './turns.ts';

/**
 * Makes the baseline of all versions of a model from events that are read twice, a page at a time. That takes seconds where
 * features are many, so it is done in turns; the result does not depend on them, nor on how the pages are divided.
 */
export async function baselineFromSample(
  model: string,
  pages: () => AsyncIterable<readonly PredictionEvent[]>,
  policy: ModelPolicy,
  turns: Turns,
): Promise<Baseline> {
  const survey = new BaselineSurvey(
    policy.kinds,
    DEFAULT_BASELINE_LIMITS,
    policy.multivariate,
    policy.segments,
  );
  for await (const events of pages()) {
    for (const event of events) {
      if (turns.isOver()) await turns.pause();
      survey.add(event);
    }
  }
  const specs = await turns.drive(survey.specSteps());
  const derived = await turns.drive(survey.derivedSteps());
  const builder = await turns.drive(BaselineBuilder.steps(specs, derived, survey.segments()));
  const evidence = new ReferenceEvidence(policy, builder.segments);
  for await (const events of pages()) {
    for (const event of events) {
      if (turns.isOver()) await turns.pause();
      builder.add(event);
      evidence.add(event);
    }
  }
  return turns.drive(
    builder.finishSteps(
      { model, version: undefined, pane: policy.pane, ...evidence.values() },
      naturalSpreads,
    ),
  );
}
