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
distance is large in a small sample, every p-value tiny in a large one. The rules that ship ask for both.`;

const DIFFERENCES = `## Differences of a feature

Compare a feature in the window with the reference that the group names under \`against\`. The model's own output is
profiled like features, as \`__prediction__\` and \`__score__\`.`;

const LEVELS = `## Levels of a feature

Describe one sample alone, so the reference has them too: \`baseline.mean\`, \`baseline.missing_share\` and so on.`;

const PERFORMANCE = `## The model as a whole

As scikit-learn defines them, over the predictions of the window whose labels have come. The reference has those of its
labelled rows, as \`baseline.accuracy\` and so on. Which class is positive says \`models.<name>.positive\`; for the classes
true and false, or 1 and 0, nothing need be said.`;

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
    table(
      ['metric', 'meaning'],
      definitions('model').map(([name, { description }]) => [code(name), description]),
    ),
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
