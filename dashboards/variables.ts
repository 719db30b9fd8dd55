import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './clickhouse-query.ts';
import { CHOSEN_MODEL, CHOSEN_VERSION, VOLUME_ROWS } from './selection.ts';

/** Models that had events in the chosen time; one that still learns its baseline has samples but no profiles. */
const SEEN = `(
  SELECT model, version FROM profile_parts WHERE $__timeFilter(pane) AND ${VOLUME_ROWS}
  UNION DISTINCT
  SELECT model, version FROM learning_samples WHERE $__timeFilter(timestamp)
)`;

/** The drop-downs at the top, each narrowed by those to its left. */
export function overviewVariables(): Builder<VariableModel>[] {
  return [
    new DatasourceVariableBuilder('datasource')
      .label('Data source')
      .description('The ClickHouse that driftd writes to.')
      .type('grafana-clickhouse-datasource'),
    manyOf('model', 'Model', `SELECT DISTINCT model FROM ${SEEN} ORDER BY model`),
    manyOf(
      'version',
      'Version',
      `SELECT DISTINCT version FROM ${SEEN} WHERE ${CHOSEN_MODEL} ORDER BY version`,
    ),
    manyOf(
      'feature',
      'Feature',
      `SELECT DISTINCT feature FROM metrics WHERE $__timeFilter(window_end) AND feature != '' AND ${CHOSEN_VERSION} ORDER BY feature`,
    ),
    queryVariable(
      'against',
      'SELECT DISTINCT against FROM metrics WHERE $__timeFilter(window_end) ORDER BY against',
    )
      .label('Compared with')
      .description('The reference of the drift panels, as the rule files name it: baseline, previous, ...')
      .current({ text: 'baseline', value: 'baseline' }),
  ];
}

function manyOf(name: string, label: string, rawSql: string): QueryVariableBuilder {
  return queryVariable(name, rawSql)
    .label(label)
    .multi(true)
    .includeAll(true)
    .current({ text: ['All'], value: ['$__all'] });
}

function queryVariable(name: string, rawSql: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .datasource(DATASOURCE)
    .query({ editorType: 'sql', rawSql, format: 1, refId: name })
    .definition(rawSql)
    .sort(VariableSort.NaturalAsc)
    .refresh(VariableRefresh.OnTimeRangeChanged);
}
