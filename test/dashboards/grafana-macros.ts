/** What a person has chosen at the top of a dashboard. */
export interface Choice {
  readonly from: Date;
  readonly to: Date;
  /** What Grafana derives from the time range and the panel's width. */
  readonly intervalSeconds: number;
  /** Values by variable; 'All' as Grafana has it. */
  readonly variables: Readonly<Record<string, 'All' | readonly string[]>>;
}

// One level of brackets inside the condition is all that our queries use.
const CONDITIONAL_ALL = /\$__conditionalAll\(((?:[^()]|\([^()]*\))*),\s*\$(\w+)\)/g;

/**
 * Does to a query what Grafana and grafana-clickhouse-datasource 4.x do before ClickHouse sees it.
 * Written after the data source's own macros (pkg/macros) and its $__conditionalAll.
 */
export function expandMacros(sql: string, choice: Choice): string {
  const seconds = (date: Date): string => `toDateTime(${Math.floor(date.getTime() / 1000)})`;
  const from = seconds(choice.from);
  const to = seconds(choice.to);
  const valuesOf = (variable: string): 'All' | readonly string[] => {
    const values = choice.variables[variable];
    if (values === undefined) throw new Error(`the dashboard has no variable "${variable}"`);
    return values;
  };
  return sql
    .replaceAll(CONDITIONAL_ALL, (_, condition: string, variable: string) =>
      valuesOf(variable) === 'All' ? '1=1' : condition,
    )
    .replaceAll(/\$\{(\w+):singlequote\}/g, (_, variable: string) => {
      const values = valuesOf(variable);
      if (values === 'All') throw new Error(`"All" of "${variable}" would be spelled out here`);
      return values.map((value) => `'${value.replaceAll("'", "\\'")}'`).join(',');
    })
    .replaceAll(
      /\$__timeFilter\(([^()]+)\)/g,
      (_, column: string) => `${column} >= ${from} AND ${column} <= ${to}`,
    )
    .replaceAll(
      /\$__timeInterval\(([^()]+)\)/g,
      (_, column: string) =>
        `toStartOfInterval(toDateTime(${column}), INTERVAL ${choice.intervalSeconds} second)`,
    )
    .replaceAll(/\$__fromTime\b/g, from)
    .replaceAll(/\$__toTime\b/g, to);
}
