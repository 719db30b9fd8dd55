import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { table, timeSeries } from '../clickhouse-query.ts';
import { unit, width } from '../column.ts';
import { lines, stackedBars } from '../graph.ts';
import { CHOSEN_VERSION, MODEL_SERIES, VOLUME_ROWS } from '../selection.ts';
import { steps } from '../thresholds.ts';

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

const ESTIMATE_ROWS = `$__timeFilter(window_end) AND segment = '' AND status = 'ok' AND ${CHOSEN_VERSION}`;

const ESTIMATE = `
SELECT window_end AS time, concat(${MODEL_SERIES}, ' ', edge.1) AS series, argMax(edge.2, window_start) AS Value
FROM metrics FINAL
ARRAY JOIN [('estimated', value), ('estimated, least', lower), ('estimated, most', upper)] AS edge
WHERE ${ESTIMATE_ROWS} AND metric = 'estimated_accuracy' AND edge.2 IS NOT NULL
GROUP BY time, series
ORDER BY time, series`;

const REALISED = `
SELECT window_end AS time, concat(${MODEL_SERIES}, ' realised') AS series, argMax(value, window_start) AS Value
FROM metrics FINAL
WHERE ${ESTIMATE_ROWS} AND metric = 'accuracy'
GROUP BY time, series
ORDER BY time, series`;

const ERRORS = `
SELECT $__timeInterval(pane) AS time, ${MODEL_SERIES} AS series, sum(errors) / sum(observations) AS Value
FROM error_panes FINAL
WHERE $__timeFilter(pane) AND ${CHOSEN_VERSION}
GROUP BY time, series
ORDER BY time, series`;

const CHANGES = `
SELECT at AS "At", model AS "Model", version AS "Version", detector AS "Detector", signal AS "Signal", observation AS "Observation"
FROM error_changes FINAL
WHERE $__timeFilter(at) AND ${CHOSEN_VERSION}
ORDER BY at DESC
LIMIT 200`;

export function performancePanels(): Builder<Panel>[] {
  return [volume(), performance(), estimate(), errors(), changes()];
}

function estimate(): Builder<Panel> {
  return lines(
    'Estimated and realised accuracy',
    'What the scores promise, with its 95 % band, and what the labels say once they have come. The estimate follows the inputs; a changed relation of inputs and labels it cannot see.',
  )
    .span(12)
    .height(9)
    .unit('percentunit')
    .max(1)
    .axisSoftMin(0.5)
    .withTarget(timeSeries(ESTIMATE))
    .withTarget(timeSeries(REALISED, 'B'))
    .overrideByRegexp('/ estimated, (least|most)$/', [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [2, 6] } },
      { id: 'custom.showPoints', value: 'never' },
    ]);
}

function errors(): Builder<Panel> {
  return lines(
    'Errors in the stream',
    'Mean error of the labelled predictions that change detectors were shown, by the event time of the prediction: the share of wrong ones, or the absolute error in units of the usual one.',
  )
    .span(12)
    .height(9)
    .axisSoftMin(0)
    .withTarget(timeSeries(ERRORS));
}

function changes(): Builder<Panel> {
  return new TablePanel()
    .title('Changes in the stream of errors')
    .description('What change detectors said, the newest first: of which prediction, by event time.')
    .span(24)
    .height(6)
    .thresholds(steps('text'))
    .noValue('No change was detected')
    .withTarget(table(CHANGES))
    .overrideByName('At', [unit('dateTimeAsIso'), width(190)]);
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
