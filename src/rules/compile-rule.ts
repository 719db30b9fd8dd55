import type { Fault } from '../base/fault.ts';
import { didYouMean } from '../base/nearest.ts';
import type { YamlDocument } from '../base/yaml-document.ts';
import type { MetricScope } from '../metrics/table.ts';
import { ageLimits } from './age-limits.ts';
import { type Condition, compileCondition } from './condition.ts';
import { namesIn } from './condition-names.ts';
import { explainUnknown } from './explain-unknown.ts';
import { nameTest } from './globs.ts';
import { needsLabels } from './needs-labels.ts';
import type { Each, Rule } from './rule.ts';
import { OWN_LABELS, type RuleOptions } from './rule-file.ts';
import { segmentFault } from './segment-faults.ts';
import { parseTemplate, type Template } from './template.ts';
import { findVariable, type Variable } from './variables.ts';

/** Names that rules may refer to and that are defined elsewhere. */
export interface KnownNames {
  /** Undefined when nothing is known of them: then any name is taken. */
  readonly retrainTargets?: readonly string[];
}

export type RulePath = readonly (string | number)[];

const DEFAULT_SUMMARY: Readonly<Record<Each, string>> = {
  feature: '{{alertname}}: {{feature}} of {{model}} {{version}}',
  prediction: '{{alertname}}: {{feature}} of {{model}} {{version}}',
  model: '{{alertname}}: {{model}} {{version}}',
  segment: '{{alertname}}: {{segment}} of {{model}} {{version}}',
};

/** What a rule has to know of its group. */
export interface GroupContext {
  readonly hasSegments: boolean;
}

/** Checks what a schema cannot: the condition, the templates, and the names that a rule refers to. */
export function compileRule(
  document: YamlDocument,
  path: RulePath,
  options: RuleOptions,
  group: GroupContext,
  known: KnownNames,
): { readonly rule: Rule | undefined; readonly faults: readonly Fault[] } {
  const { alert, each, retrain } = options;
  const scope: MetricScope = each === 'feature' || each === 'prediction' ? 'feature' : 'model';
  const faults = [...referenceFaults(document, path, options, known)];
  const compiled = compileCondition(options.when, scope);
  if (compiled.condition === undefined) {
    faults.push(
      ...compiled.faults.map(({ message, offset }) => document.faultAt([...path, 'when'], message, offset)),
    );
  }
  const required = compileRequire(document, path, options);
  faults.push(...required.faults);
  for (const [key, condition] of [
    ['when', compiled.condition],
    ['require', required.condition],
  ] as const) {
    const ages = condition === undefined ? [] : ageLimits(condition).faults;
    faults.push(...ages.map(({ message, offset }) => document.faultAt([...path, key], message, offset)));
  }
  const annotations: Record<string, Template> = {};
  const explain = templateNames(scope, options);
  for (const { name, text, at } of annotationTexts(options)) {
    const parsed = parseTemplate(text, explain);
    annotations[name] = parsed.template;
    faults.push(
      ...parsed.faults.map(({ message, offset }) => document.faultAt([...path, ...at], message, offset)),
    );
  }
  if (compiled.condition === undefined || faults.length > 0) return { rule: undefined, faults };
  const names = namedBy(compiled.condition, required.condition, annotations);
  if (group.hasSegments || each === 'segment') {
    const isLabelled = needsLabels({
      each,
      condition: compiled.condition,
      ...(required.condition !== undefined && { require: required.condition }),
    });
    const fault = segmentFault(names, isLabelled);
    const use = namesIn(compiled.condition.ast).names.find(({ name }) => name === fault?.name);
    if (fault !== undefined) {
      const place = document.faultAt([...path, 'when'], fault.message, use?.offset);
      return { rule: undefined, faults: [place] };
    }
  }
  const rule: Rule = Object.freeze({
    alert,
    each,
    wantsFeature: nameTest(options.features ?? ['*']),
    condition: compiled.condition,
    ...(required.condition !== undefined && { require: required.condition }),
    names,
    policy: {
      hold: options.for,
      clear: options.clear,
      keepFiring: options.keep_firing_for,
      noData: options.no_data,
    },
    minSamples: options.min_samples,
    labels: { ...options.labels, severity: options.severity },
    annotations,
    ...(retrain === undefined ? {} : { retrain }),
  });
  return { rule, faults };
}

