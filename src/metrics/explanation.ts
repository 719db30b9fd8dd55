import type { Millis } from '../base/clock.ts';
import type { MovedFeature } from './moved-features.ts';
import type { SegmentFindings } from './segment-findings.ts';

/** Half-open interval of event time. */
interface Interval {
  readonly from: Millis;
  readonly to: Millis;
}

/** Where a model went wrong: what was found when an alert began to fire. Plain JSON, bounded. */
export interface Explanation {
  /** The same for people, a line each. */
  readonly lines: readonly string[];
  /** What was looked at, and what it was compared with. */
  readonly period: Interval;
  /** Not there where nothing came before. */
  readonly reference?: Interval;
  /** Features that moved; the first says most. */
  readonly features: readonly MovedFeature[];
  /** Not there for a model without declared segments, and where too few labels have come. */
  readonly segments?: SegmentFindings;
}
