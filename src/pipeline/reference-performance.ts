import {
  type JudgedEvent,
  LabelledEvidenceBuilder,
  type PerformancePolicy,
} from '../metrics/labelled-evidence.ts';
import type { ReferenceValue } from '../profile/baseline.ts';

/** The metrics that have a value, as a baseline remembers them. */
export function referenceValues(evidence: LabelledEvidenceBuilder): Map<string, ReferenceValue> {
  const values = new Map<string, ReferenceValue>();
  for (const result of evidence.results()) {
    if (result.status === 'ok') values.set(result.metric, { value: result.value, n: result.n });
  }
  return values;
}

/** The performance on the labelled events among these; empty when there are none. */
export function referencePerformance(
  events: Iterable<JudgedEvent>,
  policy: PerformancePolicy,
): Map<string, ReferenceValue> {
  const evidence = new LabelledEvidenceBuilder(policy);
  for (const event of events) evidence.add(event);
  return referenceValues(evidence);
}
