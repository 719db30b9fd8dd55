import { escapeHtml } from '../../base/escape-html.ts';
import { METRIC_NAMES, METRICS } from '../../metrics/table.ts';
import type { Comparison } from '../../pipeline/compare/comparison.ts';

/** How to read the page, for somebody who gets it by mail. */
export function guide(comparison: Comparison): string {
  return `<section aria-labelledby="guide" class="guide"><h2 id="guide">How to read this</h2>
<p>Every feature is looked at in two ways, because either alone misleads. <strong>Size</strong>: how far did it move?
In a small table chance alone moves it far. <strong>Significance</strong>: could chance have done it? In a large table even
a move that matters to nobody is certain. A feature is called <em>drifted</em> when it meets the condition of a rule, and
the rules that come with driftd ask for both.</p>
<dl>
<dt>effect size</dt><dd>The size, in a form that features can be compared by. For numbers: the average distance that values would have to
move to turn one distribution into the other, in standard deviations of the reference; 0.1 is small, 0.5 is plain to
see. For categories: Cohen's h of the category that changed most; 0.2 is a share that goes from 50 to 60 %, or from 1 to 4 %. It is never below 0,
and chance alone makes it larger than 0.</dd>
<dt>psi</dt><dd>Population stability index, another measure of size, known from credit scoring: below 0.1 is usually called little,
above 0.2 a lot. Small tables raise it; “psi less noise” has what they add taken off.</dd>
<dt>q-value</dt><dd>The significance: how often chance alone would make a difference as large as this one, adjusted for having looked at many
features at once. Call everything below 0.01 real, and no more than about one call in a hundred will be wrong. Small means certain,
not large. 2.4e-36 stands for 2.4 × 10<sup>-36</sup>: practically impossible by chance.</dd>
<dt>detectable effect</dt><dd>What these two tables are large enough for: a shift of this size would be found nine times in ten. A smaller one may be
there and stay unseen.</dd>
<dt>natural effect size</dt><dd>How far the reference's own stretches of time lie from the rest of it: a daily or weekly rhythm, for instance. What moves no
further is no news. It is known only when a column with the time was named.</dd>
<dt>missing</dt><dd>The share of rows in which the feature has no value, in the reference and in the current table.</dd>
<dt>steady</dt><dd>No rule holds. The feature may still have moved, a little but for certain: its q-value tells.</dd>
<dt>–</dt><dd>There is no number, and the feature says why. One that the data does not support is not made up.</dd>
</dl>
${glossary(comparison)}</section>`;
}

/** The definitions of the metrics that occur on the page. */
function glossary({ features, multivariate, performance }: Comparison): string {
  const used = new Set<string>();
  for (const { metrics } of multivariate === undefined ? features : [...features, multivariate]) {
    for (const name of metrics.keys()) used.add(name);
  }
  for (const { metric } of [...(performance?.reference ?? []), ...(performance?.current ?? [])]) {
    used.add(metric);
  }
  const entries = METRIC_NAMES.filter((name) => used.has(name)).map(
    (name) => `<dt>${name}</dt><dd>${escapeHtml(METRICS[name].description)}</dd>`,
  );
  if (entries.length === 0) return '';
  return `<details><summary>What each metric is</summary><dl>${entries.join('')}</dl></details>`;
}
