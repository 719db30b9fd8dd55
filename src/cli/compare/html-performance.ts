import { escapeHtml } from '../../base/escape-html.ts';
import type { MetricResult } from '../../metrics/result.ts';
import type { Comparison } from '../../pipeline/compare/comparison.ts';
import { rowsWithoutNumber } from './html-metrics.ts';
import { signedText, valueText } from './number-text.ts';

/** How well the model did on both tables, side by side. Empty when there is nothing to judge it by. */
export function performanceSection({ performance }: Comparison): string {
  if (performance === undefined) return '';
  const before = new Map(performance.reference.map((result) => [result.metric, result]));
  const now = new Map(performance.current.map((result) => [result.metric, result]));
  const names = [...new Set([...before.keys(), ...now.keys()])];
  const known = names.filter((name) => [before, now].some((side) => side.get(name)?.status === 'ok'));
  const rows = known.map((name) => {
    const [from, to] = [before.get(name), now.get(name)];
    const difference = from?.status === 'ok' && to?.status === 'ok' ? signedText(to.value - from.value) : '';
    return `<tr><th scope="row">${name}</th>${cell(from)}${cell(to)}<td class="num">${difference}</td><td class="num">${size(from)} → ${size(to)}</td></tr>`;
  });
  const unknown = names.flatMap((name) =>
    known.includes(name) ? [] : (now.get(name) ?? before.get(name) ?? []),
  );
  return `<section aria-labelledby="performance"><h2 id="performance">Performance</h2>
<p>The model judged on both tables. No test stands behind a difference here: mind the number of labelled rows.</p>
<div class="scroll"><table class="performance"><thead><tr><th scope="col">metric</th><th scope="col" class="num">reference</th><th scope="col" class="num">current</th><th scope="col" class="num">difference</th><th scope="col" class="num">labelled rows</th></tr></thead><tbody>${rows.join('')}${rowsWithoutNumber(unknown, 5)}</tbody></table></div></section>`;
}

function cell(result: MetricResult | undefined): string {
  if (result === undefined) return '<td class="num none">–</td>';
  if (result.status !== 'ok') return `<td class="why">${escapeHtml(result.reason)}</td>`;
  return `<td class="num">${valueText(result)}</td>`;
}

function size(result: MetricResult | undefined): string {
  return result === undefined ? '–' : result.n.toLocaleString('en-US');
}
