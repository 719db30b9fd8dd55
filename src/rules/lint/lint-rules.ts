import type { Fault } from '../../base/fault.ts';
import { didYouMean } from '../../base/nearest.ts';
import { readYaml, type YamlDocument } from '../../base/yaml-document.ts';
import { compileCondition } from '../condition.ts';
import { nameTest } from '../globs.ts';
import type { RuleFileText } from '../load-rules.ts';
import { type GroupOptions, type RuleOptions, ruleFileSchema } from '../rule-file.ts';
import { lintCondition } from './lint-condition.ts';
import { mayOverlap } from './overlap.ts';

/** What is known of the models that rules may be about. */
export interface KnownModels {
  readonly names: readonly string[];
  /** Whether others are taken as well. */
  readonly others: boolean;
  /** Those that declare features by whose values they are looked at in segments. */
  readonly segmented: readonly string[];
}

/** A rule at its place. */
interface PlacedRule {
  readonly document: YamlDocument;
  readonly path: readonly (string | number)[];
  readonly group: GroupOptions;
  readonly rule: RuleOptions;
}

/**
 * Finds what is no fault and yet hardly meant: conditions that can never hold or always do, alerts that two rules have in
 * common, groups that no model fits. Files that have faults are left out.
 *
 * @param models undefined when nothing is known of them.
 */
export function lintRules(files: readonly RuleFileText[], models: KnownModels | undefined): Fault[] {
  const warnings: Fault[] = [];
  const placed: PlacedRule[] = [];
  for (const { file, text } of files) {
    const document = readYaml(file, text);
    const parsed = ruleFileSchema.safeParse(document.faults.length > 0 ? undefined : document.value);
    if (!parsed.success) continue;
    for (const [g, group] of parsed.data.groups.entries()) {
      warnings.push(...modelWarnings(document, ['groups', g], group, models));
      warnings.push(...segmentWarnings(document, ['groups', g], group, models));
      for (const [r, rule] of group.rules.entries()) {
        placed.push({ document, path: ['groups', g, 'rules', r], group, rule });
      }
    }
  }
  warnings.push(...placed.flatMap(conditionWarnings), ...duplicateWarnings(placed));
  return warnings;
}

function conditionWarnings({ document, path, rule }: PlacedRule): Fault[] {
  const scope = rule.each === 'feature' || rule.each === 'prediction' ? 'feature' : 'model';
  return (['when', 'require'] as const).flatMap((key) => {
    const { condition } = compileCondition(rule[key] ?? '', scope);
    return (condition === undefined ? [] : lintCondition(condition)).map(({ message, offset }) =>
      document.faultAt([...path, key], message, offset),
    );
  });
}

function modelWarnings(
  document: YamlDocument,
  path: readonly (string | number)[],
  { models }: GroupOptions,
  known: KnownModels | undefined,
): Fault[] {
  if (known === undefined || known.names.length === 0) return [];
  if (known.names.some(nameTest(models))) return [];
  const hint = models.length === 1 ? didYouMean(models[0] ?? '', known.names) : '';
  const others = known.others ? ', which lists not all that may come,' : '';
  const message = `no model of the configuration${others} fits ${models.join(', ')}${hint}`;
  return [document.faultAt([...path, 'models'], message)];
}

/** What is about segments of models that have none. */
function segmentWarnings(
  document: YamlDocument,
  path: readonly (string | number)[],
  { models, segments, rules }: GroupOptions,
  known: KnownModels | undefined,
): Fault[] {
  const wanted = known?.names.filter(nameTest(models)) ?? [];
  if (wanted.length === 0 || known?.segmented.some(nameTest(models))) return [];
  const about = wanted.length === 1 ? `${wanted[0]} has` : 'the models of this group have';
  const message = `${about} no segments; declare features for them in models.${wanted[0]}.segments`;
  if (segments !== undefined) return [document.faultAt([...path, 'segments'], message)];
  return rules.flatMap(({ each }, r) =>
    each === 'segment' ? [document.faultAt([...path, 'rules', r, 'each'], message)] : [],
  );
}

/** Alerts that are told apart by nothing: whoever is told of one would take the other for it. */
function duplicateWarnings(placed: readonly PlacedRule[]): Fault[] {
  const seen = new Map<string, PlacedRule[]>();
  return placed.flatMap((one) => {
    const key = JSON.stringify([one.rule.alert, one.rule.each, Object.entries(labelsOf(one)).sort()]);
    const same = seen.get(key) ?? [];
    seen.set(key, [...same, one]);
    // Within a group that is a fault.
    const first = same.find((other) => other.group !== one.group && overlaps(other, one));
    if (first === undefined) return [];
    const { file, line } = first.document.faultAt([...first.path, 'alert'], '');
    const message = `the same alert as at ${file}:${line}, for the same models; give it another name or a label of its own`;
    return [one.document.faultAt([...one.path, 'alert'], message)];
  });
}

function labelsOf({ rule: { labels, severity } }: PlacedRule): Record<string, string> {
  return { ...labels, severity };
}

function overlaps(a: PlacedRule, b: PlacedRule): boolean {
  const everything = ['*'];
  return (
    mayOverlap(a.group.models, b.group.models) &&
    mayOverlap(a.group.versions, b.group.versions) &&
    (a.group.segments === undefined) === (b.group.segments === undefined) &&
    mayOverlap(a.group.segments ?? everything, b.group.segments ?? everything) &&
    mayOverlap(a.rule.features ?? everything, b.rule.features ?? everything)
  );
}
