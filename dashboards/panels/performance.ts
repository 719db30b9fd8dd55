import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { timeSeries } from '../clickhouse-query.ts';
import { lines, stackedBars } from '../graph.ts';
import { CHOSEN_VERSION, MODEL_SERIES, VOLUME_ROWS } from '../selection.ts';

const VOLUME = `
SELECT $__timeInterval(pane) AS time, ${MODEL_SERIES} AS series, sum(n + missing + invalid) AS Value
FROM profile_parts FINAL
WHERE $__timeFilter(pane) AND ${VOLUME_ROWS} AND ${CHOSEN_VERSION}
GROUP BY time, series
ORDER BY time, series`;

const SCORES = `$__timeFilter(window_end) AND segment = '' AND metric IN ('accuracy', 'f1') AND status = 'ok' AND ${CHOSEN_VERSION}`;

// Where windows of several lengths end together, the shortest speaks.
const PERFORMANCE = `
SELECT window_end AS time, concat(${MODEL_SERIES}, ' ', metric) AS series, argMax(value, window_start) AS Value
FROM metrics FINAL
WHERE ${SCORES}
GROUP BY time, series
ORDER BY time, series`;

// A baseline's document lists its performance as [name, value, n].
const REFERENCE = `
SELECT window_end AS time, concat(${MODEL_SERIES}, ' ', metric, ' baseline') AS series, any(reference) AS Value
FROM metrics FINAL
INNER JOIN (
  SELECT id, score.1 AS name, score.2 AS reference
  FROM baselines FINAL
  ARRAY JOIN JSONExtract(document, 'performance', 'Array(Tuple(String, Float64, UInt64))') AS score
  WHERE id IN (SELECT DISTINCT baseline_id FROM metrics WHERE ${SCORES})
) AS baseline ON baseline.id = baseline_id AND baseline.name = metric
WHERE ${SCORES}
GROUP BY time, series
ORDER BY time, series`;

export function performancePanels(): Builder<Panel>[] {
  return [volume(), performance()];
}

function volume(): Builder<Panel> {
  return stackedBars(
    'Predictions over time',
    'Predictions by event time. A pane keeps growing until its latest events have come.',
  )
    .span(12)
    .height(9)
    .withTarget(timeSeries(VOLUME));
}

function performance(): Builder<Panel> {
  return lines(
    'Accuracy and F1',
    'Measured on the predictions whose labels have come; dashed, what the model reached on its baseline. The newest windows may still wait for their labels.',
  )
    .span(12)
    .height(9)
    .unit('percentunit')
    .max(1)
    .axisSoftMin(0.5)
    .withTarget(timeSeries(PERFORMANCE))
    .withTarget(timeSeries(REFERENCE, 'B'))
    .overrideByRegexp('/ baseline$/', [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
      { id: 'custom.showPoints', value: 'never' },
    ]);
}
