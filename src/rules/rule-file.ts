import { z } from 'zod';
import { DURATION_FORM } from '../base/duration.ts';
import { durationSchema } from '../base/duration-schema.ts';
import { parseAgainst } from './against.ts';
import { PERSISTENCE_FORM, parsePersistence } from './firing-policy.ts';
import { SCHEDULE_FORM, scheduleFault } from './schedule.ts';

/** The labels that driftd sets itself. */
export const OWN_LABELS = ['alertname', 'model', 'version', 'segment', 'feature', 'severity'] as const;

const globs = z.array(z.string().min(1).max(500)).min(1);

const template = z.string().max(10_000);

const labelName = z.string().regex(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/, {
  error: 'expected letters, digits and underscores, not beginning with a digit or with "__"',
});

const schedule = z.string().superRefine((text, context) => {
  const message = scheduleFault(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const against = z.string().transform((text, context) => {
  const parsed = parseAgainst(text);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed });
  return z.NEVER;
});

const window = durationSchema.refine((duration) => duration > 0, {
  error: `must be longer than 0; expected ${DURATION_FORM}`,
});

const persistence = z
  .union([z.string(), z.number()], { error: `expected ${PERSISTENCE_FORM}` })
  .transform((value, context) => {
    const parsed = parsePersistence(value);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: `"${value}" cannot be read; expected ${PERSISTENCE_FORM}` });
    return z.NEVER;
  });

/** One rule as a user writes it. */
export const ruleSchema = z.strictObject({
  alert: z
    .string()
    .min(1)
    .max(200)
    .describe('Name of the alert, unique in its group. It becomes the label alertname.'),
  each: z
    .enum(['feature', 'prediction', 'model', 'segment'])
    .default('model')
    .describe(
      'What the condition is about: every feature by itself, what the model answers (__prediction__ and __score__), the model as a whole, or each segment of its population.',
    ),
  features: globs
    .optional()
    .describe(
      'Globs of the features that the rule looks at; "!" excludes. Only with "each: feature". Default: all.',
    ),
  when: z
    .string()
    .max(10_000)
    .describe(
      'The condition, in CEL: metrics of the window, baseline.* for what they are in the reference, previous.* for the window before, w24h.* for one of another length.',
    ),
  require: z
    .string()
    .max(10_000)
    .optional()
    .describe(
      'For rules that need labels: what a window must have before it is judged, in CEL, such as coverage > 0.6 || age > 7d. Until then it counts neither for nor against the alert.',
    ),
  for: persistence
    .prefault(1)
    .describe(
      'How long the condition must hold before the alert fires: 2/3 is in 2 of the last 3 windows, 2 is 2 in a row, 30m is all windows for that long.',
    ),
  clear: persistence
    .prefault(1)
    .describe(
      'How long the condition must not hold before a firing alert resolves: as for, in windows since it fires.',
    ),
  keep_firing_for: durationSchema
    .prefault('0s')
    .describe(
      'A firing alert resolves no sooner than this after its first clean window, whatever clear says.',
    ),
  min_samples: z
    .int()
    .min(0, 'must be 0 or more')
    .default(0)
    .describe(
      'A window with fewer observations behind the condition is one without enough data, whatever its metrics say.',
    ),
  no_data: z
    .enum(['keep', 'ok', 'alert'])
    .default('keep')
    .describe(
      'What a window without data means: nothing (keep), a clean window (ok), or that the condition holds (alert).',
    ),
  severity: z
    .string()
    .min(1)
    .default('warning')
    .describe('The label severity, which routes and inhibitions go by.'),
  labels: z.record(labelName, z.string()).default({}).describe('Further labels of the alert.'),
  annotations: z
    .record(labelName, template)
    .default({})
    .describe('Texts for people, with {{model}}, {{feature}}, {{psi}} and the like.'),
  summary: template.optional().describe('Short for annotations.summary: one line that says what is wrong.'),
  runbook_url: z.string().optional().describe('Short for annotations.runbook_url: where to read what to do.'),
  retrain: z.string().optional().describe('Name of the retraining target to call when the alert fires.'),
});

const groupSchema = z.strictObject({
  name: z.string().min(1).max(200).describe('Name of the group, unique over all rule files.'),
  models: globs.default(['*']).describe('Globs of the models that the group looks at; "!" excludes.'),
  versions: globs.default(['*']).describe('Globs of the versions of those models; "!" excludes.'),
  segments: globs
    .optional()
    .describe(
      'Globs of the segments that the group looks at instead of the whole population, such as country=*; "!" excludes.',
    ),
  schedule: schedule.describe(`When the group is evaluated: ${SCHEDULE_FORM}.`),
  window: window.describe(
    `Length of the window of event time that ends at each instant of the schedule: ${DURATION_FORM}.`,
  ),
  against: against
    .prefault('baseline')
    .describe(
      'What the window is compared with: baseline, previous (the window before), same_window_last_week, rolling(28d) or version(6).',
    ),
  rules: z.array(ruleSchema).min(1).describe('The rules of the group. All look at the same windows.'),
});

/** A rules file as a user writes it. */
export const ruleFileSchema = z
  .strictObject({
    groups: z
      .array(groupSchema)
      .min(1)
      .describe('Rule groups. A group shares a schedule, a window and a reference.'),
  })
  .describe('A rules file of driftd.');

export type RuleOptions = z.output<typeof ruleSchema>;
export type GroupOptions = z.output<typeof groupSchema>;

/** The JSON Schema of a rules file, for editors. */
export function ruleFileJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(ruleFileSchema, { io: 'input', target: 'draft-2020-12' });
}
