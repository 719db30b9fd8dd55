import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { OVERVIEW_UID } from '../../src/pipeline/links.ts';
import { table } from '../clickhouse-query.ts';
import { COLOURED_TEXT, link, mapping, thresholds, unit, width, wording } from '../column.ts';
import { CHOSEN_VERSION, VOLUME_ROWS } from '../selection.ts';
import { steps } from '../thresholds.ts';

// A model without a baseline has samples and no profiles yet. The newest baseline by event time counts; one of the
// version comes before one of the model as a whole.
const MODELS = `
WITH
  seen AS (
    SELECT model, version, sum(events) AS predictions, max(newest) AS last_seen
    FROM (
      SELECT model, version, sum(n + missing + invalid) AS events, max(pane) AS newest
      FROM profile_parts FINAL
      WHERE $__timeFilter(pane) AND ${VOLUME_ROWS} AND ${CHOSEN_VERSION}
      GROUP BY model, version
      UNION ALL
      SELECT model, version, 0 AS events, max(timestamp) AS newest
      FROM learning_samples
      WHERE $__timeFilter(timestamp) AND ${CHOSEN_VERSION}
      GROUP BY model, version
    )
    GROUP BY model, version
  ),
  active AS (
    SELECT model, version, argMax(baseline_id, applies_from) AS id
    FROM baseline_activations FINAL
    WHERE applies_from <= $__toTime
    GROUP BY model, version
  ),
  alerts AS (
    SELECT model, version, countIf(state = 'firing') AS firing
    FROM (
      SELECT model, version, fingerprint, argMax(to_state, at) AS state
      FROM alert_transitions FINAL
      WHERE at <= $__toTime
      GROUP BY model, version, fingerprint
    )
    GROUP BY model, version
  )
SELECT
  seen.model AS "Model",
  seen.version AS "Version",
  seen.predictions AS "Predictions",
  seen.last_seen AS "Last seen",
  multiIf(own.id != '', own.id, shared.id != '', shared.id, 'learning') AS "Baseline",
  alerts.firing AS "Firing alerts"
FROM seen
LEFT JOIN active AS own ON own.model = seen.model AND own.version = seen.version
LEFT JOIN (SELECT model, id FROM active WHERE version = '') AS shared ON shared.model = seen.model
LEFT JOIN alerts ON alerts.model = seen.model AND alerts.version = seen.version
ORDER BY "Firing alerts" DESC, "Model", "Version"`;

const NARROW_TO_MODEL =
  `/d/${OVERVIEW_UID}?\${__url_time_range}&\${datasource:queryparam}&\${against:queryparam}` +
  `&var-model=\${__data.fields.Model:percentencode}&var-version=\${__data.fields.Version:percentencode}`;

export function modelsPanel(): Builder<Panel> {
  return new PanelBuilder()
    .title('Models')
    .description(
      'Every model and version with events in the chosen time, those with firing alerts first. Choose a row to narrow the dashboard to it. ' +
        '"learning" means that the model has no baseline yet: its first events become one.',
    )
    .span(24)
    .height(7)
    .thresholds(steps('text'))
    .withTarget(table(MODELS))
    .overrideByName('Model', [link('Show only this model', NARROW_TO_MODEL)])
    .overrideByName('Version', [width(160)])
    .overrideByName('Predictions', [unit('short'), width(140)])
    .overrideByName('Last seen', [unit('dateTimeFromNow'), width(180)])
    .overrideByName('Baseline', [
      COLOURED_TEXT,
      mapping(wording({ learning: ['learning', 'blue'] })),
      width(200),
    ])
    .overrideByName('Firing alerts', [COLOURED_TEXT, thresholds(steps('text', [1, 'red'])), width(130)]);
}
