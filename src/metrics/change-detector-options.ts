import { z } from 'zod';
import { ADWIN_DEFAULTS } from '../stats/change/adwin.ts';
import { DDM_DEFAULTS } from '../stats/change/ddm.ts';
import { PAGE_HINKLEY_DEFAULTS } from '../stats/change/page-hinkley.ts';
import type { DetectorOptions } from './change-detectors.ts';

const count = z.int().min(1);
const positive = z.number().positive();

const adwinSchema = z
  .strictObject({
    delta: positive
      .max(1)
      .default(ADWIN_DEFAULTS.delta)
      .describe('How often a change is seen where there is none, about: smaller is slower and surer.'),
    clock: count.default(ADWIN_DEFAULTS.clock).describe('Looks for a change at every so many labels.'),
    max_buckets: count
      .default(ADWIN_DEFAULTS.maxBuckets)
      .describe('Buckets of each size; more of them place a change more exactly.'),
    min_window_length: count
      .default(ADWIN_DEFAULTS.minWindowLength)
      .describe('Labels that either side of a change has at least.'),
    grace_period: count.default(ADWIN_DEFAULTS.gracePeriod).describe('Labels before a change is looked for.'),
  })
  .prefault({})
  .describe('Adaptive windowing. Defaults: those of river.');

const pageHinkleySchema = z
  .strictObject({
    min_instances: count
      .default(PAGE_HINKLEY_DEFAULTS.minInstances)
      .describe('Labels before a change can be told.'),
    delta: z
      .number()
      .min(0)
      .default(PAGE_HINKLEY_DEFAULTS.delta)
      .describe('How far an error has to be above the mean to count, in errors.'),
    threshold: positive
      .default(PAGE_HINKLEY_DEFAULTS.threshold)
      .describe('Errors beyond those expected that make a change: smaller is faster and less sure.'),
    alpha: positive
      .max(1)
      .default(PAGE_HINKLEY_DEFAULTS.alpha)
      .describe('What is left of that sum with each label; 1 forgets nothing.'),
  })
  .prefault({})
  .describe('The test of Page and Hinkley. Defaults: those of river and MOA.');

const ddmSchema = z
  .strictObject({
    warm_start: count
      .default(DDM_DEFAULTS.warmStart)
      .describe('Labels that are only learned from. Raise it for models that are seldom wrong.'),
    warning_threshold: positive
      .default(DDM_DEFAULTS.warningThreshold)
      .describe('Standard deviations above the least error rate that make a warning.'),
    drift_threshold: positive
      .default(DDM_DEFAULTS.driftThreshold)
      .describe('Standard deviations above it that make a change.'),
  })
  .prefault({})
  .describe('The drift detection method, for classifications. Defaults: those of Gama et al.');

/** What a model's configuration says of the detectors that look at its errors. */
export const changeDetectorsSchema = z
  .strictObject({
    adwin: adwinSchema,
    page_hinkley: pageHinkleySchema,
    ddm: ddmSchema,
    error_scale: positive
      .optional()
      .describe(
        "What absolute errors of a regression are divided by, so that the other numbers fit. Default: the baseline's mae, or 1 where it has none.",
      ),
  })
  .prefault({})
  .describe('How changes in the stream of errors are detected: see docs/change-detectors.md.');

export interface ChangeDetectorPolicy extends DetectorOptions {
  /** Undefined: the mae of the baseline. */
  readonly errorScale: number | undefined;
}

/** The options as the detectors know them; those of an empty configuration unless said. */
export function changeDetectorPolicy(
  options: z.output<typeof changeDetectorsSchema> = changeDetectorsSchema.parse({}),
): ChangeDetectorPolicy {
  const { adwin, page_hinkley, ddm, error_scale } = options;
  return {
    adwin: {
      delta: adwin.delta,
      clock: adwin.clock,
      maxBuckets: adwin.max_buckets,
      minWindowLength: adwin.min_window_length,
      gracePeriod: adwin.grace_period,
    },
    pageHinkley: {
      minInstances: page_hinkley.min_instances,
      delta: page_hinkley.delta,
      threshold: page_hinkley.threshold,
      alpha: page_hinkley.alpha,
    },
    ddm: {
      warmStart: ddm.warm_start,
      warningThreshold: ddm.warning_threshold,
      driftThreshold: ddm.drift_threshold,
    },
    errorScale: error_scale,
  };
}
