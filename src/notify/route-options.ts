import { z } from 'zod';
import { DURATION_FORM } from '../base/duration.ts';
import { durationSchema } from '../base/duration-schema.ts';
import { labelName, matcherOption } from './matcher-option.ts';

const positive = durationSchema
  .refine((duration) => duration > 0, 'must be longer than nothing')
  .describe(`Expected: ${DURATION_FORM}.`);

const GROUP_WAIT =
  'How long after the instant at which the first alert of a group began to fire its first message is sent.';
const GROUP_INTERVAL =
  'The least time between a message and the next one about new or resolved alerts of the same group.';
const REPEAT_INTERVAL = 'After how long a message is sent again while nothing changes.';

const groupBy = z
  .array(z.union([labelName, z.literal('...')]))
  .refine((names) => names.length === 1 || !names.includes('...'), '"..." stands alone: it means every label')
  .refine((names) => new Set(names).size === names.length, 'names a label twice');

/** A route below the root. What it leaves out it has from its parent, except for the time intervals, as in Alertmanager. */
const childRouteSchema = z
  .strictObject({
    receiver: z.string().optional().describe('The receiver. Default: that of the parent.'),
    matchers: z
      .array(matcherOption)
      .default([])
      .describe('Matchers that an alert has to fulfil, all of them.'),
    continue: z
      .boolean()
      .default(false)
      .describe('Whether an alert that fits goes on to the routes beside this one.'),
    group_by: groupBy.optional().describe('Default: that of the parent.'),
    group_wait: durationSchema
      .optional()
      .describe(`Default: that of the parent. Expected: ${DURATION_FORM}.`),
    group_interval: positive.optional().describe(`Default: that of the parent. Expected: ${DURATION_FORM}.`),
    repeat_interval: positive.optional().describe(`Default: that of the parent. Expected: ${DURATION_FORM}.`),
    mute_time_intervals: z
      .array(z.string())
      .default([])
      .describe(
        'Names of time_intervals in which this route sends nothing; what there was to say is sent afterwards.',
      ),
    active_time_intervals: z
      .array(z.string())
      .default([])
      .describe('Names of time_intervals outside of which this route sends nothing. Default: it always may.'),
    get routes(): z.ZodDefault<z.ZodArray<typeof childRouteSchema>> {
      return z
        .array(childRouteSchema)
        .default([])
        .describe('Routes below this one, with the same keys; an alert that fits none of them stays here.');
    },
  })
  .meta({ id: 'route' });

export const routeSchema = z.strictObject({
  receiver: z.string().describe('The receiver of alerts that no route below fits.'),
  group_by: groupBy
    .default(['model', 'version'])
    .describe(
      'The labels by which alerts are grouped: one message per group. "..." means all labels: no grouping.',
    ),
  group_wait: durationSchema.prefault('30s').describe(GROUP_WAIT),
  group_interval: positive.prefault('5m').describe(GROUP_INTERVAL),
  repeat_interval: positive.prefault('4h').describe(REPEAT_INTERVAL),
  routes: z
    .array(childRouteSchema)
    .default([])
    .describe('Routes, tried in order; the first that fits wins, unless it says continue.'),
});

export type ChildRouteOptions = z.output<typeof childRouteSchema>;
export type RouteOptions = z.output<typeof routeSchema>;
