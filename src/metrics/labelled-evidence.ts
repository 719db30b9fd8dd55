import type { Answer } from '../event/events.ts';
import { medianAbsoluteError } from '../stats/score/median-absolute-error.ts';
import { MAX_CLASS_PAIRS } from './class-metrics.ts';
import { ErrorTally } from './error-tally.ts';
import { type LabelledEvidence, performance } from './performance-metrics.ts';
import { CONVENTIONAL_POSITIVES } from './positive-class.ts';
import { RegressionSums } from './regression-sums.ts';
import type { MetricResult } from './result.ts';
import { ScoreTally } from './score-tally.ts';

/** What a model answers with, and how its answers are judged. */
export interface PerformancePolicy {
  readonly task: 'classification' | 'regression';
  /** The class that precision, recall, f1 and the scores are about; undefined: true or 1, if the classes are such. */
  readonly positive: string | undefined;
  /** Where an event has a score and no prediction, it counts as positive from this score on. */
  readonly threshold: number;
}

/** What is known of one event; without a label, or without both prediction and score, it says nothing. */
export interface JudgedEvent {
  readonly prediction: Answer | undefined;
  readonly score: number | undefined;
  readonly label: Answer | undefined;
}

/**
 * Gathers what labelled events say about a model, one by one, in memory that does not grow with their number.
 *
 * @example
 * const builder = new LabelledEvidenceBuilder({ task: 'classification', positive: 'fraud', threshold: 0.5 });
 * builder.add({ prediction: undefined, score: 0.93, label: 'fraud' });
 * builder.results(); // accuracy, f1, roc_auc ... each with a value or a reason
 */
export class LabelledEvidenceBuilder {
  readonly #policy: PerformancePolicy;
  readonly #cells = new PairCounts();
  readonly #byThreshold = new PairCounts();
  readonly #scores: ScoreTally;
  readonly #sums = new RegressionSums();
  readonly #errors: ErrorTally;

  /** @param exact a power of two: up to so many distinct scores and errors all are told apart; by default, as many as memory allows. */
  constructor(policy: PerformancePolicy, exact?: number) {
    this.#policy = policy;
    this.#scores = new ScoreTally(exact, exact);
    this.#errors = new ErrorTally(exact);
  }

  add({ prediction, score, label }: JudgedEvent): void {
    if (label === undefined) return;
    if (this.#policy.task === 'classification') this.#classify(prediction, score, String(label));
    else if (typeof prediction === 'number' && typeof label === 'number') {
      this.#sums.add(prediction, label);
      this.#errors.add(Math.abs(prediction - label));
    }
  }

  /** The metrics of the task, each with a value or a reason. */
  results(): MetricResult[] {
    return performance(this.evidence());
  }

  evidence(): LabelledEvidence {
    const { task, positive, threshold } = this.#policy;
    if (task === 'classification') {
      return {
        task,
        positive,
        threshold,
        cells: this.#cells.cells(),
        byThreshold: this.#byThreshold
          .cells()
          .map(({ prediction, label, count }) =>
            prediction === ABOVE ? { label, above: count, below: 0 } : { label, above: 0, below: count },
          ),
        scores: this.#scores.evidence(),
      };
    }
    return {
      task,
      moments: this.#sums.moments(),
      medianAbsoluteError: medianAbsoluteError(this.#errors.counts()),
      medianDigits: this.#errors.digits,
    };
  }

  #classify(prediction: Answer | undefined, given: number | undefined, label: string): void {
    const { positive, threshold } = this.#policy;
    const score = given !== undefined && Number.isFinite(given) ? given : undefined;
    // An empty text names no class; the store keeps it as no prediction too.
    if (prediction !== undefined && prediction !== '') this.#cells.add(String(prediction), label);
    else if (score !== undefined) this.#byThreshold.add(score >= threshold ? ABOVE : BELOW, label);
    if (score === undefined) return;
    const isPositive = positive === undefined ? CONVENTIONAL_POSITIVES.includes(label) : label === positive;
    this.#scores.add(score, isPositive);
  }
}

const ABOVE = 'above';
const BELOW = 'below';

/** Counts pairs of prediction and label; those past the bound count as one more, which makes them too many. */
class PairCounts {
  readonly #labelsOf = new Map<string, Map<string, number>>();
  #pairs = 0;
  #rest = 0;

  add(prediction: string, label: string): void {
    const labels = this.#labelsOf.get(prediction) ?? new Map<string, number>();
    const counted = labels.get(label);
    if (counted === undefined && this.#pairs === MAX_CLASS_PAIRS) {
      this.#rest += 1;
      return;
    }
    if (counted === undefined) this.#pairs += 1;
    this.#labelsOf.set(prediction, labels);
    labels.set(label, (counted ?? 0) + 1);
  }

  cells(): Array<{ prediction: string; label: string; count: number }> {
    const cells = [...this.#labelsOf].flatMap(([prediction, labels]) =>
      [...labels].map(([label, count]) => ({ prediction, label, count })),
    );
    if (this.#rest > 0) cells.push({ prediction: '', label: '', count: this.#rest });
    return cells;
  }
}
