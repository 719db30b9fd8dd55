import type { JudgedEvent, PerformancePolicy } from './labelled-evidence.ts';

/** Whole numbers with up to this many distinct values may well be names of classes. */
const MAX_NUMBERED_CLASSES = 20;

/**
 * What a model seems to answer with, from a sample of its events: numbers when all labels and all predictions are
 * numbers, and among either are fractions or more than 20 distinct values; classes otherwise, and for an empty sample.
 */
export function inferTask(
  sample: Iterable<Pick<JudgedEvent, 'prediction' | 'label'>>,
): PerformancePolicy['task'] {
  const labels = new Set<number>();
  const predictions = new Set<number>();
  let fractions = false;
  for (const event of sample) {
    for (const [answer, met] of [
      [event.label, labels],
      [event.prediction, predictions],
    ] as const) {
      if (answer === undefined) continue;
      if (typeof answer !== 'number') return 'classification';
      fractions ||= !Number.isInteger(answer);
      if (met.size <= MAX_NUMBERED_CLASSES) met.add(answer);
    }
  }
  const many = Math.max(labels.size, predictions.size) > MAX_NUMBERED_CLASSES;
  return labels.size > 0 && predictions.size > 0 && (fractions || many) ? 'regression' : 'classification';
}