function compileRequire(
  document: YamlDocument,
  path: RulePath,
  { require, each }: RuleOptions,
): { readonly condition: Condition | undefined; readonly faults: readonly Fault[] } {
  if (require === undefined) return { condition: undefined, faults: [] };
  if (each !== 'model' && each !== 'segment') {
    const message = `"require" is about labels, which only rules with "each: model" or "each: segment" need; this one has "each: ${each}"`;
    return { condition: undefined, faults: [document.faultAtKey([...path, 'require'], message)] };
  }
  const compiled = compileCondition(require, 'model');
  if (compiled.condition !== undefined) return { condition: compiled.condition, faults: [] };
  const faults = compiled.faults.map(({ message, offset }) =>
    document.faultAt([...path, 'require'], message, offset),
  );
  return { condition: undefined, faults };
}

/** What a rule is about, in its conditions or in its texts. */
function namedBy(
  { names, scope }: Condition,
  required: Condition | undefined,
  annotations: Readonly<Record<string, Template>>,
): ReadonlyMap<string, Variable> {
  const all = new Map([...(required?.names ?? []), ...names]);
  for (const { parts } of Object.values(annotations)) {
    for (const [position, name] of parts.entries()) {
      const variable = position % 2 === 0 ? undefined : findVariable(name, scope);
      if (variable !== undefined) all.set(name, variable);
    }
  }
  return all;
}

function* referenceFaults(
  document: YamlDocument,
  path: RulePath,
  { each, features, labels, annotations, summary, runbook_url, retrain }: RuleOptions,
  { retrainTargets }: KnownNames,
): Generator<Fault> {
  if (features !== undefined && each !== 'feature') {
    yield document.faultAtKey(
      [...path, 'features'],
      `"features" needs "each: feature"; this rule has "each: ${each}"`,
    );
  }
  for (const label of OWN_LABELS) {
    if (!Object.hasOwn(labels, label)) continue;
    const message =
      label === 'severity'
        ? 'write severity beside labels, not in them'
        : `driftd sets the label "${label}" itself`;
    yield document.faultAtKey([...path, 'labels', label], message);
  }
  for (const [name, short] of Object.entries({ summary, runbook_url })) {
    if (short === undefined || !Object.hasOwn(annotations, name)) continue;
    yield document.faultAtKey([...path, name], `"${name}" is there twice: here and in annotations`);
  }
  if (retrain !== undefined && retrainTargets !== undefined && !retrainTargets.includes(retrain)) {
    const hint =
      retrainTargets.length === 0 ? '; the configuration defines none' : didYouMean(retrain, retrainTargets);
    yield document.faultAt([...path, 'retrain'], `unknown retraining target "${retrain}"${hint}`);
  }
}

function annotationTexts(options: RuleOptions): Array<{ name: string; text: string; at: RulePath }> {
  const { annotations, summary, runbook_url, each } = options;
  const texts = Object.entries(annotations).map(([name, text]) => ({
    name,
    text,
    at: ['annotations', name],
  }));
  if (summary !== undefined) texts.push({ name: 'summary', text: summary, at: ['summary'] });
  if (runbook_url !== undefined) texts.push({ name: 'runbook_url', text: runbook_url, at: ['runbook_url'] });
  const hasSummary = texts.some(({ name }) => name === 'summary');
  return hasSummary ? texts : [{ name: 'summary', text: DEFAULT_SUMMARY[each], at: [] }, ...texts];
}

/** What is wrong with a name in a template, or undefined: it may be any name of a condition, any label, or the window. */
function templateNames(scope: MetricScope, { labels }: RuleOptions): (name: string) => string | undefined {
  const others = new Set(['alertname', 'severity', 'window', ...Object.keys(labels)]);
  return (name) =>
    others.has(name) || findVariable(name, scope) !== undefined
      ? undefined
      : explainUnknown(name, scope, others, 'variable');
}
