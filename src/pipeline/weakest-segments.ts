import type { Millis } from '../base/clock.ts';
import { countTestable } from '../metrics/outlying-segments.ts';
import { type SegmentFindings, segmentFindings } from '../metrics/segment-findings.ts';
import { type NamedSegmentBody, namedSegmentBody } from '../notify/explanation-body.ts';
import { type PeriodBody, periodBody } from '../notify/period-body.ts';
import type { Store } from '../store/client.ts';
import { segmentLosses } from '../store/segment-losses.ts';
import type { ModelPolicies } from './model-policy.ts';

export interface WeakestQuery {
  readonly model: string;
  /** All versions, when it is not there. */
  readonly version?: string;
  /** A day before `to` by default. */
  readonly from?: Millis;
  /** By default the newest instant whose labels are due. */
  readonly to?: Millis;
}

/** The segments in which a model does worse than elsewhere, the surest first. Means are shares of wrong classes, or distances. */
export interface WeakestSegments extends Pick<SegmentFindings, 'explained' | 'tested'> {
  readonly model: string;
  readonly version: string | null;
  readonly period: PeriodBody;
  /** Labelled predictions that were looked at: one in `sampled` of those that there are. */
  readonly labelled: number;
  readonly sampled: number;
  /** Of all of them; null where none has a label. */
  readonly mean: number | null;
  readonly weakest: ReadonlyArray<Omit<NamedSegmentBody, 'before' | 'rest_before'>>;
}

const DAY: Millis = 24 * 3_600_000;

/** Searches the declared features of a model, and their pairs. A fault where there is nothing that could be searched. */
export async function weakestSegments(
  { model, version, from, to }: WeakestQuery,
  store: Store,
  policies: ModelPolicies,
  now: Millis,
): Promise<WeakestSegments | { readonly fault: string }> {
  const { segments: features, labels, ...policy } = policies(model);
  if (features.length === 0)
    return { fault: `the model "${model}" has no segments; declare features in models.${model}.segments` };
  if (labels === undefined)
    return { fault: `the model "${model}" gets no labels: there is no models.${model}.labels` };
  const end = to ?? now - labels.delay;
  const period = { from: from ?? end - DAY, to: end };
  if (period.from >= period.to) return { fault: 'the period ends before it begins' };
  const window = { model, version, features, since: period.from, ...period };
  const losses = await segmentLosses(store, window, policy);
  const explained = policy.task === 'classification' ? 'wrong' : 'distance';
  const found = segmentFindings({ ...losses, features, explained });
  return {
    model,
    version: version ?? null,
    period: periodBody(period),
    explained,
    labelled: losses.whole.now.n,
    sampled: losses.sampled.now,
    mean: found?.mean.now ?? null,
    tested: countTestable(losses.whole, losses.segments, 'level'),
    weakest: (found?.weakest ?? []).map((segment) => {
      const { before: _, rest_before: __, ...body } = namedSegmentBody(segment);
      return body;
    }),
  };
}
