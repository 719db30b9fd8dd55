import type { PredictionEvent } from '../event/events.ts';
import { LabelledEvidenceBuilder, type PerformancePolicy } from '../metrics/labelled-evidence.ts';
import type { AboutBaseline } from '../profile/baseline-builder.ts';
import type { ReferenceValue } from '../profile/reference-value.ts';
import type { SegmentIndex } from '../profile/segment-index.ts';
import { calibrate } from '../stats/calibration/calibrate.ts';

type ReferencePerformance = Pick<AboutBaseline, 'performance' | 'calibration' | 'segmentPerformance'>;

/** Distinct scores and errors of a slice that are told apart; there may be a hundred slices. */
const EXACT_IN_SEGMENT = 16_384;

/** What a baseline remembers of its labels: the metrics that have a value, of the whole and of each slice, and how scores become probabilities. */
export class ReferenceEvidence {
  readonly #index: SegmentIndex | undefined;
  readonly #whole: LabelledEvidenceBuilder;
  /** By the position of the slice. */
  readonly #slices: readonly LabelledEvidenceBuilder[];

  /** @param index finds the slices of an event, where there are any. */
  constructor(policy: PerformancePolicy, index: SegmentIndex | undefined) {
    this.#index = index;
    this.#whole = new LabelledEvidenceBuilder(policy);
    this.#slices = (index?.names ?? []).map(() => new LabelledEvidenceBuilder(policy, EXACT_IN_SEGMENT));
  }

  add(event: PredictionEvent): void {
    if (event.label === undefined) return;
    this.#whole.add(event);
    const index = this.#index;
    if (index === undefined) return;
    const count = index.find(event);
    for (let i = 0; i < count; i += 1) this.#slices[index.found[i] as number]?.add(event);
  }

  values(): ReferencePerformance {
    const known = this.#whole.evidence();
    const calibration =
      known.task === 'classification' && known.scores !== undefined
        ? calibrate(known.scores.counts)
        : undefined;
    return {
      performance: valuesOf(this.#whole),
      ...(calibration !== undefined && { calibration }),
      ...(this.#index !== undefined && {
        segmentPerformance: new Map(
          this.#index.names.map((name, i) => [name, valuesOf(this.#slices[i] as LabelledEvidenceBuilder)]),
        ),
      }),
    };
  }
}

/** The same of the labelled events among these. */
export function referencePerformance(
  events: Iterable<PredictionEvent>,
  policy: PerformancePolicy,
): ReferencePerformance {
  const evidence = new ReferenceEvidence(policy, undefined);
  for (const event of events) evidence.add(event);
  return evidence.values();
}

function valuesOf(evidence: LabelledEvidenceBuilder): Map<string, ReferenceValue> {
  const performance = new Map<string, ReferenceValue>();
  for (const result of evidence.results()) {
    if (result.status === 'ok') performance.set(result.metric, { value: result.value, n: result.n });
  }
  return performance;
}
