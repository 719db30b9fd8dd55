import type { MetricName } from '../../metrics/table.ts';
import type { ComparedFeature } from '../../pipeline/compare/comparison.ts';
import { categoryChart } from './html-category-chart.ts';
import { numericChart } from './html-chart.ts';
import { levelDigits, metricTables } from './html-metrics.ts';
import { featureTitle, verdictBadge } from './html-overview.ts';
import { fileText } from './html-text.ts';
import { numberText, valueText } from './number-text.ts';
import { counted, plainFileText } from './plain-text.ts';

const DIFFERENCES: ReadonlyArray<readonly [MetricName, string]> = [
  ['effect_size', 'effect size'],
  ['psi', 'psi'],
  ['psi_adjusted', 'psi less noise'],
  ['q_value', 'q-value'],
  ['detectable_effect', 'detectable effect'],
];

/** Of both tables. The values of numbers, where they have any; then what is wrong with the values, where it is. */
const LEVELS: ReadonlyArray<readonly [MetricName, string]> = [
  ['p50', 'median'],
  ['mean', 'mean'],
  ['std', 'standard deviation'],
  ['distinct', 'distinct values'],
  ['missing_share', 'missing'],
  ['invalid_share', 'of the wrong type'],
  ['unseen_share', 'of a new category'],
  ['out_of_range_share', 'out of range'],
];

const TOGETHER =
  'How badly each row fits the pattern that the numeric features of the reference make together (the error of rebuilding it from their principal components). It can move when no feature alone does: then what used to go together no longer does.';

/** What is known of one feature: its picture, its key figures, and all its metrics behind a fold. */
export function featureCard(feature: ComparedFeature, id: string): string {
  return `<article class="card${feature.drifted ? ' drifted' : ''}" id="${id}" aria-labelledby="${id}-name">
<header><h3 id="${id}-name">${featureTitle(feature)}</h3> ${verdictBadge(feature)} ${alertBadges(feature)}<span class="about">${feature.kind}, ${sizes(feature)}</span></header>
${feature.reason === null ? '' : `<p class="why">${fileText(capital(feature.reason))}.</p>`}
${feature.change === undefined ? '' : `<p class="change">${changeText(feature.change)}</p>`}
${feature.role === 'multivariate' ? `<p>${TOGETHER}</p>` : ''}
<div class="body">${chart(feature)}${keyFigures(feature)}</div>
<details><summary>All metrics<span class="unseen"> of ${featureTitle(feature)}</span></summary>${metricTables(feature)}</details>
</article>`;
}

export function alertBadges({ alerts }: ComparedFeature): string {
  return alerts.map((alert) => `<span class="badge alert">${fileText(alert)}</span> `).join('');
}

/** `median 41 -> 74`, with an arrow as people write it. */
export function changeText(change: string): string {
  return fileText(change.replaceAll(' -> ', ' → '));
}

function sizes({ n, baselineN }: ComparedFeature): string {
  if (n === baselineN) return `${counted(n, 'value')} in each`;
  return `${counted(baselineN, 'value')} → ${n.toLocaleString('en-US')}`;
}

function chart({ picture, kind, change }: ComparedFeature): string {
  if (picture === undefined) return '<p class="none">Neither table has a value to draw.</p>';
  if (kind === 'categorical') return `<div class="figure">${categoryChart(picture)}</div>`;
  return `<div class="figure">${numericChart(picture, plainFileText(change ?? 'One of the two has no values.'))}</div>`;
}

function keyFigures(feature: ComparedFeature): string {
  const { metrics, referenceMetrics, natural } = feature;
  const digits = levelDigits(feature);
  const limit = natural?.get('effect_size');
  const differences = DIFFERENCES.flatMap(([name, title]) => {
    const result = metrics.get(name);
    return result?.status === 'ok' ? [[title, valueText(result)] as const] : [];
  });
  const levels = LEVELS.flatMap(([name, title]) => {
    const before = referenceMetrics.get(name);
    const now = metrics.get(name);
    const values = [before, now].flatMap((result) => (result?.status === 'ok' ? [result.value] : []));
    const quiet = name.endsWith('_share') && name !== 'missing_share' && values.every((value) => value === 0);
    if (values.length === 0 || quiet) return [];
    const [from, to] = [before, now].map((result) =>
      result?.status === 'ok' ? valueText(result, digits) : '–',
    );
    return [[title, from === to ? `${to}` : `${from} → ${to}`] as const];
  });
  const usual =
    limit === undefined ? [] : [['natural effect size', `up to ${numberText(limit, 3)}`] as const];
  const items = [...differences.slice(0, 1), ...usual, ...differences.slice(1), ...levels].map(
    ([title, value]) => `<div><dt>${title}</dt><dd>${value}</dd></div>`,
  );
  return items.length === 0 ? '' : `<dl>${items.join('')}</dl>`;
}

function capital(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}
