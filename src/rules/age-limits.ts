import type { ASTNode } from '@marcbachmann/cel-js';
import type { Millis } from '../base/clock.ts';
import type { Condition } from './condition.ts';
import { childrenOf } from './condition-names.ts';
import type { TextFault } from './text-fault.ts';
import type { Variable } from './variables.ts';

/**
 * The ages at which a condition may change its mind about a window although nothing has come for it. So `age` may only be
 * compared with a duration: then it is known when to look again.
 */
export function ageLimits({ ast, names }: Pick<Condition, 'ast' | 'names'>): {
  readonly limits: readonly Millis[];
  readonly faults: readonly TextFault[];
} {
  const limits: Millis[] = [];
  const faults: TextFault[] = [];
  const visit = (node: ASTNode): void => {
    const limit = comparedWith(node, names);
    if (limit !== undefined) limits.push(limit);
    else if (isAge(node, names)) {
      faults.push({
        message: 'compare the age of the window with a duration and with nothing else, as in age > 7d',
        offset: node.start,
      });
    } else childrenOf(node).forEach(visit);
  };
  visit(ast);
  return { limits, faults };
}

function comparedWith(node: ASTNode, names: ReadonlyMap<string, Variable>): Millis | undefined {
  if (node.op !== '<' && node.op !== '<=' && node.op !== '>' && node.op !== '>=') return undefined;
  const [left, right] = node.args;
  const isOwnAge = ({ op, args }: ASTNode): boolean => op === 'id' && args === 'age';
  const other = isOwnAge(left) ? right : isOwnAge(right) ? left : undefined;
  if (other?.op === 'value' && (typeof other.args === 'number' || typeof other.args === 'bigint'))
    return Number(other.args) * 1000;
  const variable = other?.op === 'id' ? names.get(other.args) : undefined;
  return variable?.kind === 'duration' ? variable.seconds * 1000 : undefined;
}

/** That of any window. */
function isAge(node: ASTNode, names: ReadonlyMap<string, Variable>): boolean {
  const path = node.op === 'id' ? node.args : node.op === '.' ? pathOf(node) : undefined;
  const variable = path === undefined ? undefined : names.get(path);
  return variable !== undefined && 'metric' in variable && variable.metric === 'age';
}

function pathOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return undefined;
  const owner = pathOf(node.args[0]);
  return owner === undefined ? undefined : `${owner}.${node.args[1]}`;
}
