import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  LegendDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StateTimelinePanel } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { table, timeSeries } from '../clickhouse-query.ts';
import { COLOURED_TEXT, mapping, unit, width, wording } from '../column.ts';
import { CHOSEN_VERSION, FEATURE_SERIES } from '../selection.ts';
import { steps } from '../thresholds.ts';

const SEGMENT = "JSONExtractString(alert, 'labels', 'segment')";

// What happened before the chosen time shrinks to one row at its start: the state the alert had by then.
const STATES = `
SELECT time, series, state AS Value
FROM (
  SELECT
    greatest(at, toDateTime64($__fromTime, 3, 'UTC')) AS time,
    concat(alertname, ' ', ${FEATURE_SERIES}, if(${SEGMENT} = '', '', concat(' ', ${SEGMENT}))) AS series,
    argMax(multiIf(to_state = 'firing', 2, to_state = 'pending', 1, 0), at) AS state,
    max(state) OVER (PARTITION BY series) AS worst
  FROM alert_transitions FINAL
  WHERE at <= $__toTime AND ${CHOSEN_VERSION}
  GROUP BY time, series
)
WHERE worst > 0
ORDER BY time, series`;

const ALERTS = `
SELECT
  state AS "State",
  alertname AS "Alert",
  model AS "Model",
  version AS "Version",
  feature AS "Feature",
  segment AS "Segment",
  severity AS "Severity",
  since AS "Since",
  newest_summary AS "Summary"
FROM (
  SELECT
    alertname, model, version, feature, ${SEGMENT} AS segment, severity, fingerprint,
    argMax(to_state, at) AS state,
    argMax(summary, at) AS newest_summary,
    max(at) AS since
  FROM alert_transitions FINAL
  WHERE at <= $__toTime AND ${CHOSEN_VERSION}
  GROUP BY alertname, model, version, feature, segment, severity, fingerprint
)
WHERE since >= $__fromTime OR state IN ('firing', 'pending')
ORDER BY indexOf(['firing', 'pending', 'resolved', 'inactive'], state), since DESC
LIMIT 200`;

export function alertPanels(): Builder<Panel>[] {
  return [stateTimeline(), alertTable()];
}

function stateTimeline(): Builder<Panel> {
  return (
    new StateTimelinePanel()
      .title('Alert states')
      .description(
        'When each alert was pending (its condition held, not yet for long enough) and when it was firing.',
      )
      .span(24)
      .height(8)
      .displayName(`\${__field.labels.series}`)
      .mappings([wording({ 0: ['ok', 'green'], 1: ['pending', 'yellow'], 2: ['firing', 'red'] })])
      .showValue(VisibilityMode.Never)
      .mergeValues(true)
      .rowHeight(0.8)
      .fillOpacity(80)
      .lineWidth(0)
      .perPage(20)
      // Rows are changes of state, so a state holds until the next row.
      .spanNulls(true)
      .noValue('No alert was pending or firing')
      .legend(new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List))
      .withTarget(timeSeries(STATES))
  );
}

function alertTable(): Builder<Panel> {
  return new TablePanel()
    .title('Alerts')
    .description(
      'Alerts that changed in the chosen time or are still pending or firing, each in its newest state.',
    )
    .span(24)
    .height(8)
    .thresholds(steps('text'))
    .withTarget(table(ALERTS))
    .overrideByName('State', [
      COLOURED_TEXT,
      mapping(
        wording({
          firing: ['firing', 'red'],
          pending: ['pending', 'yellow'],
          resolved: ['resolved', 'green'],
          inactive: ['inactive', 'text'],
        }),
      ),
      width(90),
    ])
    .overrideByName('Alert', [width(190)])
    .overrideByName('Model', [width(130)])
    .overrideByName('Version', [width(90)])
    .overrideByName('Feature', [width(170)])
    .overrideByName('Severity', [width(90)])
    .overrideByName('Since', [unit('dateTimeAsIso'), width(170)]);
}
