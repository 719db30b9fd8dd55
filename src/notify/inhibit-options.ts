import { z } from 'zod';
import { labelName, matcherOption } from './matcher-option.ts';

const matchers = z.array(matcherOption).min(1, 'needs a matcher: without one it would fit every alert');

const inhibitRuleSchema = z.strictObject({
  source_matchers: matchers.describe('The alerts that explain others. They have to fulfil all of these.'),
  target_matchers: matchers.describe(
    'The alerts that are not told while a source fires. They have to fulfil all of these.',
  ),
  equal: z
    .array(labelName)
    .default([])
    .describe('Labels that must be the same in both; one that both lack is the same.'),
});

/**
 * What explains what among the rules that ship: values that are new, missing or of the wrong type show as drift of their
 * feature, and a model that nobody asks drifts in everything.
 */
const DEFAULT_INHIBIT_RULES: ReadonlyArray<z.input<typeof inhibitRuleSchema>> = [
  {
    source_matchers: ['alertname=~"NewCategory|MissingValues|InvalidValues"'],
    target_matchers: ['alertname="FeatureDrift"'],
    equal: ['model', 'version', 'segment', 'feature'],
  },
  {
    source_matchers: ['alertname=~"NewClass|MissingOutput|InvalidOutput"'],
    target_matchers: ['alertname="PredictionDrift"'],
    equal: ['model', 'version', 'segment', 'feature'],
  },
  {
    source_matchers: ['alertname="NoPredictions"'],
    target_matchers: ['feature=~".+"'],
    equal: ['model', 'version'],
  },
];

export const inhibitRulesSchema = z
  .array(inhibitRuleSchema)
  .prefault([...DEFAULT_INHIBIT_RULES])
  .describe(
    'Which alerts are not told while others fire that explain them. A list of your own replaces the default; [] turns inhibition off.',
  );

export type InhibitRuleOptions = z.output<typeof inhibitRuleSchema>;
