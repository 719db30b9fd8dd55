import type { LabelEvent, PredictionEvent } from '../../src/event/events.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import { type AboutBaseline, BaselineBuilder, BaselineSurvey } from '../../src/profile/baseline-builder.ts';

/** Sunday, 22 November 2026, 08:00 UTC: the start of an hour, for tests that need some instant. */
export const MORNING = Date.UTC(2026, 10, 22, 8);
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** A prediction of version 7 of the model `fraud`, with whatever is said otherwise. */
export function predictionOf(change: Partial<PredictionEvent> = {}): PredictionEvent {
  return {
    kind: 'prediction',
    model: 'fraud',
    version: '7',
    timestamp: MORNING,
    predictionId: undefined,
    features: {},
    prediction: 'ok',
    score: undefined,
    label: undefined,
    ...change,
  };
}

export function labelOf(change: Partial<LabelEvent> & Pick<LabelEvent, 'predictionId'>): LabelEvent {
  return { kind: 'label', model: 'fraud', label: 'ok', timestamp: MORNING, ...change };
}

/** The baseline that driftd would make from these events. @param segments features by whose values there are slices. */
export function baselineOf(
  events: readonly PredictionEvent[],
  about: Partial<AboutBaseline> = {},
  segments: readonly string[] = [],
): Baseline {
  const survey = new BaselineSurvey(undefined, undefined, undefined, segments);
  for (const event of events) survey.add(event);
  const builder = new BaselineBuilder(survey.specs(), survey.derived(), survey.segments());
  for (const event of events) builder.add(event);
  return builder.finish({
    model: events[0]?.model ?? 'fraud',
    version: undefined,
    pane: 5 * MINUTE,
    performance: new Map(),
    ...about,
  });
}
