import type { ASTNode } from '@marcbachmann/cel-js';
import { looksLikeFrame } from './frame.ts';
import type { TextFault } from './text-fault.ts';
import { OWNERS } from './variables.ts';

/** A name in an expression, the owner included, and where it stands. */
export interface NameUse {
  readonly name: string;
  readonly offset: number;
}

/** Macros of CEL bring names of their own, which are no metrics; a pattern on a name that a producer chose can take for ever. */
const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind', 'matches']);

/** Finds the names that an expression uses, in the order in which they stand, and what a condition may not contain. */
export function namesIn(root: ASTNode): { names: NameUse[]; objections: TextFault[] } {
  const names: NameUse[] = [];
  const objections: TextFault[] = [];
  const visit = (node: ASTNode): void => {
    const used = nameOf(node);
    const message = objectionTo(node);
    if (used !== undefined) names.push(used);
    else if (message !== undefined) objections.push({ message, offset: node.start });
    else childrenOf(node).forEach(visit);
  };
  visit(root);
  return { names, objections };
}

/** Finds divisions of whole numbers: in CEL 1/100 is 0, which nobody means here. */
export function wholeNumberDivisions(root: ASTNode): TextFault[] {
  if (root.op === '/' && isWhole(root)) {
    const message = 'CEL divides whole numbers without a remainder (1/100 is 0); write 1.0/100 or 0.01';
    return [{ message, offset: root.start }];
  }
  return childrenOf(root).flatMap(wholeNumberDivisions);
}

function nameOf(node: ASTNode): NameUse | undefined {
  const path = pathOf(node);
  return path === undefined ? undefined : { name: path.join('.'), offset: startOf(node) };
}

/** `w24h.baseline.mean` as its words; undefined when the node is no name, or one that owns no others. */
function pathOf(node: ASTNode): readonly string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.') return undefined;
  const [owner, field] = node.args;
  const path = pathOf(owner);
  const last = path?.at(-1) ?? '';
  const owns = (path?.length === 1 && looksLikeFrame(last)) || OWNERS.some((name) => name === last);
  return path !== undefined && owns ? [...path, field] : undefined;
}

function startOf(node: ASTNode): number {
  return node.op === '.' ? startOf(node.args[0]) : node.start;
}

function objectionTo(node: ASTNode): string | undefined {
  switch (node.op) {
    case 'call':
      return node.args[0] === 'has'
        ? 'has() is not needed: a window in which a metric has no value counts as one without data'
        : undefined;
    case 'rcall':
      return MACROS.has(node.args[0]) ? `${node.args[0]}() cannot be used in a condition` : undefined;
    case '.': {
      const [owner, field] = node.args;
      const path = pathOf(owner)?.join('.');
      return path !== undefined && OWNERS.some((name) => name === field)
        ? `write ${field}.${path}, not ${path}.${field}`
        : undefined;
    }
    case '[]':
    case '[?]':
    case '.?':
    case 'map':
      return 'maps and indexes cannot be used in a condition; write baseline.mean, not baseline["mean"]';
    default:
      return undefined;
  }
}

/** The operands of a node, names of fields apart. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

function isWhole(node: ASTNode): boolean {
  switch (node.op) {
    case 'value':
      return typeof node.args === 'bigint';
    case '-_':
    case '+':
    case '-':
    case '*':
    case '/':
      return childrenOf(node).every(isWhole);
    default:
      return false;
  }
}
