import type { PredictionEvent } from '../event/events.ts';
import { type LabelledEvidence, performance } from '../metrics/performance-metrics.ts';
import type { ReferenceValue } from '../profile/baseline.ts';
import type { ModelPolicy } from './model-policy.ts';

/** Gathers what the labelled rows of a reference say about the model, in memory that does not grow with the rows. */
export class ReferenceEvidence {
  readonly #policy: Pick<ModelPolicy, 'task' | 'positive'>;
  readonly #pairs = new Map<string, Map<string, number>>();
  readonly #moments = {
    n: 0,
    sumError: 0,
    sumAbsoluteError: 0,
    sumSquaredError: 0,
    sumLabel: 0,
    sumSquaredLabel: 0,
  };

  constructor(policy: Pick<ModelPolicy, 'task' | 'positive'>) {
    this.#policy = policy;
  }

  add({ prediction, label }: PredictionEvent): void {
    if (prediction === undefined || label === undefined) return;
    if (this.#policy.task === 'classification') {
      const labels = this.#pairs.get(String(prediction)) ?? new Map<string, number>();
      this.#pairs.set(String(prediction), labels);
      labels.set(String(label), (labels.get(String(label)) ?? 0) + 1);
    } else if (typeof prediction === 'number' && typeof label === 'number') {
      const error = prediction - label;
      const moments = this.#moments;
      moments.n += 1;
      moments.sumError += error;
      moments.sumAbsoluteError += Math.abs(error);
      moments.sumSquaredError += error * error;
      moments.sumLabel += label;
      moments.sumSquaredLabel += label * label;
    }
  }

  /** The metrics that have a value. */
  result(): Map<string, ReferenceValue> {
    const { task, positive } = this.#policy;
    const cells = [...this.#pairs].flatMap(([prediction, labels]) =>
      [...labels].map(([label, count]) => ({ prediction, label, count })),
    );
    const evidence: LabelledEvidence =
      task === 'classification' ? { task, cells, positive } : { task, moments: this.#moments };
    const values = new Map<string, ReferenceValue>();
    for (const result of performance(evidence)) {
      if (result.status === 'ok') values.set(result.metric, { value: result.value, n: result.n });
    }
    return values;
  }
}

/** The performance on the labelled events among these; empty when there are none. */
export function referencePerformance(
  events: Iterable<PredictionEvent>,
  policy: Pick<ModelPolicy, 'task' | 'positive'>,
): Map<string, ReferenceValue> {
  const evidence = new ReferenceEvidence(policy);
  for (const event of events) evidence.add(event);
  return evidence.result();
}
