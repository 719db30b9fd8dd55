import type { MetricScope } from '../../src/metrics/table.ts';
import type { Transition } from '../../src/rules/alert-state.ts';
import { MAX_WINDOWS } from '../../src/rules/firing-policy.ts';
import { LABEL_FREE } from '../../src/rules/needs-labels.ts';
import { OWN_LABELS, ruleFileJsonSchema } from '../../src/rules/rule-file.ts';
import { isTruth, type Variable, variablesOf } from '../../src/rules/variables.ts';
import { code, notice, page, table } from './markdown.ts';
import { KEY_COLUMNS, type SchemaNode, schemaRows } from './schema-rows.ts';

const HEAD = `# Rules

A rules file holds groups of rules. The rules of a group look at the same windows, at the same times, against the same
reference. \`driftd check rules/*.yaml\` checks files without running anything: an unknown metric, a type error or a bad
duration is told with file, line, column and the nearest valid name. [rules/default.yaml](../../rules/default.yaml) runs
unchanged and is the best example; [schemas/rules.schema.json](../../schemas/rules.schema.json) is for editors.`;

const GLOBS = `In globs \`*\` fits any run of characters and \`?\` one; \`{a,b}\` is a choice. A glob that begins with \`!\` excludes, and
with nothing but those every other name is meant.`;

const CONDITIONS = `## Conditions

\`when\` is a condition in [CEL](https://cel.dev), which reads like C or JavaScript: \`&&\`, \`||\`, \`!\`, comparisons,
arithmetic, \`condition ? a : b\`, \`abs\`, \`sqrt\`, \`max\` and \`min\`. Metrics are doubles, and whole numbers may stand beside them; the
division of two whole numbers is refused, since in CEL 1/100 is 0.

Names may be about other windows than the group's own: \`previous.psi\` is of the window before it, \`w24h.psi\` of the one
of 24 hours that ends where it ends, and so for any duration. \`psi > 0.3 && w24h.psi > 0.1\` is fast and sure at once. Each
window that a condition or a template names is measured as the group's own is, against the same reference; its numbers
stand in the alert, and not in the table \`metrics\`. A window that would begin before its baseline is one without data.

\`n\` is the number of observations behind the condition: the smallest n of the metrics of the group's window that it names, or
the number of events when it names none; \`w24h.n\` likewise. \`baseline_n\` is the same for the reference. \`min_samples\` goes by the
fewest observations in any of the windows.

A metric without a number makes the window one *without data* for this rule, unless the condition is decided without
it: \`a && b\` is false when either side is false. While a model's window begins before its baseline applies, its alerts
stay as they are.

What [change detectors](../change-detectors.md) say is true or false: \`when: page_hinkley.detected\` is a whole condition. It is true
while the detector said so within the group's window.

A rule with \`each: model\` or \`each: segment\` that names any metric but ${LABEL_FREE.map(code).join(', ')} is about performance. It looks
at the newest window whose labels are due: as long before the instant as \`models.<name>.labels.delay\` says. When labels come
later, it looks at that window again: see [performance](../performance.md). \`require\` says what such a window must have before it counts, as in
\`require: coverage > 0.6 || age > 7d\`.

\`lower.f1\` and \`upper.f1\` are the ends of the 95 % confidence interval, of metrics that have one. A duration such as \`7d\` or \`1h30m\` is a number
of seconds; \`age\` may be compared with nothing else.

**Segments.** A group with \`segments\` looks at those slices of a model's traffic instead of the whole; a rule with
\`each: segment\` looks at every slice. The alerts carry the label \`segment\`. Such rules may name
performance: then they are about the labels of each segment ([performance](../performance.md#segments)). What change detectors say, and in
such rules also what needs no labels, is known of the whole population only, and so is \`natural\`. A segment is compared with the same segment of the
baseline, or of another window or version. [Segments](../segments.md) says which there are, and what they cost.`;

const TEMPLATES = `## Templates

\`summary\`, \`runbook_url\` and the texts under \`annotations\` may hold \`{{name}}\`: any name that the condition could use,
\`alertname\`, \`severity\`, the rule's own labels, and \`window\` (the window as text, UTC). Numbers are rounded to three
digits; what has no value prints \`n/a\`. An unknown name is an error.`;

