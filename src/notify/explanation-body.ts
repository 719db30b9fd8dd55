import type { Explanation } from '../metrics/explanation.ts';
import type { NamedSegment, SegmentFindings } from '../metrics/segment-findings.ts';
import { type PeriodBody, periodBody } from './period-body.ts';

/** Why an alert fires, as programs read it. Means are shares of wrong classes, distances from the label, or scores. */
export interface ExplanationBody {
  /** All of it for people, a line each. */
  readonly lines: readonly string[];
  /** What was looked at, and what it was compared with, if anything came before. */
  readonly period: PeriodBody;
  readonly reference: PeriodBody | null;
  readonly features: ReadonlyArray<{
    readonly feature: string;
    readonly psi_adjusted: number;
    readonly q_value: number;
    /** In standard deviations of the baseline's scores; null where it is not known. */
    readonly score_shift: number | null;
  }>;
  /** Null without declared segments, and where too few labels have come. */
  readonly segments: SegmentsBody | null;
}

interface SegmentsBody {
  readonly explained: SegmentFindings['explained'];
  readonly n: SegmentFindings['n'];
  readonly sampled: SegmentFindings['sampled'];
  readonly mean: SegmentFindings['mean'];
  readonly tested: number;
  readonly worsened: readonly NamedSegmentBody[];
  readonly weakest: readonly NamedSegmentBody[];
  readonly shifts: SegmentFindings['shifts'];
}

export interface NamedSegmentBody {
  readonly segment: string;
  readonly n: number;
  readonly now: number;
  readonly before: number | null;
  readonly rest_now: number | null;
  readonly rest_before: number | null;
  readonly q_value: number;
}

export function explanationBody(explanation: Explanation | undefined): ExplanationBody | null {
  if (explanation === undefined) return null;
  const { lines, period, reference, features, segments } = explanation;
  return {
    lines,
    period: periodBody(period),
    reference: reference === undefined ? null : periodBody(reference),
    features: features.map(({ feature, psiAdjusted, qValue, scoreShift }) => ({
      feature,
      psi_adjusted: psiAdjusted,
      q_value: qValue,
      score_shift: scoreShift ?? null,
    })),
    segments:
      segments === undefined
        ? null
        : {
            ...segments,
            worsened: segments.worsened.map(namedSegmentBody),
            weakest: segments.weakest.map(namedSegmentBody),
          },
  };
}

export function namedSegmentBody(found: NamedSegment): NamedSegmentBody {
  const { segment, n, now, before, restNow, restBefore, qValue } = found;
  return { segment, n, now, before, rest_now: restNow, rest_before: restBefore, q_value: qValue };
}
