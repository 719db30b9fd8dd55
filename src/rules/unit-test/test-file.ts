import { z } from 'zod';
import { DURATION_FORM } from '../../base/duration.ts';
import { durationSchema } from '../../base/duration-schema.ts';
import { DISTRIBUTION_FORM } from './distribution.ts';
import { SAMPLE_FORM } from './sample-plan.ts';
import { SERIES_FORM } from './series.ts';

const series = z
  .union([z.string(), z.number()], { error: `expected a number or ${SERIES_FORM}` })
  .describe(`One value for each interval: ${SERIES_FORM}. A number holds in all of them.`);

const metrics = z
  .record(z.string(), series)
  .describe(
    'By the names that conditions use: metrics, p-values, baseline.*, natural.*, w24h.*, n and baseline_n. previous.* is what they were an interval before.',
  );

const featureSchema = z
  .strictObject({
    kind: z
      .enum(['numeric', 'categorical'])
      .default('numeric')
      .describe('What the feature holds, where its metrics are given.'),
    metrics: metrics.optional(),
    baseline: z
      .string()
      .optional()
      .describe(`What the baseline is drawn from: ${DISTRIBUTION_FORM}; and how many, as in x5000.`),
    windows: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(`What is drawn in one interval after the other: ${SAMPLE_FORM}.`),
  })
  .refine(
    ({ metrics, baseline, windows }) =>
      (metrics === undefined) !== (baseline === undefined) &&
      (baseline === undefined) === (windows === undefined),
    'a feature has either metrics, or a baseline and windows to draw',
  );

const START_FORM = 'must be a time such as 2026-01-01T00:00:00Z';

const texts = z.record(z.string(), z.string());

const alertSchema = z.strictObject({
  alert: z.string().describe('The name of the alert.'),
  state: z.enum(['firing', 'pending']).default('firing').describe('Whether it fires by then, or is pending.'),
  labels: texts.default({}).describe('Labels that it has, among others.'),
  annotations: texts.default({}).describe('Annotations that it has, among others.'),
});

const expectationSchema = z.strictObject({
  at: durationSchema.describe(`How long after the start: ${DURATION_FORM}.`),
  alert: z.string().optional().describe('Looks at alerts of this name alone.'),
  alerts: z
    .array(alertSchema)
    .describe('All alerts that fire then, and those pending ones that matter; [] when none fires.'),
});

const testSchema = z.strictObject({
  name: z.string().min(1).describe('What is tested, as a sentence.'),
  model: z.string().min(1).default('model').describe('The label model.'),
  version: z.string().min(1).default('1').describe('The label version.'),
  segment: z
    .string()
    .min(1)
    .optional()
    .describe('A segment that everything in this test is about; without it, the whole population.'),
  start: z
    .string()
    .refine(
      (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?Z$/.test(text) && !Number.isNaN(Date.parse(text)),
      START_FORM,
    )
    .default('2026-01-01T00:00:00Z')
    .describe('Where the simulated clock begins, UTC.'),
  interval: durationSchema
    .refine((length) => length > 0, 'must be longer than 0')
    .prefault('1h')
    .describe('The time that one value of a series is for.'),
  groups: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Globs of the rule groups that are evaluated. Default: all.'),
  features: z
    .record(z.string().min(1), featureSchema)
    .default({})
    .describe('Features of the model, by name.'),
  metrics: metrics.default({}),
  expect: z.array(expectationSchema).min(1).describe('Which alerts are on, and when.'),
});

/** A file of rule tests as a user writes it. */
export const testFileSchema = z
  .strictObject({
    rules: z
      .array(z.string().min(1))
      .min(1)
      .describe('Rule files that are tested, as globs; relative to this file.'),
    seed: z.int().min(0).default(1).describe('Where the draws begin: the same seed draws the same.'),
    tests: z.array(testSchema).min(1).describe('The tests, each by itself.'),
  })
  .describe('Unit tests of rules, for driftd test.');

export type TestOptions = z.output<typeof testSchema>;
export type FeatureOptions = z.output<typeof featureSchema>;

/** The JSON Schema of a file of rule tests, for editors. */
export function testFileJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(testFileSchema, { io: 'input', target: 'draft-2020-12' });
}
