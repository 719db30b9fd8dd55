import {
  countTestable,
  DEFAULT_SEARCH,
  type LossKind,
  type OutlyingSegment,
  outlyingSegments,
  type SearchOptions,
} from './outlying-segments.ts';
import { type LossChange, type LossSums, meanLoss } from './segment-loss.ts';
import { type SegmentShift, segmentShifts } from './segment-shift.ts';

/**
 * What the mean is of: errors of classes (each 0 or 1), distances from the label, or, where no label is needed, scores.
 */
type Explained = LossKind | 'score';

/** A segment beside all others. Means; null where there is nothing to take one of. */
export interface NamedSegment {
  readonly segment: string;
  /** Events of the window. */
  readonly n: number;
  readonly now: number;
  readonly before: number | null;
  readonly restNow: number | null;
  readonly restBefore: number | null;
  readonly qValue: number;
}

/** Segments that are kept of each kind. */
const MOST = 5;

export interface SegmentFindings {
  readonly explained: Explained;
  /** Events of the two periods that were looked at. */
  readonly n: { readonly now: number; readonly before: number };
  /** One in so many, drawn by their ids: 1 is all. */
  readonly sampled: { readonly now: number; readonly before: number };
  readonly mean: { readonly now: number; readonly before: number | null };
  /** Segments of which enough is known to tell whether they got worse. */
  readonly tested: number;
  /** Those that got worse more than the others did; of scores, moved more in the direction of the whole. */
  readonly worsened: readonly NamedSegment[];
  /** Those that are worse than the others in the window, whatever they were before. Of losses alone. */
  readonly weakest: readonly NamedSegment[];
  readonly shifts: readonly SegmentShift[];
}

/** Losses by segment in two periods, as the store has them. */
export interface SegmentEvidence {
  readonly explained: Explained;
  readonly features: readonly string[];
  readonly whole: LossChange;
  readonly segments: ReadonlyMap<string, LossChange>;
  readonly sampled: { readonly now: number; readonly before: number };
}

/** Undefined where the window has no events. */
export function segmentFindings(
  { explained, features, whole, segments, sampled }: SegmentEvidence,
  options: SearchOptions = DEFAULT_SEARCH,
): SegmentFindings | undefined {
  const now = meanLoss(whole.now);
  if (now === undefined) return undefined;
  const before = meanLoss(whole.before);
  const kind = explained === 'wrong' ? 'wrong' : 'distance';
  const worsened =
    explained === 'score' && before !== undefined && now < before
      ? outlyingSegments(
          negative(whole),
          new Map([...segments].map(([segment, sums]) => [segment, negative(sums)])),
          kind,
          'change',
          options,
        ).map((found) => ({ ...found, sums: negative(found.sums), rest: negative(found.rest) }))
      : outlyingSegments(whole, segments, kind, 'change', options);
  const weakest = explained === 'score' ? [] : outlyingSegments(whole, segments, kind, 'level', options);
  return {
    explained,
    n: { now: whole.now.n, before: whole.before.n },
    sampled,
    mean: { now, before: before ?? null },
    tested: countTestable(whole, segments, 'change', options),
    worsened: worsened.slice(0, MOST).map(named),
    weakest: weakest.slice(0, MOST).map(named),
    shifts: segmentShifts(features, whole, segments),
  };
}

function named({ segment, sums, rest, qValue }: OutlyingSegment): NamedSegment {
  return {
    segment,
    n: sums.now.n,
    now: meanLoss(sums.now) ?? 0,
    before: meanLoss(sums.before) ?? null,
    restNow: meanLoss(rest.now) ?? null,
    restBefore: meanLoss(rest.before) ?? null,
    qValue,
  };
}

/** Of scores that fall, the segments are looked for that fall most. */
function negative({ before, now }: LossChange): LossChange {
  const of = (sums: LossSums): LossSums => ({ ...sums, loss: -sums.loss });
  return { before: of(before), now: of(now) };
}
