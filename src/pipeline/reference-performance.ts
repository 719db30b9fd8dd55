import {
  type JudgedEvent,
  LabelledEvidenceBuilder,
  type PerformancePolicy,
} from '../metrics/labelled-evidence.ts';
import type { BaselineContent, ReferenceValue } from '../profile/baseline.ts';
import { calibrate } from '../stats/calibration/calibrate.ts';

/** What a baseline remembers of its labels: the metrics that have a value, and how scores become probabilities. */
export function referenceValues(
  evidence: LabelledEvidenceBuilder,
): Pick<BaselineContent, 'performance' | 'calibration'> {
  const performance = new Map<string, ReferenceValue>();
  for (const result of evidence.results()) {
    if (result.status === 'ok') performance.set(result.metric, { value: result.value, n: result.n });
  }
  const known = evidence.evidence();
  const calibration =
    known.task === 'classification' && known.scores !== undefined
      ? calibrate(known.scores.counts)
      : undefined;
  return { performance, ...(calibration !== undefined && { calibration }) };
}

/** The same of the labelled events among these. */
export function referencePerformance(
  events: Iterable<JudgedEvent>,
  policy: PerformancePolicy,
): Pick<BaselineContent, 'performance' | 'calibration'> {
  const evidence = new LabelledEvidenceBuilder(policy);
  for (const event of events) evidence.add(event);
  return referenceValues(evidence);
}
