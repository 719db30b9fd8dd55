import { parseDuration } from '../../src/base/duration.ts';
import { fileKeyOf } from '../../src/base/file-option.ts';
import { code } from './markdown.ts';

/** As much of a JSON Schema as our own schemas use. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
}

/**
 * The schema with what it defines by name put where it is used. What holds itself, such as a route with routes, is told
 * once: inside of it stands an object without keys.
 */
export function inlined(
  schema: SchemaNode & { readonly $defs?: Readonly<Record<string, unknown>> },
): SchemaNode {
  const { $defs = {}, ...root } = schema;
  const visit = (value: unknown, open: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((item) => visit(item, open));
    if (typeof value !== 'object' || value === null) return value;
    const { $ref } = value as { readonly $ref?: unknown };
    if (typeof $ref === 'string') {
      const name = $ref.replace('#/$defs/', '');
      return open.includes(name) ? { type: 'object' } : visit($defs[name], [...open, name]);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner, open)]));
  };
  return visit(root, []) as SchemaNode;
}

export const KEY_COLUMNS = ['key', 'type', 'default', 'meaning'] as const;

/**
 * One row for every key below an object, parents before their children: `a.b`, `list[].b`, `map.<name>.b`.
 *
 * @param path of the object itself; '' for the root.
 */
export function schemaRows(node: SchemaNode, path: string): string[][] {
  const { properties = {} } = node;
  const files = Object.keys(properties).map(fileKeyOf);
  return Object.entries(properties).flatMap(([name, child]) => {
    if (files.includes(name)) return [];
    const at = path === '' ? name : `${path}.${name}`;
    const key = Object.hasOwn(properties, fileKeyOf(name))
      ? `${code(at)} or ${code(fileKeyOf('…'))}`
      : code(at);
    return [
      [key, typeText(child), defaultText(child, isRequired(node, name)), child.description ?? ''],
      ...below(child, at),
    ];
  });
}

/** Required as it stands, or as one of a pair. */
function isRequired({ required = [], allOf = [], oneOf = [] }: SchemaNode, name: string): boolean {
  return required.includes(name) || [...allOf, ...oneOf].some((part) => isRequired(part, name));
}

/** The rows of whatever a key holds: an object, a list of objects, objects by name, or one of several forms of object. */
export function below(node: SchemaNode, at: string): string[][] {
  const { items, additionalProperties: values, oneOf = [] } = node;
  return [
    ...schemaRows(node, at),
    ...oneOf.flatMap((choice) => schemaRows(choice, at)),
    ...(items === undefined ? [] : schemaRows(items, `${at}[]`)),
    ...(typeof values === 'object' ? schemaRows(values, `${at}.<name>`) : []),
  ];
}

function typeText(node: SchemaNode): string {
  if (node.const !== undefined) return code(String(node.const));
  if (node.oneOf !== undefined) return 'object';
  if (node.enum !== undefined) return node.enum.map((value) => code(String(value))).join(' or ');
  if (node.anyOf !== undefined) return node.anyOf.map(typeText).join(' or ');
  if (node.type === 'array') return `list of ${node.items?.type === 'object' ? 'objects' : 'strings'}`;
  if (node.type === 'object') return typeof node.additionalProperties === 'object' ? 'map' : 'object';
  if (isDuration(node)) return 'duration';
  const types = typeof node.type === 'string' ? [node.type] : (node.type ?? []);
  // null is the same as leaving the key out.
  return types.filter((type) => type !== 'null').join(' or ');
}

/** A duration is a string to JSON Schema, but its default or its description gives it away. */
function isDuration({ type, default: fallback, description }: SchemaNode): boolean {
  if (type !== 'string') return false;
  return typeof fallback === 'string' && fallback !== ''
    ? parseDuration(fallback) !== undefined
    : (description?.includes('a duration such as') ?? false);
}

function defaultText({ default: fallback }: SchemaNode, required: boolean): string {
  if (required) return 'required';
  if (fallback === undefined || JSON.stringify(fallback) === '{}' || JSON.stringify(fallback) === '[]')
    return '';
  return code(typeof fallback === 'string' && fallback !== '' ? fallback : JSON.stringify(fallback));
}
