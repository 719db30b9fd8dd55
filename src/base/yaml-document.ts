import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import { messageOf } from './errors.ts';
import type { Fault } from './fault.ts';
import { fileKeyOf } from './file-option.ts';
import { didYouMean } from './nearest.ts';

type Path = ReadonlyArray<PropertyKey>;

/** A YAML file that remembers where each of its values stands. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /**
   * A fault at the value that `path` leads to, or at its nearest existing parent. `offset` counts characters into a
   * text; where escapes keep the place from being found, the fault stands at the start of the text.
   */
  faultAt(path: Path, message: string, offset?: number): Fault;
  /** A fault at the key itself rather than at its value. */
  faultAtKey(path: Path, message: string): Fault;
}

/** Parses YAML 1.2. Syntax errors, duplicate keys and keys called __proto__ come back as faults, never as exceptions. */
export function readYaml(file: string, text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: 'error',
  });
  const at = (offset: number, message: string): Fault => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const faults = document.errors.map((error) => at(error.pos[0], plainMessage(error)));
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      faults.push(
        at(
          alias.range?.[0] ?? 0,
          'no anchor before this alias has its name; a text that begins with * needs quotes',
        ),
      );
    },
    Pair: (_, { key }) => {
      // Whoever copies the value would lose it silently, or worse.
      if (!isScalar(key) || key.value !== '__proto__') return;
      faults.push(at(key.range?.[0] ?? 0, '"__proto__" cannot be a key'));
    },
  });
  let value: unknown;
  if (faults.length === 0) {
    try {
      value = document.toJS();
    } catch (error) {
      // Such as aliases of aliases that would fill the memory.
      faults.push(at(0, messageOf(error)));
    }
  }
  return {
    file,
    value,
    faults,
    faultAt: (path, message, offset) => at(valueOffset(document, text, path, offset), message),
    faultAtKey: (path, message) => at(keyOffset(document, text, path), message),
  };
}

/** Without what the parser quotes: where the syntax is wrong, nobody knows yet whether that is part of a password. */
function plainMessage({ code, message }: { code: string; message: string }): string {
  if (code === 'MULTIPLE_DOCS') return 'a file holds one YAML document; remove the "---"';
  return message.replace(/: .*|(?<=^Invalid escape sequence).*/s, '');
}

function valueOffset(document: Document, text: string, path: Path, offset?: number): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(document, path.slice(0, length));
    if (node?.range == null) continue;
    const start = node.range[0];
    if (!isScalar(node)) return start;
    // A quoted text begins behind its quote.
    const content = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? start + 1 : start;
    return (length === path.length ? offsetInside(node, text, content, offset) : undefined) ?? content;
  }
  return 0;
}

/**
 * The place in the file of a character of a text. Block and folded texts have other line breaks and indents in the file
 * than in their value, so the place is found by counting the characters that are not white space.
 */
function offsetInside(
  node: { type?: unknown; value: unknown },
  text: string,
  content: number,
  offset: number | undefined,
): number | undefined {
  const { type, value } = node;
  if (typeof value !== 'string' || offset === undefined) return undefined;
  if (text.startsWith(value, content)) return content + offset;
  if (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') return undefined;
  // The first line of a block holds only its | or >.
  const block = type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL';
  let place = block ? text.indexOf('\n', content) + 1 : content;
  let ahead = value.slice(0, offset).replace(/\s/g, '').length;
  for (; place < text.length; place += 1) {
    if (/\s/.test(text[place] as string)) continue;
    if (ahead === 0) return place;
    ahead -= 1;
    // The end of the text, and not the start of what follows it.
    if (ahead === 0 && value.slice(offset).trim() === '') return place + 1;
  }
  return undefined;
}

function keyOffset(document: Document, text: string, path: Path): number {
  const parent = nodeAt(document, path.slice(0, -1));
  const key = isMap(parent) ? parent.items.find(({ key }) => isKey(key, path.at(-1)))?.key : undefined;
  return isScalar(key) && key.range != null ? key.range[0] : valueOffset(document, text, path);
}

/** Follows a path of the JavaScript value, in which all keys are text and aliases are gone. */
function nodeAt(document: Document, path: Path): Node | undefined {
  let node: unknown = document.contents;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) node = node.items.find(({ key }) => isKey(key, step))?.value;
    else if (isSeq(node)) node = node.items[Number(step)];
    else return undefined;
  }
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node : undefined;
}

function isKey(node: unknown, key: PropertyKey | undefined): boolean {
  return isScalar(node) && String(node.value) === String(key);
}

