import { escapeHtml } from '../../base/escape-html.ts';
import type { MetricResult, MetricResults } from '../../metrics/result.ts';
import { METRIC_NAMES, METRICS, type MetricName } from '../../metrics/table.ts';
import type { ComparedFeature } from '../../pipeline/compare/comparison.ts';
import { fileText } from './html-text.ts';
import { numberText, pValueText, valueText } from './number-text.ts';

/** All metrics of one feature: how far the tables are apart, and what each table is like. */
export function metricTables(feature: ComparedFeature): string {
  const { metrics, referenceMetrics } = feature;
  const differences = METRIC_NAMES.flatMap((name) => {
    const result = metrics.get(name);
    return result === undefined || METRICS[name].nature === 'level' ? [] : [result];
  });
  const levels = METRIC_NAMES.filter(
    (name) => METRICS[name].nature === 'level' && (metrics.has(name) || referenceMetrics.has(name)),
  );
  const { n, baselineN } = feature;
  return `<p class="about">n is ${count(baselineN)} values of the reference and ${count(n)} current ones, unless a line says otherwise.</p>
<div class="metrics">${differenceTable(differences, feature)}${levelTable(levels, feature)}</div>`;
}

/** The number of a metric; undefined when it has none, or is not there. */
export function metricNumber(metrics: MetricResults, name: MetricName): number | undefined {
  const result = metrics.get(name);
  return result?.status === 'ok' ? result.value : undefined;
}

/** Digits that tell values apart where all lie far from zero beside their spread, as instants do; at least four. */
export function levelDigits({ referenceMetrics }: ComparedFeature): number {
  const mean = metricNumber(referenceMetrics, 'mean') ?? 0;
  const std = metricNumber(referenceMetrics, 'std') ?? 0;
  if (mean === 0 || std === 0) return 4;
  return Math.min(15, Math.max(4, Math.ceil(Math.log10(Math.abs(mean) / std)) + 3));
}

function differenceTable(results: readonly MetricResult[], feature: ComparedFeature): string {
  if (results.length === 0) return '';
  const rows = results.flatMap((result) =>
    result.status === 'ok'
      ? [
          `<tr>${header(result, [sizesOf(result.baselineN, result.n, feature), naturalOf(result, feature)])}<td class="num">${valueText(result)}</td><td class="num">${pValueOf(result)}</td></tr>`,
        ]
      : [],
  );
  return `<table><caption>How far the tables are apart</caption><thead><tr><th scope="col">metric and method</th><th scope="col" class="num">value</th><th scope="col" class="num">p-value</th></tr></thead><tbody>${rows.join('')}${rowsWithoutNumber(results, 3)}</tbody></table>`;
}

function levelTable(names: readonly MetricName[], feature: ComparedFeature): string {
  if (names.length === 0) return '';
  const { metrics: now, referenceMetrics: before } = feature;
  const digits = levelDigits(feature);
  // Only some of these have a test: without one, the column would stand empty.
  const tested = names.some((name) => pValueOf(now.get(name)) !== '');
  const columns = tested ? 4 : 3;
  const rows = names.flatMap((name) => {
    const [from, to] = [before.get(name), now.get(name)];
    const either = [to, from].find((result) => result?.status === 'ok');
    if (either === undefined) return [];
    const p = tested ? `<td class="num">${pValueOf(to)}</td>` : '';
    const sizes = from?.status === 'ok' && to?.status === 'ok' ? sizesOf(from.n, to.n, feature) : '';
    return `<tr>${header(either, [sizes])}${levelCell(from, digits)}${levelCell(to, digits)}${p}</tr>`;
  });
  const of = (metrics: MetricResults): MetricResult[] => names.flatMap((name) => metrics.get(name) ?? []);
  const none = `${rowsWithoutNumber(of(before), columns, ' in the reference')}${rowsWithoutNumber(of(now), columns, ' in the current table')}`;
  return `<table><caption>What each table is like</caption><thead><tr><th scope="col">metric and method</th><th scope="col" class="num">reference</th><th scope="col" class="num">current</th>${tested ? '<th scope="col" class="num">p-value</th>' : ''}</tr></thead><tbody>${rows.join('')}${none}</tbody></table>`;
}

/** The metrics without a number, those with the same reason in one row: a feature without values has twenty. */
export function rowsWithoutNumber(results: readonly MetricResult[], columns: number, where = ''): string {
  const byReason = new Map<string, MetricName[]>();
  for (const result of results) {
    if (result.status === 'ok') continue;
    byReason.set(result.reason, [...(byReason.get(result.reason) ?? []), result.metric]);
  }
  return [...byReason]
    .map(
      ([reason, names]) =>
        `<tr><th scope="row" colspan="${columns}">${names.map(breakable).join(', ')} <small>no number${where}: ${fileText(reason)}</small></th></tr>`,
    )
    .join('');
}

/** What a metric rests on, where that is not the values of the feature. */
function sizesOf(reference: number, current: number, { baselineN, n }: ComparedFeature): string {
  return reference === baselineN && current === n ? '' : `n ${count(reference)} / ${count(current)}`;
}

/** How far a metric may be without being news, where the time of the rows tells. */
function naturalOf({ metric }: MetricResult, { natural }: ComparedFeature): string {
  const limit = natural?.get(metric);
  return limit === undefined ? '' : `natural up to ${numberText(limit, 3)}`;
}

function header({ metric, method }: MetricResult, more: readonly string[]): string {
  const about = [method === 'none' ? '' : method, ...more].filter((each) => each !== '').join('; ');
  return `<th scope="row">${breakable(metric)}${about === '' ? '' : ` <small>${escapeHtml(about)}</small>`}</th>`;
}

/** A line may break where a name has an underscore. */
function breakable(name: MetricName): string {
  return name.replaceAll('_', '_<wbr>');
}

function levelCell(result: MetricResult | undefined, digits: number): string {
  if (result?.status !== 'ok') return '<td class="num none">–</td>';
  return `<td class="num">${valueText(result, digits)}</td>`;
}

function pValueOf(result: MetricResult | undefined): string {
  return result?.status === 'ok' && result.pValue !== undefined ? pValueText(result.pValue) : '';
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}
