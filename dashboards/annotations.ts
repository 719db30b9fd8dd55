import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE, table } from './clickhouse-query.ts';
import { CHOSEN_MODEL, CHOSEN_VERSION } from './selection.ts';

const ALERTS_THAT_FIRED = `
SELECT
  at AS time,
  concat(alertname, ': ', summary) AS text,
  concat(model, ',', severity) AS tags
FROM alert_transitions FINAL
WHERE $__timeFilter(at) AND to_state = 'firing' AND ${CHOSEN_VERSION}
ORDER BY time
LIMIT 200`;

const NEW_BASELINES = `
SELECT
  applies_from AS time,
  concat('Baseline ', baseline_id, ' of ', model, if(version = '', '', concat('/', version)), ' applies (', reason, ')') AS text,
  model AS tags
FROM baseline_activations FINAL
WHERE $__timeFilter(applies_from) AND ${CHOSEN_MODEL}
ORDER BY time
LIMIT 200`;

/** Vertical marks across all graphs: when an alert fired, and from when on another baseline counts. */
export function overviewAnnotations(): Builder<AnnotationQuery>[] {
  return [
    annotation('Alerts that fired', 'red', ALERTS_THAT_FIRED),
    annotation('New baselines', 'blue', NEW_BASELINES),
  ];
}

function annotation(name: string, colour: string, rawSql: string): Builder<AnnotationQuery> {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(colour)
    .target(table(rawSql));
}
