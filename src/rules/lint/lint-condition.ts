import type { ASTNode } from '@marcbachmann/cel-js';
import { METRICS } from '../../metrics/table.ts';
import type { Condition } from '../condition.ts';
import type { TextFault } from '../text-fault.ts';
import { rangeOf } from '../variables.ts';
import {
  assume,
  type Contradiction,
  isContradiction,
  keyOf,
  NOTHING_KNOWN,
  namesWithin,
  type Reasoning,
} from './assume.ts';
import type { Interval } from './interval.ts';

/** Says where a condition can never hold, or always holds, whatever the data. Only what is certain is said. */
export function lintCondition({ ast, names }: Pick<Condition, 'ast' | 'names'>): TextFault[] {
  const reasoning = { names, decided: true };
  const when = assume(ast, true, NOTHING_KNOWN, reasoning);
  if (isContradiction(when)) {
    return [{ message: `the condition can never hold: ${why(when, reasoning)}`, offset: when.at.start }];
  }
  if (isContradiction(assume(ast, false, NOTHING_KNOWN, { names, decided: false }))) {
    return [{ message: 'the condition holds in every window that has data', offset: ast.start }];
  }
  return deadSides(ast, reasoning);
}

/** Sides of `||` that can never hold, while the other one can. */
function deadSides(node: ASTNode, reasoning: Reasoning): TextFault[] {
  if (node.op === '&&') return node.args.flatMap((side) => deadSides(side, reasoning));
  if (node.op !== '||') return [];
  return node.args.flatMap((side) => {
    const when = assume(side, true, NOTHING_KNOWN, reasoning);
    if (!isContradiction(when)) return deadSides(side, reasoning);
    return [{ message: `this side of || can never hold: ${why(when, reasoning)}`, offset: when.at.start }];
  });
}

function why(contradiction: Contradiction, reasoning: Reasoning): string {
  const { at, truth, known } = contradiction;
  const kinds = wrongKind(contradiction, reasoning);
  if (kinds !== undefined) return kinds;
  const byItself = isContradiction(assume(at, truth, NOTHING_KNOWN, reasoning));
  const used = [...new Set(namesWithin(at))].flatMap((name) => {
    const variable = reasoning.names.get(name);
    if (variable === undefined || variable.kind === 'text' || variable.kind === 'duration') return [];
    const before = byItself ? undefined : known.numbers.get(keyOf(name, variable));
    const [low, high] = rangeOf(variable);
    const text = intervalText(before ?? { low, high });
    return text === undefined ? [] : [`${name} is ${before === undefined ? 'always' : 'there'} ${text}`];
  });
  if (used.length > 0) return used.join(', and ');
  const text = at.input.slice(at.start, at.end);
  return byItself ? `"${text}" is impossible` : `"${text}" contradicts what stands before it`;
}

/** What is wrong where numbers of numeric and of categorical features stand together. */
function wrongKind({ at, known }: Contradiction, { names }: Reasoning): string | undefined {
  for (const name of namesWithin(at)) {
    const variable = names.get(name);
    if (variable === undefined || !('metric' in variable)) continue;
    const { kinds } = METRICS[variable.metric];
    const left = known.texts.get('kind');
    if (kinds !== 'any' && left !== undefined && !left.has(kinds))
      return `only ${kinds} features have ${name}, and what stands before it is about others`;
  }
  return undefined;
}

function intervalText({ low, high, lowOpen, highOpen }: Interval): string | undefined {
  if (low === high) return `${low}`;
  const least = low === Number.NEGATIVE_INFINITY ? [] : [`${lowOpen === true ? 'above' : 'at least'} ${low}`];
  const most =
    high === Number.POSITIVE_INFINITY ? [] : [`${highOpen === true ? 'below' : 'at most'} ${high}`];
  const bounds = [...least, ...most];
  return bounds.length === 0 ? undefined : bounds.join(' and ');
}