/** Turns what zod found into faults with places, and adds the nearest valid word to unknown keys and values. */
export function schemaFaults(
  document: YamlDocument,
  error: { readonly issues: readonly z.core.$ZodIssue[] },
  knownKeys: (path: Path) => readonly string[],
): Fault[] {
  return error.issues.flatMap((issue) => issueFaults(document, issue, knownKeys));
}

function issueFaults(
  document: YamlDocument,
  issue: z.core.$ZodIssue,
  knownKeys: (path: Path) => readonly string[],
): Fault[] {
  const { path } = issue;
  const value = valueAt(document.value, path);
  const name = path.map(String).join('.');
  const fault = (message: string): Fault[] => [
    document.faultAt(path, name === '' ? message : `${name}: ${message}`),
  ];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      // One form of an object may know a key that another one does not.
      const others = knownKeys(path).filter((known) => known !== key);
      return document.faultAtKey([...path, key], `unknown key "${key}"${didYouMean(key, others)}`);
    });
  }
  if (value === undefined && path.length > 0 && issue.code !== 'custom') {
    return [document.faultAt(path, missing(String(path.at(-1)), knownKeys(path.slice(0, -1))))];
  }
  if (issue.code === 'invalid_value')
    return wordFault(document, path, value, issue.values) ?? fault(plain(issue));
  if (issue.code === 'invalid_union') {
    const words = 'options' in issue ? issue.options : undefined;
    const branch = furthest(issue);
    if (words !== undefined) return wordFault(document, path, value, words) ?? fault(plain(issue));
    if (branch !== undefined) return branch.flatMap((inner) => issueFaults(document, inner, knownKeys));
    return fault(issue.message === 'Invalid input' ? expectedOf(issue) : issue.message);
  }
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0] === undefined ? '' : `: ${plain(issue.issues[0])}`;
    return [document.faultAtKey(path, `"${String(path.at(-1))}" cannot be a key here${reason}`)];
  }
  return fault(plain(issue));
}

function missing(key: string, known: readonly string[]): string {
  const file = fileKeyOf(key);
  return `missing key "${key}"${known.includes(file) ? ` or "${file}"` : ''}`;
}

function wordFault(
  document: YamlDocument,
  path: Path,
  word: unknown,
  known: readonly unknown[],
): Fault[] | undefined {
  if (typeof word !== 'string') return undefined;
  const words = known.map(String);
  const message = `"${word}" is not one of ${words.join(', ')}${didYouMean(word, words)}`;
  return [document.faultAt(path, message)];
}

/** The branch of a union that the user most likely meant: the only one that got past the type of the value itself. */
function furthest(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const branches = issue.errors.filter((inner) =>
    inner.every(({ code, path }) => path.length > 0 || code !== 'invalid_type'),
  );
  if (branches.length !== 1 || issue.message !== 'Invalid input') return undefined;
  return branches[0]?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function expectedOf(issue: z.core.$ZodIssueInvalidUnion): string {
  const types = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []));
  return types.length === 0 ? issue.message : `expected ${[...new Set(types)].join(' or ')}`;
}

function plain(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^Invalid input: /, '');
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/**
 * Lists the keys that a zod schema accepts at a path, for "did you mean".
 * Works on the JSON Schema made from it, so that unions and defaults need no special case here.
 */
export function keysInJsonSchema(root: unknown, path: Path): string[] {
  const alternatives = (node: unknown): unknown[] => alternativesOf(node, own(root, '$defs'));
  let nodes: unknown[] = [root];
  for (const key of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node) => {
      const next =
        typeof key === 'number'
          ? own(node, 'items')
          : (own(own(node, 'properties'), String(key)) ?? own(node, 'additionalProperties'));
      return next === undefined ? [] : [next];
    });
  }
  const keys = nodes.flatMap(alternatives).flatMap((node) => {
    const properties = own(node, 'properties');
    return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  });
  return [...new Set(keys)];
}

function alternativesOf(node: unknown, definitions: unknown): unknown[] {
  const reference = own(node, '$ref');
  const branches = ['anyOf', 'oneOf', 'allOf']
    .map((word) => own(node, word))
    .filter(Array.isArray)
    .flat();
  // What holds itself, such as a route with routes, is defined by name.
  if (typeof reference === 'string') branches.push(own(definitions, reference.replace('#/$defs/', '')));
  return branches.length === 0
    ? [node]
    : [node, ...branches.flatMap((branch) => alternativesOf(branch, definitions))];
}

function own(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key)
    ? Reflect.get(node, key)
    : undefined;
}
