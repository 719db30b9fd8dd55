/** What the matrix says about one class. */
export interface ClassCounts {
  /** Row sum: items with this label. */
  readonly labelled: number;
  /** Column sum: items predicted as this class. */
  readonly predicted: number;
  /** Diagonal: items with this label that were predicted as this class. */
  readonly correct: number;
}

/**
 * A confusion matrix, kept as its margins and its diagonal: all that the scores need, and linear in the
 * number of classes.
 */
export interface ConfusionMatrix {
  /** Labelled predictions. */
  readonly total: number;
  /** Those whose prediction equals the label. */
  readonly correct: number;
  /** Every class that occurs as a label or as a prediction, in the order in which they were met. */
  readonly classes: ReadonlyMap<string, ClassCounts>;
}

export interface ConfusionCell {
  readonly prediction: string;
  readonly label: string;
  /** 0 or more. */
  readonly count: number;
}

/**
 * Adds up cells of a confusion matrix, in any order; a pair that comes twice counts twice. Cells of count 0
 * are left out, so that a class nobody saw is no class. The caller bounds the number of classes.
 *
 * @throws RangeError for a count that is negative or not finite.
 *
 * @example
 * confusionMatrix([
 *   { prediction: 'fraud', label: 'fraud', count: 8 },
 *   { prediction: 'ok', label: 'fraud', count: 2 },
 *   { prediction: 'ok', label: 'ok', count: 90 },
 * ]).correct; // 98
 */
export function confusionMatrix(cells: Iterable<ConfusionCell>): ConfusionMatrix {
  const classes = new Map<string, { labelled: number; predicted: number; correct: number }>();
  const countsOf = (name: string) => {
    const known = classes.get(name);
    if (known !== undefined) return known;
    const created = { labelled: 0, predicted: 0, correct: 0 };
    classes.set(name, created);
    return created;
  };
  let total = 0;
  let correct = 0;
  for (const { prediction, label, count } of cells) {
    if (!(count >= 0 && Number.isFinite(count))) throw new RangeError(`${count} is no count of predictions`);
    if (count === 0) continue;
    total += count;
    countsOf(label).labelled += count;
    countsOf(prediction).predicted += count;
    if (prediction === label) {
      correct += count;
      countsOf(label).correct += count;
    }
  }
  return { total, correct, classes };
}

/** The counts of one class; zeros for a class that does not occur. */
export function classCounts(matrix: ConfusionMatrix, name: string): ClassCounts {
  return matrix.classes.get(name) ?? { labelled: 0, predicted: 0, correct: 0 };
}
