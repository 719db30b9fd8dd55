import type { ClassEvidence } from '../metrics/class-metrics.ts';
import type { LabelBiasEvidence } from '../metrics/label-bias.ts';
import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import type { ScoreEvidence } from '../metrics/score-tally.ts';
import { ksFromCells } from '../stats/hypothesis/ks-from-cells.ts';
import { scoreCounts } from '../stats/score/score-counts.ts';
import type { LabelledCell } from '../store/labelled-cells.ts';

/** What the predictions of one version say about it, those with a label. */
export function classEvidence(
  { positive, threshold }: PerformancePolicy,
  positives: readonly string[],
  cells: readonly LabelledCell[],
  step: number,
): ClassEvidence {
  const labelled = cells.filter(({ hasLabel }) => hasLabel);
  const scores = scoreEvidence(labelled, positives, step);
  return {
    task: 'classification',
    positive,
    threshold,
    cells: labelled
      .filter(({ side }) => side === 'named')
      .map(({ prediction, label, count }) => ({ prediction, label, count })),
    byThreshold: labelled
      .filter(({ side }) => side === 'above' || side === 'below')
      .map(({ label, side, count }) => ({
        label,
        above: side === 'above' ? count : 0,
        below: side === 'below' ? count : 0,
      })),
    ...(scores !== undefined && { scores }),
  };
}

function scoreEvidence(
  labelled: readonly LabelledCell[],
  positives: readonly string[],
  step: number,
): ScoreEvidence | undefined {
  const scored = labelled.flatMap(({ label, scores, counts }) => {
    const isPositive = positives.includes(label);
    return scores.map((score, i) => {
      const count = counts[i] as number;
      return { score, positives: isPositive ? count : 0, negatives: isPositive ? 0 : count };
    });
  });
  return scored.length === 0 ? undefined : { counts: scoreCounts(scored), step };
}

/** How those with a label differ from those without: in their scores, or in their classes where there are no scores. */
export function classBias(cells: readonly LabelledCell[]): LabelBiasEvidence | undefined {
  const scored = cells.flatMap(({ hasLabel, scores, counts }) =>
    scores.map((score, i) => {
      const count = counts[i] as number;
      // Two kinds of items at each score: that is what these counts are made for.
      return { score, positives: hasLabel ? count : 0, negatives: hasLabel ? 0 : count };
    }),
  );
  if (scored.length > 0) {
    const { positives, negatives, totalPositives, totalNegatives } = scoreCounts(scored);
    const distance = ksFromCells(negatives, positives);
    return {
      kind: 'numbers',
      of: 'score',
      labelled: totalPositives,
      unlabelled: totalNegatives,
      distance: distance.defined ? distance.value : 0,
    };
  }
  const classes = new Map<string, { labelled: number; unlabelled: number }>();
  for (const { prediction, hasLabel, count, side } of cells) {
    if (side !== 'named') continue;
    const known = classes.get(prediction) ?? { labelled: 0, unlabelled: 0 };
    known[hasLabel ? 'labelled' : 'unlabelled'] += count;
    classes.set(prediction, known);
  }
  if (classes.size === 0) return undefined;
  const counts = [...classes.values()];
  return {
    kind: 'classes',
    labelled: counts.map(({ labelled }) => labelled),
    unlabelled: counts.map(({ unlabelled }) => unlabelled),
  };
}
