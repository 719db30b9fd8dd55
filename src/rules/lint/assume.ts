import type { ASTNode } from '@marcbachmann/cel-js';
import { METRICS } from '../../metrics/table.ts';
import { rangeOf, type Variable } from '../variables.ts';
import {
  ANYTHING,
  allowedBy,
  combine,
  exactly,
  hull,
  type Interval,
  intersection,
  isEmpty,
  nanOf,
} from './interval.ts';
import { either, type Knowledge, narrowNumber, narrowText } from './knowledge.ts';

/** What is reasoned about. */
export interface Reasoning {
  /** What names stand for, by their text in the condition. */
  readonly names: ReadonlyMap<string, Variable>;
  /**
   * Whether a comparison that is decided tells that its numbers are there. It does where one asks when a condition holds; it
   * does not where one asks when it does not, which may be for want of a number.
   */
  readonly decided: boolean;
}

/** Where reasoning ended: that part of the condition cannot be as it would have to be. */
export interface Contradiction {
  readonly at: ASTNode;
  /** What that part had to be. */
  readonly truth: boolean;
  /** What was known of its names there. */
  readonly known: Knowledge;
}

export type Assumed = Knowledge | Contradiction;

export const NOTHING_KNOWN: Knowledge = { numbers: new Map(), texts: new Map() };

export function isContradiction(assumed: Assumed): assumed is Contradiction {
  return 'at' in assumed;
}

/**
 * What follows when a part of a condition is true, or false, where something is known already. It is a contradiction only
 * when that is certain: whatever is not understood can be anything.
 */
export function assume(node: ASTNode, truth: boolean, known: Knowledge, reasoning: Reasoning): Assumed {
  switch (node.op) {
    case 'value':
      return node.args === !truth ? { at: node, truth, known } : known;
    case '!_':
      return assume(node.args, !truth, known, reasoning);
    case '&&':
      return truth ? both(node.args, true, known, reasoning) : anyOf(node, false, known, reasoning);
    case '||':
      return truth ? anyOf(node, true, known, reasoning) : both(node.args, false, known, reasoning);
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return compare(node, node.op, node.args, truth, known, reasoning);
    case 'in':
      return membership(node, truth, known, reasoning);
    default:
      return known;
  }
}

function both(
  [left, right]: readonly [ASTNode, ASTNode],
  truth: boolean,
  known: Knowledge,
  reasoning: Reasoning,
): Assumed {
  const first = assume(left, truth, known, reasoning);
  return isContradiction(first) ? first : assume(right, truth, first, reasoning);
}

function anyOf(node: ASTNode, truth: boolean, known: Knowledge, reasoning: Reasoning): Assumed {
  const [left, right] = node.args as readonly [ASTNode, ASTNode];
  const [a, b] = [assume(left, truth, known, reasoning), assume(right, truth, known, reasoning)];
  const merged = either(isContradiction(a) ? undefined : a, isContradiction(b) ? undefined : b);
  return merged ?? { at: node, truth, known };
}

type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

const NEGATED: Readonly<Record<Comparison, Comparison>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
};

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

function compare(
  node: ASTNode,
  written: Comparison,
  [left, right]: readonly [ASTNode, ASTNode],
  truth: boolean,
  before: Knowledge,
  reasoning: Reasoning,
): Assumed {
  const operator = truth ? written : NEGATED[written];
  const contradiction = { at: node, truth, known: before };
  const text = textComparison(operator, left, right, before, reasoning);
  if (text !== 'numbers') return text ?? contradiction;
  const known = reasoning.decided ? withKinds(node, before, reasoning) : before;
  if (known === undefined) return contradiction;
  const [a, b] = [numbersOf(left, known, reasoning), numbersOf(right, known, reasoning)];
  // What is no number makes any comparison false, and only != true.
  if ((a.nan === true || b.nan === true) && truth === (written === '!=')) return known;
  if (!isPossible(operator, a, b)) return contradiction;
  if (operator === '!=') return known;
  const narrowed = narrow(left, allowedBy(operator, b), known, reasoning);
  const mirrored = MIRRORED[operator] as Exclude<Comparison, '!='>;
  return (narrowed && narrow(right, allowedBy(mirrored, a), narrowed, reasoning)) ?? contradiction;
}

function isPossible(operator: Comparison, a: Interval, b: Interval): boolean {
  if (operator === '!=') return a.low !== a.high || b.low !== b.high || a.low !== b.low;
  return !isEmpty(intersection(a, allowedBy(operator, b)));
}

function narrow(node: ASTNode, to: Interval, known: Knowledge, reasoning: Reasoning): Knowledge | undefined {
  const name = nameOf(node);
  const variable = name === undefined ? undefined : reasoning.names.get(name);
  if (variable === undefined || variable.kind === 'text') return known;
  const key = keyOf(name ?? '', variable);
  return narrowNumber(known, key, intersection(numbersOf(node, known, reasoning), to));
}