const STATES = `## States

An alert is a rule's state for one set of labels: ${OWN_LABELS.map(code).join(', ')} and those under \`labels\`. Each
window moves it on by one step.

| from | to | when |
| --- | --- | --- |
| inactive | pending | the condition held in this window, but not yet for as long as \`for\` asks |
| inactive, pending | firing | it held in K of the last N windows (\`for: K/N\`; N at most ${MAX_WINDOWS}), or in all windows for a time (\`for: 2h\`) |
| pending | inactive | it held in none of the last N windows; or, where \`for\` is a time, not in this one |
| firing | resolved | it did not hold in this window, nor in as many since the alert fires, or for as long, as \`clear\` asks; and the first of these clean windows in a row is as long ago as \`keep_firing_for\` says |

A time runs from the instant of the first window in a row to that of the newest, as in Prometheus: with windows every hour,
\`for: 1h\` is two of them. It goes on over windows that do not count.

A window without data counts as \`no_data\` says: not at all (\`keep\`), as clean (\`ok\`), or as if the condition held
(\`alert\`). A metric that has no meaning for a feature (the
unseen share of a number) is no lack of data: what needs it does not hold. States are kept in the store and survive restarts. Every change carries a reason:`;

const REASONS: Readonly<Record<Transition['reason'], string>> = {
  condition_met: 'The condition held, and once is enough to be pending or, with `for: 1`, to fire.',
  k_of_n_reached: 'The condition held in as many of the last windows as `for` asks.',
  held_long_enough: 'The condition held for as long as `for` asks.',
  clean: 'Clean in as many windows, or for as long, as `clear` asks.',
  gone_quiet: 'A pending alert whose condition held in none of the last windows.',
  no_data_alerts: 'A window without data counted as if the condition held.',
  no_data_is_ok: 'A window without data counted as clean.',
  late_labels: 'Labels that came late changed what earlier windows say.',
  subject_gone: 'The model, version or feature is no longer there.',
  rule_gone: 'The rule is no longer there, or has other labels now.',
};

const SUBJECTS: ReadonlyArray<readonly [MetricScope, string]> = [
  ['feature', 'With `each: feature` and `each: prediction`:'],
  ['model', 'With `each: model`, which is the default:'],
];

/** docs/reference/rules.md: keys, names in conditions, templates, states. */
export function rulesPage(): string {
  const group = itemsOf(ruleFileJsonSchema() as SchemaNode, 'groups');
  const rule = itemsOf(group, 'rules');
  const groupKeys = schemaRows(group, '').filter(([key]) => key?.startsWith('`rules[]') === false);
  return page(
    notice('src/rules/'),
    HEAD,
    '## Keys of a group',
    'A file has one key, `groups`, with a list of these:',
    table(KEY_COLUMNS, groupKeys),
    '## Keys of a rule',
    table(KEY_COLUMNS, schemaRows(rule, '')),
    GLOBS,
    CONDITIONS,
    ...SUBJECTS.flatMap(([scope, sentence]) => [sentence, nameTable(scope)]),
    'What the metrics mean stands in [metrics](metrics.md).',
    TEMPLATES,
    STATES,
    table(
      ['reason', 'meaning'],
      Object.entries(REASONS).map(([reason, meaning]) => [code(reason), meaning]),
    ),
  );
}

function itemsOf(node: SchemaNode, key: string): SchemaNode {
  const items = node.properties?.[key]?.items;
  if (items === undefined) throw new TypeError(`the schema of rules has no list ${key}`);
  return items;
}

function nameTable(scope: MetricScope): string {
  const variables = [...variablesOf(scope)];
  const namesOf = (...kinds: ReadonlyArray<Variable['kind']>): string =>
    variables
      .flatMap(([name, variable]) =>
        kinds.includes(variable.kind) && !isTruth(variable) ? [code(name)] : [],
      )
      .join(', ');
  const truths = variables.flatMap(([name, variable]) => (isTruth(variable) ? [code(name)] : []));
  const rows: Array<[string, string]> = [
    ['metrics of the window', namesOf('metric')],
    ['what change detectors say, true or false', truths.join(', ')],
    ['p-values of tests', namesOf('p_value')],
    ['metrics of the reference', namesOf('baseline')],
    ['ends of the 95 % confidence interval', namesOf('lower', 'upper')],
    ['how far its own time blocks differ', namesOf('natural')],
    ['numbers of observations', namesOf('n', 'baseline_n')],
    ['strings', namesOf('text')],
  ];
  return table(
    ['what', 'names'],
    rows.filter(([, names]) => names !== ''),
  );
}
