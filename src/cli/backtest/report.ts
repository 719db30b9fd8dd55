import type { Millis } from '../../base/clock.ts';
import { formatDuration } from '../../base/duration.ts';
import type { Firing } from '../../pipeline/backtest.ts';
import { cut, fitted, textWidth } from '../compare/text-width.ts';
import type { BacktestResult } from './run-backtest.ts';

const COLUMNS = [
  'fired (UTC)',
  'for',
  'alert',
  'severity',
  'model',
  'version',
  'segment',
  'feature',
  'summary',
];

/** A table of all that would have fired, and how often and how long by alert. `width` is that of the terminal. */
export function backtestReport(result: BacktestResult, width = Number.POSITIVE_INFINITY): string {
  const { from, to, groups, evaluations, firings } = result;
  const period = `${minute(from)} to ${minute(to)} UTC, ${evaluations} evaluations of ${groups} rule group${groups === 1 ? '' : 's'}`;
  if (firings.length === 0) return `${period}\nno alert would have fired`;
  const rows = firings.map((firing) => rowOf(firing, to));
  return [period, '', ...table(rows, width), '', ...totals(result)].join('\n');
}

function rowOf({ alert, from, until }: Firing, end: Millis): string[] {
  const {
    alertname = '',
    severity = '',
    model = '',
    version = '',
    segment = '',
    feature = '',
  } = alert.labels;
  const time = formatDuration((until ?? end) - from);
  const duration = until === undefined ? `${time} and on` : time;
  return [
    minute(from),
    duration,
    alertname,
    severity,
    model,
    version,
    segment,
    feature,
    alert.annotations['summary'] ?? '',
  ];
}

/** Columns that are empty in all rows are left out; the last one is cut to the width. */
function table(rows: readonly string[][], width: number): string[] {
  const used = COLUMNS.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ''));
  const lines = [COLUMNS, ...rows].map((row) => used.map((i) => oneLine(row[i] ?? '')));
  const widths = used.map((_, i) => Math.max(...lines.map((line) => textWidth(line[i] ?? ''))));
  return lines.map((line) => {
    const text = line
      .map((cell, i) => (i === line.length - 1 ? cell : fitted(cell, widths[i] ?? 0)))
      .join('  ');
    return width === Number.POSITIVE_INFINITY ? text.trimEnd() : cut(text, width).trimEnd();
  });
}

function totals({ firings, to }: BacktestResult): string[] {
  const byAlert = new Map<string, { count: number; time: Millis }>();
  for (const { alert, from, until } of firings) {
    const name = alert.labels['alertname'] ?? '';
    const total = byAlert.get(name) ?? { count: 0, time: 0 };
    byAlert.set(name, { count: total.count + 1, time: total.time + (until ?? to) - from });
  }
  return [...byAlert]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(
      ([name, { count, time }]) =>
        `${name}: ${count === 1 ? 'once' : `${count} times`}, ${formatDuration(time)} in all`,
    );
}

/** The same for programs: one object. */
export function backtestReportJson({ from, to, evaluations, firings }: BacktestResult): string {
  return JSON.stringify({
    from: iso(from),
    to: iso(to),
    evaluations,
    alerts: firings.map(({ alert, from: fired, until, reason }) => ({
      fired_at: iso(fired),
      resolved_at: until === undefined ? null : iso(until),
      seconds: ((until ?? to) - fired) / 1000,
      reason: reason ?? null,
      rule_group: alert.ruleGroup,
      fingerprint: alert.fingerprint,
      labels: alert.labels,
      annotations: alert.annotations,
      values: alert.values,
      baseline_values: alert.baselineValues,
      change: alert.change ?? null,
    })),
  });
}

/** What comes from events must not command the terminal, nor break the table. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

function minute(instant: Millis): string {
  return iso(instant).slice(0, 16).replace('T', ' ');
}

function iso(instant: Millis): string {
  return new Date(instant).toISOString();
}