/** All that a numeric expression can be. */
function numbersOf(node: ASTNode, known: Knowledge, reasoning: Reasoning): Interval {
  const of = (part: ASTNode): Interval => numbersOf(part, known, reasoning);
  switch (node.op) {
    case 'value':
      return typeof node.args === 'number' || typeof node.args === 'bigint'
        ? exactly(Number(node.args))
        : ANYTHING;
    case 'id':
    case '.': {
      const name = nameOf(node) ?? '';
      const variable = reasoning.names.get(name);
      if (variable === undefined || variable.kind === 'text') return ANYTHING;
      const [low, high] = rangeOf(variable);
      return known.numbers.get(keyOf(name, variable)) ?? { low, high };
    }
    case '-_':
      return combine('-', exactly(0), of(node.args));
    case '+':
    case '-':
    case '*':
    case '/':
      return combine(node.op, of(node.args[0]), of(node.args[1]));
    case '?:':
      return hull(of(node.args[1]), of(node.args[2]));
    case 'call':
      return called(node.args[0], node.args[1].map(of));
    default:
      return ANYTHING;
  }
}

function called(name: string, args: readonly Interval[]): Interval {
  const [a = ANYTHING, b = a] = args;
  switch (name) {
    case 'max':
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high), ...nanOf(a, b) };
    case 'min':
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high), ...nanOf(a, b) };
    case 'sqrt':
      return a.low < 0 ? ANYTHING : { low: Math.sqrt(a.low), high: Math.sqrt(a.high), ...nanOf(a) };
    case 'abs':
      return {
        low: a.low > 0 ? a.low : a.high < 0 ? -a.high : 0,
        high: Math.max(Math.abs(a.low), Math.abs(a.high)),
        ...nanOf(a),
      };
    default:
      return ANYTHING;
  }
}

/** The kinds of feature that have all numbers of an expression: a category has no mean. */
function withKinds(node: ASTNode, known: Knowledge, reasoning: Reasoning): Knowledge | undefined {
  let narrowed: Knowledge | undefined = known;
  for (const name of namesWithin(node)) {
    const variable = reasoning.names.get(name);
    if (narrowed === undefined) return undefined;
    if (variable === undefined || !('metric' in variable) || variable.kind === 'natural') continue;
    const { kinds } = METRICS[variable.metric];
    if (kinds !== 'any') narrowed = narrowText(narrowed, 'kind', (kind) => kind === kinds, KINDS);
  }
  return narrowed;
}

const KINDS = ['numeric', 'categorical'] as const;

function membership(node: ASTNode, truth: boolean, known: Knowledge, reasoning: Reasoning): Assumed {
  if (node.op !== 'in') return known;
  const [element, list] = node.args;
  const name = textName(element, reasoning);
  if (name === undefined || list.op !== 'list') return known;
  const values = list.args.map((item) => (item.op === 'value' ? item.args : undefined));
  if (!values.every((value) => typeof value === 'string')) return known;
  const atMost = name === 'kind' ? KINDS : truth ? values : undefined;
  return (
    narrowText(known, name, (value) => values.includes(value) === truth, atMost) ?? { at: node, truth, known }
  );
}

/** Undefined for a contradiction. */
function textComparison(
  operator: Comparison,
  left: ASTNode,
  right: ASTNode,
  known: Knowledge,
  reasoning: Reasoning,
): Knowledge | undefined | 'numbers' {
  const [name, other] = [
    textName(left, reasoning) ?? textName(right, reasoning),
    textValue(left) ?? textValue(right),
  ];
  if (name === undefined) return 'numbers';
  if (other === undefined || (operator !== '==' && operator !== '!=')) return known;
  const atMost = name === 'kind' ? KINDS : operator === '==' ? [other] : undefined;
  return narrowText(known, name, (value) => (value === other) === (operator === '=='), atMost);
}

function textName(node: ASTNode, reasoning: Reasoning): string | undefined {
  return node.op === 'id' && reasoning.names.get(node.args)?.kind === 'text' ? node.args : undefined;
}

function textValue(node: ASTNode): string | undefined {
  return node.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

/** A window has one name here, however its length is written. */
export function keyOf(name: string, variable: Exclude<Variable, { readonly kind: 'text' }>): string {
  const { frame } = variable;
  return frame === undefined ? name : `${frame.name}${name.slice(name.indexOf('.'))}`;
}

/** The name that a node is, its owners included. */
function nameOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return undefined;
  const owner = nameOf(node.args[0]);
  return owner === undefined ? undefined : `${owner}.${node.args[1]}`;
}

/** All names in an expression of numbers. */
export function namesWithin(node: ASTNode): string[] {
  const name = nameOf(node);
  if (name !== undefined) return [name];
  switch (node.op) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return node.args.flatMap(namesWithin);
    case '-_':
      return namesWithin(node.args);
    case 'call':
      return node.args[1].flatMap(namesWithin);
    default:
      return [];
  }
}
