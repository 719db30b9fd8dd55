import type { Distributions } from '../metrics/distributions.ts';
import type { Period } from './alert.ts';
import type { Measurements } from './measurements.ts';
import type { Each } from './rule.ts';

/**
 * One thing that rules are about: a feature, an output (a feature called __prediction__ or __score__), a model, or a segment
 * of its population. `performance` is a model in the window whose labels are due, for the rules that need labels, and
 * `segment_performance` a segment of it in that window.
 */
export interface Subject extends Measurements {
  readonly each: Each | 'performance' | 'segment_performance';
  readonly window: Period;
  /** One line that says how the distribution changed; of a model's performance, how many of its labels have come. */
  readonly change?: string;
  /** What the window is compared with, for people. */
  readonly against?: string;
  /** Made when an alert needs them, which few subjects do. */
  readonly distributions?: () => Distributions | undefined;
}
