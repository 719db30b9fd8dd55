import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { table, timeSeries } from '../clickhouse-query.ts';
import { CHOSEN_FEATURE, CHOSEN_METRICS, CHOSEN_VERSION, FEATURE_SERIES, VOLUME_ROWS } from '../selection.ts';
import { LARGE_PSI, MODERATE_PSI, steps } from '../thresholds.ts';

const FIRING = `
SELECT countIf(state = 'firing') AS firing
FROM (
  SELECT fingerprint, argMax(to_state, at) AS state
  FROM alert_transitions FINAL
  WHERE at <= $__toTime AND ${CHOSEN_VERSION}
  GROUP BY fingerprint
)`;

const PREDICTIONS = `
SELECT $__timeInterval(pane) AS time, sum(n + missing + invalid) AS Value
FROM profile_parts FINAL
WHERE $__timeFilter(pane) AND ${VOLUME_ROWS} AND ${CHOSEN_VERSION}
GROUP BY time
ORDER BY time`;

const LARGEST_SHIFT = `
SELECT ${FEATURE_SERIES} AS name, value AS psi_adjusted
FROM metrics FINAL
WHERE ${CHOSEN_METRICS} AND metric = 'psi_adjusted' AND status = 'ok' AND ${CHOSEN_FEATURE}
ORDER BY window_end DESC, psi_adjusted DESC
LIMIT 1 BY model, version`;

const REJECTED = `
SELECT $__timeInterval(rejected_at) AS time, count() AS Value
FROM rejects FINAL
WHERE $__timeFilter(rejected_at)
GROUP BY time
ORDER BY time`;

/** The row of large numbers at the top: is anything wrong, right now? */
export function headlinePanels(): Builder<Panel>[] {
  return [
    stat('Firing alerts', 'Alerts that are firing at the end of the chosen time.')
      .thresholds(steps('green', [1, 'red']))
      .colorMode(BigValueColorMode.Background)
      .withTarget(table(FIRING)),
    stat(
      'Largest shift now',
      'Of each model the feature that moved most in its newest window, by psi_adjusted: 0.1 is a moderate shift, 0.25 a large one.',
    )
      .thresholds(steps('green', [MODERATE_PSI, 'orange'], [LARGE_PSI, 'red']))
      .decimals(2)
      .noValue('–')
      .textMode(BigValueTextMode.ValueAndName)
      .reduceOptions(new ReduceDataOptionsBuilder().values(true).limit(3).calcs([]))
      .withTarget(table(LARGEST_SHIFT)),
    stat('Predictions', 'Predictions that were profiled in the chosen time.')
      .unit('short')
      .interval('5m')
      .graphMode(BigValueGraphMode.Area)
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['sum']))
      .withTarget(timeSeries(PREDICTIONS)),
    stat(
      'Rejected records',
      'Records of all topics that could not be read as events, by the time of rejection.',
    )
      .thresholds(steps('text', [1, 'orange']))
      .unit('short')
      .interval('5m')
      .graphMode(BigValueGraphMode.Area)
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['sum']))
      .withTarget(timeSeries(REJECTED)),
  ];
}

function stat(title: string, description: string): PanelBuilder {
  return new PanelBuilder()
    .title(title)
    .description(description)
    .span(6)
    .height(4)
    .noValue('0')
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(steps('text'));
}
