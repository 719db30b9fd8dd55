import { z } from 'zod';
import type { Millis } from '../base/clock.ts';
import { durationSchema } from '../base/duration-schema.ts';
import { placeName, signingSecret } from './option-schemas.ts';
import { RETRAINING_TARGETS } from './retraining-targets.ts';

type Kind = keyof typeof RETRAINING_TARGETS;

const KINDS = Object.keys(RETRAINING_TARGETS) as Kind[];

type KindOptions = { readonly [Key in Kind]: z.ZodOptional<(typeof RETRAINING_TARGETS)[Key]['options']> };

const kindOptions = Object.fromEntries(
  KINDS.map((kind) => {
    const { options } = RETRAINING_TARGETS[kind];
    return [kind, options.optional().describe(options.description ?? '')];
  }),
) as unknown as KindOptions;

const DEFAULT_TIMEOUT = '24h';

export const retrainingTargetSchema = z
  .strictObject({
    name: placeName.describe('The unique name of the target, which rules refer to as retrain.'),
    ...kindOptions,
    mode: z
      .enum(['auto', 'suggest'])
      .default('auto')
      .describe(
        'auto asks at once; suggest tells the receivers of the alert, and asks when somebody approves it (driftd retrain approve).',
      ),
    cooldown: durationSchema
      .prefault('24h')
      .describe('The least time between two requests for one model, in event time.'),
    max_per_day: z
      .int()
      .min(1)
      .default(1)
      .describe('The most requests for one model in one day (UTC, event time).'),
    min_labelled: z
      .int()
      .min(0)
      .default(0)
      .describe('Labelled predictions that the suggested training period must have at least.'),
    timeout: durationSchema
      .prefault(DEFAULT_TIMEOUT)
      .describe(
        'While a request for a model is on its way or being worked on, there is no other for that model; until the target was not heard of for so long.',
      ),
    callback_secret: signingSecret
      .optional()
      .describe(
        'Lets the pipeline report to POST /v1/retrains/ID, signed with this as Standard Webhooks says. Refused without it.',
      ),
  })
  .refine((target) => kindsOf(target).length === 1, `must have exactly one of ${KINDS.join(', ')}`);

export type RetrainingTargetOptions = z.output<typeof retrainingTargetSchema>;

/** How long a target may say nothing; by default one that is not configured any more. */
export function timeoutOf(targets: readonly RetrainingTargetOptions[], name: string): Millis {
  return targets.find((target) => target.name === name)?.timeout ?? durationSchema.parse(DEFAULT_TIMEOUT);
}

function kindsOf(target: Readonly<Partial<Record<Kind, unknown>>>): Kind[] {
  return KINDS.filter((kind) => target[kind] !== undefined);
}

/** Which kind of system a target is. */
export function kindOf(target: RetrainingTargetOptions): Kind {
  return kindsOf(target)[0] as Kind;
}
