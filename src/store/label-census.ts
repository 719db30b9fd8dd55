import type { Store } from './client.ts';

/** How the predictions and the labels of a model that the store holds find one another. */
export interface LabelCensus {
  readonly model: string;
  /** Predictions with a label. */
  readonly labelled: number;
  readonly predictionsWithoutLabel: number;
  /** They may be early; or their ids are not those of the predictions. */
  readonly labelsWithoutPrediction: number;
}

/** So many rows are looked at in one step. */
const ROWS_AT_A_TIME = 1_000_000;

/** Counts, by model, what is joined and what is not, in slices of ids: nothing grows with what the store holds. */
export async function labelCensus(store: Store, atATime: number = ROWS_AT_A_TIME): Promise<LabelCensus[]> {
  const [size] = await store.query<{ readonly rows: number }>(
    'SELECT (SELECT count() FROM {database}.predictions) + (SELECT count() FROM {database}.labels) AS rows',
  );
  const slices = Math.ceil((size?.rows ?? 0) / atATime);
  const known = new Map<string, LabelCensus>();
  for (let slice = 0; slice < slices; slice += 1) {
    const rows = await store.query<LabelCensus>(
      `SELECT model, countIf(has_prediction AND has_label) AS labelled,
              countIf(NOT has_label) AS predictionsWithoutLabel, countIf(NOT has_prediction) AS labelsWithoutPrediction
       FROM (SELECT model, prediction_id, max(is_prediction) AS has_prediction, max(NOT is_prediction) AS has_label
             FROM (SELECT model, prediction_id, true AS is_prediction FROM {database}.predictions WHERE ${IN_SLICE}
                   UNION ALL
                   SELECT model, prediction_id, false AS is_prediction FROM {database}.labels WHERE ${IN_SLICE})
             GROUP BY model, prediction_id)
       GROUP BY model`,
      { slices, slice },
    );
    for (const row of rows) known.set(row.model, sumOf(known.get(row.model), row));
  }
  return [...known.values()].sort((a, b) => (a.model < b.model ? -1 : 1));
}

const IN_SLICE = 'cityHash64(prediction_id) % {slices:UInt32} = {slice:UInt32}';

function sumOf(known: LabelCensus | undefined, more: LabelCensus): LabelCensus {
  if (known === undefined) return more;
  return {
    model: more.model,
    labelled: known.labelled + more.labelled,
    predictionsWithoutLabel: known.predictionsWithoutLabel + more.predictionsWithoutLabel,
    labelsWithoutPrediction: known.labelsWithoutPrediction + more.labelsWithoutPrediction,
  };
}
