import type { MetricResult } from '../../metrics/result.ts';
import type { MetricName } from '../../metrics/table.ts';
import type { ComparedFeature } from '../../pipeline/compare/comparison.ts';
import { isOutputFeature } from '../../profile/feature-spec.ts';
import { largestCategories } from './html-category-chart.ts';
import { miniChart } from './html-chart.ts';
import type { Entry } from './html-entries.ts';
import { metricNumber } from './html-metrics.ts';
import { fileText } from './html-text.ts';
import { shareText, valueText } from './number-text.ts';
import { plainFileText } from './plain-text.ts';

/** Bars that are still bars in a picture of the size of a word. */
const MINI_BARS = 12;

/** Sorted by numbers, the largest first, or by text; a column with neither stays as it is. */
const COLUMNS: ReadonlyArray<readonly [title: string, sort: 'text' | 'number' | undefined]> = [
  ['feature', 'text'],
  ['drifted', 'text'],
  ['distribution', undefined],
  ['effect size', 'number'],
  ['psi', 'number'],
  ['q-value', 'number'],
  ['missing', 'number'],
  ['kind', 'text'],
];

/** One row a feature; those with a card have a picture and lead to it. */
export function overviewTable(entries: readonly Entry[]): string {
  const head = COLUMNS.map(([title, sort]) => {
    const number = sort === 'number' ? ' class="num"' : '';
    return `<th scope="col"${number}${sort === undefined ? '' : ` data-sort="${sort}"`}>${title}</th>`;
  });
  const rows = entries.map(overviewRow);
  return `<table id="overview-table"><caption class="unseen">All features, those that moved most first</caption><thead><tr>${head.join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

/** The name, and for the outputs of a model what they are. */
export function featureTitle({ name, role }: ComparedFeature): string {
  if (role === 'multivariate') return 'All numeric features together';
  if (role === 'feature') return fileText(name);
  return isOutputFeature(name) ? `the ${role}` : `${fileText(name)} <small>(the ${role})</small>`;
}

export function verdictBadge({ drifted, status, n, baselineN }: ComparedFeature): string {
  if (drifted) return '<span class="badge drift">drifted</span>';
  if (status === 'ok') return '<span class="badge">steady</span>';
  if (status === 'not_enough_data') return '<span class="badge unsure">too few values</span>';
  return `<span class="badge unsure">${n === 0 || baselineN === 0 ? 'no values' : 'no result'}</span>`;
}

function overviewRow({ feature, card }: Entry): string {
  const title = featureTitle(feature);
  const name = card === undefined ? `<span>${title}</span>` : `<a href="#${card}">${title}</a>`;
  const why = feature.reason === null ? '' : ` <span class="why">${fileText(feature.reason)}</span>`;
  const cells = [
    `<th scope="row">${name}</th>`,
    `<td>${verdictBadge(feature)}${why}</td>`,
    `<td>${card === undefined ? '' : mini(feature)}</td>`,
    metricCell(feature, 'effect_size'),
    metricCell(feature, 'psi'),
    metricCell(feature, 'q_value'),
    missingCell(feature),
    `<td>${feature.kind}</td>`,
  ];
  return `<tr${feature.drifted ? ' class="drifted"' : ''}>${cells.join('')}</tr>`;
}

function mini({ picture, kind, change }: ComparedFeature): string {
  if (picture === undefined) return '';
  const shown = kind === 'categorical' ? largestCategories(picture, MINI_BARS) : picture;
  return miniChart(shown, kind, change === undefined ? 'Both distributions' : plainFileText(change));
}

function metricCell(feature: ComparedFeature, name: MetricName): string {
  const result: MetricResult | undefined = feature.metrics.get(name);
  if (result?.status !== 'ok') return '<td class="num none">–</td>';
  return `<td class="num" data-v="${result.value}">${valueText(result)}</td>`;
}

/** The share of missing values in both tables, and how far it moved. */
export function missingShares({ metrics, referenceMetrics }: ComparedFeature): {
  readonly text: string;
  readonly moved: number;
} {
  const before = metricNumber(referenceMetrics, 'missing_share');
  const now = metricNumber(metrics, 'missing_share');
  if (before === undefined && now === undefined) return { text: '–', moved: 0 };
  const [from, to] = [before, now].map((share) => (share === undefined ? '–' : shareText(share)));
  return { text: from === to ? `${to}` : `${from} → ${to}`, moved: Math.abs((now ?? 0) - (before ?? 0)) };
}

/** Sorts by how much the share moved: a column that was always half empty is no news. */
function missingCell(feature: ComparedFeature): string {
  const { text, moved } = missingShares(feature);
  return `<td class="num${text === '–' ? ' none' : ''}" data-v="${moved}">${text}</td>`;
}
