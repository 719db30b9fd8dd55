import type { Fault } from '../base/fault.ts';
import { keysInJsonSchema, readYaml, schemaFaults, type YamlDocument } from '../base/yaml-document.ts';
import { compileRule, type KnownNames } from './compile-rule.ts';
import { nameTest } from './globs.ts';
import { OWN_GROUP, type Rule, type RuleGroup } from './rule.ts';
import { type GroupOptions, ruleFileJsonSchema, ruleFileSchema, ruleSchema } from './rule-file.ts';

export interface RuleFileText {
  readonly file: string;
  readonly text: string;
}

export interface LoadedRules {
  /** The groups of the files that have no faults. */
  readonly groups: readonly RuleGroup[];
  readonly faults: readonly Fault[];
}

/**
 * Reads and checks rules files. Whatever a user wrote comes back as groups or as faults with file, line and column;
 * nothing is thrown. A fault in one rule does not hide those in others.
 */
export function loadRules(files: readonly RuleFileText[], known: KnownNames): LoadedRules {
  const groups: RuleGroup[] = [];
  const faults: Fault[] = [];
  const places = new Map<string, string>();
  for (const { file, text } of files) {
    const document = readYaml(file, text);
    const loaded =
      document.faults.length > 0
        ? { groups: [], faults: document.faults }
        : loadDocument(document, known, places);
    faults.push(...[...loaded.faults].sort((a, b) => a.line - b.line || a.column - b.column));
    if (loaded.faults.length === 0) groups.push(...loaded.groups);
  }
  return { groups, faults };
}

/** `places` says where each group name was first seen, over all files. */
function loadDocument(document: YamlDocument, known: KnownNames, places: Map<string, string>): LoadedRules {
  const parsed = ruleFileSchema.safeParse(document.value);
  const faults: Fault[] = [];
  if (!parsed.success) {
    const schema = ruleFileJsonSchema();
    faults.push(...schemaFaults(document, parsed.error, (path) => keysInJsonSchema(schema, path)));
  }
  const compiled = listIn(document.value, 'groups').map((group, g) => {
    const name = textIn(group, 'name');
    if (name === OWN_GROUP)
      faults.push(
        document.faultAt(['groups', g, 'name'], `"${OWN_GROUP}" is the group of driftd's own alerts`),
      );
    else if (name !== undefined)
      faults.push(...claim(document, ['groups', g, 'name'], `group "${name}"`, places));
    return compileRules(document, g, group, known, faults);
  });
  const options = parsed.success ? parsed.data.groups : [];
  return { groups: options.map((group, g) => groupOf(document.file, group, compiled[g] ?? [])), faults };
}

/** Compiles those rules of a group that fit the schema by themselves, and adds what is wrong with them to `faults`. */
function compileRules(
  document: YamlDocument,
  g: number,
  group: unknown,
  known: KnownNames,
  faults: Fault[],
): Rule[] {
  const places = new Map<string, string>();
  const context = { hasSegments: valueIn(group, 'segments') !== undefined };
  return listIn(group, 'rules').flatMap((raw, r) => {
    const path = ['groups', g, 'rules', r];
    const name = textIn(raw, 'alert');
    if (name !== undefined) faults.push(...claim(document, [...path, 'alert'], `alert "${name}"`, places));
    const options = ruleSchema.safeParse(raw);
    if (!options.success) return [];
    const compiled = compileRule(document, path, options.data, context, known);
    faults.push(...compiled.faults);
    return compiled.rule === undefined ? [] : [compiled.rule];
  });
}

/** A fault when the name is taken already; otherwise the name is taken from now on. */
function claim(
  document: YamlDocument,
  path: readonly (string | number)[],
  what: string,
  places: Map<string, string>,
): Fault[] {
  const first = places.get(what);
  if (first !== undefined) return [document.faultAt(path, `the ${what} is already defined at ${first}`)];
  const { file, line } = document.faultAt(path, '');
  places.set(what, `${file}:${line}`);
  return [];
}

function groupOf(file: string, options: GroupOptions, rules: readonly Rule[]): RuleGroup {
  const { name, models, versions, segments, schedule, window, against } = options;
  return Object.freeze({
    name,
    file,
    wantsModel: nameTest(models),
    wantsVersion: nameTest(versions),
    ...(segments !== undefined && { wantsSegment: nameTest(segments) }),
    schedule: schedule.trim(),
    window,
    against,
    rules,
  });
}

function listIn(value: unknown, key: string): unknown[] {
  const list = valueIn(value, key);
  return Array.isArray(list) ? list : [];
}

function textIn(value: unknown, key: string): string | undefined {
  const text = valueIn(value, key);
  return typeof text === 'string' ? text : undefined;
}

function valueIn(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}
