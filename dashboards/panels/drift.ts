import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { OVERVIEW_UID } from '../../src/pipeline/links.ts';
import { table, timeSeries } from '../clickhouse-query.ts';
import { bar, COLOURED_TEXT, link, mapping, thresholds, unit, width, wording } from '../column.ts';
import { lines } from '../graph.ts';
import { CHOSEN_FEATURE, CHOSEN_METRICS, FEATURE_SERIES } from '../selection.ts';
import { LARGE_PSI, MODERATE_PSI, steps } from '../thresholds.ts';

const SHIFTS = `${CHOSEN_METRICS} AND metric = 'psi_adjusted' AND status = 'ok' AND ${CHOSEN_FEATURE}`;
const MISSING = `${CHOSEN_METRICS} AND metric = 'missing_share' AND status = 'ok' AND ${CHOSEN_FEATURE}`;

/** Ten lines over time: those of the (model, version, feature) that `rank` puts first. */
function topTen(rows: string, rank: string): string {
  return `
SELECT window_end AS time, ${FEATURE_SERIES} AS series, max(value) AS Value
FROM metrics FINAL
WHERE ${rows}
  AND (model, version, feature) IN (
    SELECT model, version, feature
    FROM metrics FINAL
    WHERE ${rows}
    GROUP BY model, version, feature
    ORDER BY ${rank} DESC, model, version, feature
    LIMIT 10
  )
GROUP BY time, series
ORDER BY time, series`;
}

const NEWEST_WINDOW = `
SELECT
  model AS "Model",
  version AS "Version",
  feature AS "Feature",
  maxIf(value, metric = 'psi_adjusted') AS "psi_adjusted",
  minIf(value, metric = 'q_value') AS "q_value",
  maxIf(value, metric = 'ks') AS "ks",
  maxIf(value, metric = 'missing_share') AS "Missing",
  maxIf(value, metric = 'unseen_share') AS "Unseen",
  maxIf(n, metric = 'psi_adjusted') AS "Values",
  anyIf(status, metric = 'psi_adjusted') AS "Status",
  max(window_end) AS "Window end"
FROM metrics FINAL
WHERE ${CHOSEN_METRICS}
  AND metric IN ('psi_adjusted', 'q_value', 'ks', 'missing_share', 'unseen_share')
  AND ${CHOSEN_FEATURE}
  AND (model, version, window_end) IN (
    SELECT model, version, max(window_end)
    FROM metrics
    WHERE ${CHOSEN_METRICS} AND metric = 'psi_adjusted'
    GROUP BY model, version
  )
GROUP BY model, version, feature
ORDER BY "psi_adjusted" DESC NULLS LAST, "Model", "Version", "Feature"
LIMIT 100`;

const NARROW_TO_FEATURE =
  `/d/${OVERVIEW_UID}?\${__url_time_range}&\${datasource:queryparam}&\${against:queryparam}` +
  `&var-model=\${__data.fields.Model:percentencode}&var-version=\${__data.fields.Version:percentencode}` +
  `&var-feature=\${__data.fields.Feature:percentencode}`;

export function driftPanels(): Builder<Panel>[] {
  return [worstFeatures(), newestWindow(), missingShare()];
}

function worstFeatures(): Builder<Panel> {
  return lines(
    'Worst features',
    'The ten features that moved most in the chosen time, one point a window: psi_adjusted is the population stability index less what noise alone gives at these sample sizes. ' +
      'Above 0.1 the shift is moderate, above 0.25 large.',
  )
    .span(24)
    .height(9)
    .min(0)
    .axisSoftMax(LARGE_PSI * 1.2)
    .axisLabel('psi_adjusted')
    .decimals(2)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .thresholds(steps('transparent', [MODERATE_PSI, 'orange'], [LARGE_PSI, 'red']))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
    .withTarget(timeSeries(topTen(SHIFTS, 'max(value)')));
}

function newestWindow(): Builder<Panel> {
  const share = [unit('percentunit'), width(95)];
  return new TablePanel()
    .title('Newest window of each model')
    .description(
      'How far each feature is from its reference, the worst first. psi_adjusted says how large the shift is, q_value how likely noise alone would show one ' +
        '(adjusted for the number of features): act when the one is large and the other small. ks is the largest distance between the two distribution functions; ' +
        'Unseen is the share of values whose category the baseline never had. Choose a feature to see only it.',
    )
    .span(14)
    .height(10)
    .decimals(3)
    .noValue('–')
    .thresholds(steps('text'))
    .withTarget(table(NEWEST_WINDOW))
    .overrideByName('Feature', [link('Show only this feature', NARROW_TO_FEATURE)])
    .overrideByName('Version', [width(80)])
    .overrideByName('psi_adjusted', [
      ...bar(2 * LARGE_PSI),
      thresholds(steps('green', [MODERATE_PSI, 'orange'], [LARGE_PSI, 'red'])),
      width(180),
    ])
    .overrideByName('q_value', [unit('sci'), { id: 'decimals', value: 1 }, width(95)])
    .overrideByName('ks', [width(70)])
    .overrideByName('Missing', share)
    .overrideByName('Unseen', share)
    .overrideByName('Values', [unit('short'), width(80)])
    .overrideByName('Status', [
      COLOURED_TEXT,
      mapping(
        wording({
          ok: ['ok', 'green'],
          no_data: ['no data', 'orange'],
          not_enough_data: ['too few', 'yellow'],
          undefined: ['undefined', 'text'],
        }),
      ),
      width(90),
    ])
    .overrideByName('Window end', [unit('dateTimeAsIso'), width(160)]);
}

function missingShare(): Builder<Panel> {
  return lines(
    'Missing values',
    'Share of events in which a feature is null or absent: the ten features whose share moved most in the chosen time.',
  )
    .span(10)
    .height(10)
    .unit('percentunit')
    .min(0)
    .withTarget(timeSeries(topTen(MISSING, 'max(value) - min(value)')));
}
