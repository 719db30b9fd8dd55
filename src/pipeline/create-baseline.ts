import { DriftdError } from '../base/errors.ts';
import type { Outcome } from '../base/outcome.ts';
import type { DriftdEvent, PredictionEvent, RejectReason } from '../event/events.ts';
import { naturalSpreads } from '../metrics/natural-variability.ts';
import type { Baseline } from '../profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey, DEFAULT_BASELINE_LIMITS } from '../profile/baseline-builder.ts';
import type { ModelPolicy } from './model-policy.ts';
import { ReferenceEvidence } from './reference-performance.ts';
import { Turns } from './turns.ts';

export interface ReferenceRow {
  /** Where the row stands, for messages: `file.csv:17`. */
  readonly place: string;
  readonly outcome: Outcome<DriftdEvent, RejectReason>;
}

export interface BaselineReport {
  readonly baseline: Baseline;
  /** Rows that were no events, by reason, with the place of the first. */
  readonly rejected: ReadonlyMap<
    RejectReason,
    { readonly count: number; readonly first: string; readonly detail: string }
  >;
  /** Names of features that are not profiled. */
  readonly leftOut: ReadonlySet<string>;
}

/**
 * Makes a baseline from reference rows, in two passes and bounded memory: the first finds kinds, grids and categories,
 * the second counts. Other code of the process gets its turns meanwhile.
 *
 * @param rows gives the same rows each time it is called.
 * @throws an `input` error when no row is a prediction event.
 */
export async function createBaseline(
  rows: () => AsyncIterable<ReferenceRow>,
  about: { readonly model: string; readonly version: string | undefined; readonly policy: ModelPolicy },
): Promise<BaselineReport> {
  const { policy } = about;
  const turns = new Turns();
  const survey = new BaselineSurvey(
    policy.kinds,
    DEFAULT_BASELINE_LIMITS,
    policy.multivariate,
    policy.segments,
  );
  const rejected = new Map<RejectReason, { count: number; first: string; detail: string }>();
  for await (const { place, outcome } of rows()) {
    if (turns.isOver()) await turns.pause();
    if (outcome.kind === 'reject') {
      const known = rejected.get(outcome.reason);
      if (known !== undefined) known.count += 1;
      else rejected.set(outcome.reason, { count: 1, first: place, detail: outcome.detail });
    } else if (isOf(about.model, outcome)) survey.add(outcome.value);
  }
  const specs = await turns.drive(survey.specSteps());
  const derived = await turns.drive(survey.derivedSteps());
  const builder = await turns.drive(BaselineBuilder.steps(specs, derived, survey.segments()));
  const evidence = new ReferenceEvidence(policy, builder.segments);
  let count = 0;
  for await (const { outcome } of rows()) {
    if (turns.isOver()) await turns.pause();
    if (!isOf(about.model, outcome)) continue;
    count += 1;
    builder.add(outcome.value);
    evidence.add(outcome.value);
  }
  if (count === 0) {
    const [[reason, { first, detail }] = [undefined, { first: '', detail: '' }]] = rejected;
    const why = reason === undefined ? 'there are no rows' : `${first}: ${detail}`;
    throw new DriftdError('input', `no reference row is a prediction of ${about.model}: ${why}`);
  }
  const { model, version } = about;
  const baseline = await turns.drive(
    builder.finishSteps({ model, version, pane: policy.pane, ...evidence.values() }, naturalSpreads),
  );
  return { baseline, rejected, leftOut: survey.leftOut };
}

function isOf(
  model: string,
  outcome: Outcome<DriftdEvent, RejectReason>,
): outcome is { readonly kind: 'ok'; readonly value: PredictionEvent } {
  return outcome.kind === 'ok' && outcome.value.kind === 'prediction' && outcome.value.model === model;
}
