import type { z } from 'zod';

/** Ends the name of the key that holds a file's path instead of the text itself, as in Prometheus: `password_file`. */
const SUFFIX = '_file';

/** How a schema says that its text may also come from a file; a keyword that no published schema shows. */
const MARK = 'orFile';

type JsonSchema = Readonly<Record<string, unknown>>;

export function fileKeyOf(key: string): string {
  return key + SUFFIX;
}

/**
 * Makes `key` an option that is given either as text or as `key_file`, the path of a file with that text. Whoever reads
 * the options sees `key` alone.
 */
export function orFile<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ [MARK]: true });
}

/** An option that must not be seen. It may come from a file, and its schema must not repeat a value that it refuses. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  return orFile(schema).meta({ writeOnly: true });
}

/** Adds the `_file` keys to the JSON Schema of options that have any. */
export function withFileKeys(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withFileKeys);
  if (typeof node !== 'object' || node === null) return node;
  const { [MARK]: _, ...rest } = node as JsonSchema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withFileKeys(value)]));
  const properties = Object.entries((rest['properties'] ?? {}) as Record<string, JsonSchema>);
  const keys = properties.flatMap(([key, schema]) => (Object.hasOwn(schema, MARK) ? [key] : []));
  return keys.length === 0 ? inner : withPairs(inner, keys);
}

function withPairs(object: JsonSchema, keys: readonly string[]): JsonSchema {
  const required = (object['required'] ?? []) as readonly string[];
  const properties = Object.entries(object['properties'] as Record<string, JsonSchema>).flatMap(
    ([key, schema]) => (keys.includes(key) ? [[key, schema], filePart(key)] : [[key, schema]]),
  );
  const left = required.filter((key) => !keys.includes(key));
  const { required: _, ...rest } = object;
  return {
    ...rest,
    properties: Object.fromEntries(properties),
    ...(left.length > 0 && { required: left }),
    allOf: keys.map((key) =>
      required.includes(key)
        ? { oneOf: [{ required: [key] }, { required: [fileKeyOf(key)] }] }
        : { not: { required: [key, fileKeyOf(key)] } },
    ),
  };
}

function filePart(key: string): [string, JsonSchema] {
  return [
    fileKeyOf(key),
    { type: 'string', minLength: 1, description: `File that holds ${key}, instead of ${key} itself.` },
  ];
}
