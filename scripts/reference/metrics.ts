import { METRICS, type MetricDefinition } from '../../src/metrics/table.ts';
import { variablesOf } from '../../src/rules/variables.ts';
import { code, notice, page, table } from './markdown.ts';

const HEAD = `# Metrics

driftd computes these for every window that a rule group looks at, writes them to the table \`metrics\`, and knows them in
conditions and templates by these names. p is the share of a cell in the reference, q its share in the window, n and m
the number of values in the window and in the reference, B the number of cells.

A metric has a number, or a status that says why there is none: \`no_data\` (nothing to count), \`not_enough_data\` (too
little to say), \`undefined\` (no meaning here, such as the spread of one value). Each comes with n, baseline n and its
method; those without a number come with a reason in words. One odd feature never stops the others.

**Cells.** Metrics over shares use ten cells between the deciles of the baseline for numbers (fewer where values repeat),
and the union of both samples' categories for categories. The Kolmogorov-Smirnov statistic, the earth mover's distance
and the percentiles use the whole grid of the baseline: 500 cells of equal mass, finer where values repeat or are far apart.

**Size and significance.** A distance says how big a difference is, a p-value how sure. Either one alone misleads: every
distance is large in a small sample, every p-value tiny in a large one. The rules that ship ask for both, and [how often
they are wrong](../alarms.md) was measured.

**Families.** \`p_value\` is the one test of a feature that counts: of three for numbers and two for categories, the
smallest, times their number. \`q_value\` adjusts it over all features of the window (Benjamini and Hochberg), so that a
model with two hundred features does not alarm ten times as often as one with twenty. The model's outputs are a family of their
own. A window too small to show even a shift of one standard deviation with 90 % probability gets no verdict but
\`not_enough_data\`; \`detectable_effect\` says how small a shift it would have shown.

**Natural variability.** \`natural.psi_adjusted\`, \`natural.effect_size\` and their like say how far the baseline's own time
blocks, of about the length of the window, lie from the rest of the baseline: mean plus four standard deviations. Of
\`missing_share\` and \`invalid_share\` it is how large they get in those blocks. A daily
rhythm stays below it. It is 0 where nothing is known: when the baseline spans too little time, and when the comparison is
with something else than the baseline.`;

const DIFFERENCES = `## Differences of a feature

Compare a feature in the window with the reference that the group names under \`against\`. The model's own output is
profiled like features, as \`__prediction__\` and \`__score__\`.`;

const LEVELS = `## Levels of a feature

Describe one sample alone, so the reference has them too: \`baseline.mean\`, \`baseline.missing_share\` and so on.`;

const PERFORMANCE = `## The model as a whole

As scikit-learn defines them, over the predictions of the window whose labels have come. The reference has those of its
labelled rows, as \`baseline.accuracy\` and so on. Which class is positive says \`models.<name>.positive\`; for the classes
true and false, or 1 and 0, nothing need be said. Where a prediction names no class but has a score, it counts as positive
from \`models.<name>.threshold\` on.

What scikit-learn meets with a warning and a 0, or with an error, is \`undefined\` here: a precision without any positive
prediction, a correlation or a ranking when all labels are of one class. Metrics of scores are exact up to 262 144 different
scores in a window, and on scores rounded to multiples of 2^-20 past that; the method of a result says so.

The estimates need no labels of the window: see [estimated performance](../estimates.md). They follow a shift of the inputs, and cannot see
concept drift; that is what \`accuracy < estimated_accuracy - 0.05\` sees once labels have come.`;

const OVER_FEATURES = `## All features of a model

How many of a model's features went wrong in the window, for rules with \`each: model\` such as \`drifted_share > 0.3\`. They are
measured where a rule of the group names one of them. The outputs do not count, nor does \`__multivariate__\`.`;

const SIGNALS = `## Change detectors

What [change detectors](../change-detectors.md) said of the errors within the window: 1 or 0 in the table \`metrics\`, true or false in
conditions. The method says when, and at which labelled prediction.`;

/** docs/reference/metrics.md: every metric that rules and the store know. */
export function metricsPage(): string {
  const tests = [...variablesOf('feature').keys()].filter((name) => name.endsWith('_p_value')).map(code);
  return page(
    notice('src/metrics/table.ts'),
    HEAD,
    DIFFERENCES,
    featureTable('difference'),
    `The tests bring their own p-values, under names of their own: ${tests.join(', ')}.`,
    LEVELS,
    featureTable('level'),
    PERFORMANCE,
    modelTable('level'),
    SIGNALS,
    modelTable('signal'),
    OVER_FEATURES,
    modelTable('difference'),
  );
}

function modelTable(nature: MetricDefinition['nature']): string {
  const rows = definitions('model').filter(([, definition]) => definition.nature === nature);
  return table(
    ['metric', 'meaning'],
    rows.map(([name, { description }]) => [code(name), description]),
  );
}

function featureTable(nature: MetricDefinition['nature']): string {
  const rows = definitions('feature').filter(([, definition]) => definition.nature === nature);
  return table(
    ['metric', 'features', 'meaning'],
    rows.map(([name, { kinds, description }]) => [code(name), kinds === 'any' ? 'all' : kinds, description]),
  );
}

function definitions(scope: MetricDefinition['scope']): Array<[string, MetricDefinition]> {
  return Object.entries<MetricDefinition>(METRICS).filter(([, definition]) => definition.scope === scope);
}
