import { fileKeyOf } from '../base/file-option.ts';
import type { OptionFault } from '../notify/option-references.ts';

type Path = ReadonlyArray<string | number>;

/** As much of a JSON Schema as tells which options are secret. */
interface Node {
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly allOf?: readonly Node[];
}

/**
 * Logins of retraining targets that stand in the file as they are: whoever reads it may start their pipelines.
 *
 * @param written the document before variables are filled in.
 * @param schema the JSON Schema of the document.
 */
export function plainSecrets(written: unknown, schema: unknown): OptionFault[] {
  const at = ['retraining'];
  return visit(
    childOf(written, at[0] ?? ''),
    childOf(childOf(schema, 'properties'), at[0] ?? '') as Node,
    at,
  );
}

function visit(value: unknown, node: Node | undefined, path: Path): OptionFault[] {
  if (node === undefined) return [];
  if (typeof value === 'string') return node.writeOnly === true ? faultIn(value, path) : [];
  if (Array.isArray(value)) return value.flatMap((item, i) => visit(item, node.items, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => visit(item, node.properties?.[key], [...path, key]));
}

/** An address is as secret as its path, which is often no secret at all. */
function faultIn(text: string, path: Path): OptionFault[] {
  const key = String(path.at(-1));
  if (key === 'url' || /\$\{\w+/.test(text)) return [];
  const message = `this secret stands in the file for everybody to read; use \${NAME} or ${fileKeyOf(key)}`;
  return [{ path, message }];
}

function childOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
