import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';

/** Always the variable, never an installation's own uid: the same file works in every Grafana. */
export const DATASOURCE: DataSourceRef = { type: 'grafana-clickhouse-datasource', uid: `\${datasource}` };

/** How the data source shapes a result: 0 = time series, 1 = table. */
type Format = 0 | 1;

interface ClickHouseTarget extends Dataquery {
  refId: string;
  datasource: DataSourceRef;
  editorType: 'sql';
  rawSql: string;
  format: Format;
}

/** A query of grafana-clickhouse-datasource 4.x, which the Foundation SDK does not know by itself. */
export class ClickHouseQuery implements Builder<Dataquery> {
  private readonly target: ClickHouseTarget;

  constructor(rawSql: string, format: Format, refId = 'A') {
    this.target = {
      refId,
      datasource: DATASOURCE,
      editorType: 'sql',
      rawSql: rawSql.trim(),
      format,
      _implementsDataqueryVariant: () => undefined,
    };
  }

  build(): Dataquery {
    return this.target;
  }
}

/**
 * Rows of (time, series, Value), in the order of time.
 *
 * The column must be called `Value`: Grafana then names a line after its `series` label alone.
 */
export function timeSeries(rawSql: string, refId?: string): ClickHouseQuery {
  return new ClickHouseQuery(rawSql, 0, refId);
}

export function table(rawSql: string): ClickHouseQuery {
  return new ClickHouseQuery(rawSql, 1);
}
