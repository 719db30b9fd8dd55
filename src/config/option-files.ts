import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { messageOf } from '../base/errors.ts';
import type { Fault } from '../base/fault.ts';
import { fileKeyOf } from '../base/file-option.ts';
import { keysInJsonSchema, type YamlDocument } from '../base/yaml-document.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** No secret and no chain of certificates is longer than this; a file that is was not meant. */
const MAX_BYTES = 1024 * 1024;

/** Reads a file that an option names. */
export type ReadOptionFile = (file: string) => Buffer;

export interface WithOptionFiles {
  /** The options, with `password` in the place of `password_file`. */
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** Where the texts from files were put. */
  readonly filled: readonly Path[];
}

/**
 * Puts the content of files into the options that name one.
 *
 * @param value what the document holds, with the environment filled in.
 * @param schema the JSON Schema of the document: it has the `_file` keys.
 * @param folder what paths are relative to.
 * @param read takes absolute paths.
 */
export function readOptionFiles(
  document: YamlDocument,
  value: unknown,
  schema: unknown,
  folder: string,
  read: ReadOptionFile = readFileSync,
): WithOptionFiles {
  const faults: Fault[] = [];
  const filled: Path[] = [];
  const visit = (node: unknown, path: Path): unknown => {
    if (Array.isArray(node)) return node.map((item, index) => visit(item, [...path, index]));
    if (typeof node !== 'object' || node === null) return node;
    const known = keysInJsonSchema(schema, path);
    const entries = Object.entries(node).map(([key, item]): [string, unknown] => {
      const option = known.find((name) => fileKeyOf(name) === key);
      if (option === undefined) return [key, visit(item, [...path, key])];
      const content = Object.hasOwn(node, option)
        ? { fault: `give either "${option}" or "${key}", not both` }
        : contentOf(item, folder, read);
      if (content.fault !== undefined)
        faults.push(document.faultAt([...path, key], `${key}: ${content.fault}`));
      filled.push([...path, option]);
      return [option, content.text];
    });
    return Object.fromEntries(entries);
  };
  return { value: visit(value, []), faults, filled };
}

/** The text of a file without the line end that editors put behind it. Messages name the file and never its content. */
function contentOf(path: unknown, folder: string, read: ReadOptionFile): { text?: string; fault?: string } {
  if (typeof path !== 'string' || path === '') return { fault: 'expected the path of a file' };
  const file = resolve(folder, path);
  try {
    const bytes = read(file);
    if (bytes.length > MAX_BYTES) return { fault: `${file} is larger than ${MAX_BYTES} bytes` };
    const text = bytes.toString('utf8').replace(/\r?\n$/, '');
    return text === '' ? { fault: `${file} is empty` } : { text };
  } catch (error) {
    return { fault: `cannot be read: ${messageOf(error)}` };
  }
}

/** What is wrong with a text from a file is said of the key that named the file: the other one is not in the document. */
export function atFileKeys(issues: readonly Issue[], filled: readonly Path[]): Issue[] {
  const places = new Set(filled.map((path) => JSON.stringify(path)));
  const moved = (issue: Issue, above: Path): Issue => {
    const path = [...above, ...issue.path];
    const key = path.at(-1);
    if (typeof key === 'string' && places.has(JSON.stringify(path)))
      return { ...issue, path: [...issue.path.slice(0, -1), fileKeyOf(key)] };
    if (issue.code !== 'invalid_union') return issue;
    const errors = issue.errors.map((branch) => branch.map((inner) => moved(inner, path)));
    return { ...issue, errors } as Issue;
  };
  return issues.map((issue) => moved(issue, []));
}
