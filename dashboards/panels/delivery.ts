import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DynamicConfigValue,
  FieldColorModeId,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { table, timeSeries } from '../clickhouse-query.ts';
import { COLOURED_TEXT, mapping, unit, width, wording } from '../column.ts';
import { stackedBars } from '../graph.ts';
import { CHOSEN_VERSION } from '../selection.ts';
import { steps } from '../thresholds.ts';

const REJECTS = `
SELECT $__timeInterval(rejected_at) AS time, reason AS series, count() AS Value
FROM rejects FINAL
WHERE $__timeFilter(rejected_at)
GROUP BY time, series
ORDER BY time, series`;

const NOTIFICATIONS = `
SELECT $__timeInterval(at) AS time, status AS series, count() AS Value
FROM notifications FINAL
WHERE $__timeFilter(at)
GROUP BY time, series
ORDER BY time, series`;

const RETRAINING = `
SELECT
  at AS "At",
  target AS "Target",
  model AS "Model",
  version AS "Version",
  if(state = '', status, state) AS "State",
  reason AS "Reason",
  baseline_id AS "Baseline"
FROM (SELECT * FROM retrain_requests FINAL) AS requests
LEFT JOIN (
  SELECT id AS request, argMax(state, at) AS state FROM retrain_states FINAL GROUP BY request
) AS states ON states.request = requests.id
WHERE $__timeFilter(at) AND ${CHOSEN_VERSION}
ORDER BY at DESC
LIMIT 100`;

/** What driftd refused, and what it told others. Rejects and notifications belong to no single model. */
export function deliveryPanels(): Builder<Panel>[] {
  return [
    stackedBars(
      'Rejects by reason',
      'Records that could not be read as events, by reason and time of rejection; of all models.',
    )
      .span(8)
      .height(8)
      .withTarget(timeSeries(REJECTS)),
    stackedBars(
      'Notifications',
      'Messages and retraining calls by their newest status: sent, pending (tried again later) or dead (given up). At the evaluation that decided them; of all models.',
    )
      .span(8)
      .height(8)
      .withTarget(timeSeries(NOTIFICATIONS))
      .overrideByName('sent', [colour('green')])
      .overrideByName('pending', [colour('yellow')])
      .overrideByName('dead', [colour('red')]),
    new TablePanel()
      .title('Retraining requests')
      .description(
        'New models that rules asked for, by what became of it last; driftd retrain show has the rest.',
      )
      .span(8)
      .height(8)
      .withTarget(table(RETRAINING))
      .thresholds(steps('text'))
      .overrideByName('At', [unit('dateTimeAsIso'), width(160)])
      .overrideByName('State', [
        COLOURED_TEXT,
        mapping(
          wording({
            suggested: ['suggested', 'yellow'],
            undelivered: ['undelivered', 'red'],
            failed: ['failed', 'red'],
            timed_out: ['timed out', 'yellow'],
            succeeded: ['succeeded', 'green'],
            compared: ['compared', 'green'],
          }),
        ),
      ]),
  ];
}

function colour(name: string): DynamicConfigValue {
  return { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: name } };
}
