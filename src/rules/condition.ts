import { TypeError as CelTypeError, ParseError } from '@marcbachmann/cel-js';
import { messageOf } from '../base/errors.ts';
import type { MetricScope } from '../metrics/table.ts';
import { celEnvironment } from './cel-environment.ts';
import { namesIn, wholeNumberDivisions } from './condition-names.ts';
import type { TextFault } from './text-fault.ts';
import { explainUnknown, type Variable, variablesOf } from './variables.ts';

/** A condition that is known to be a truth value over names that exist. */
export interface Condition {
  readonly text: string;
  readonly scope: MetricScope;
  /** The names that the condition uses, in the order in which they first stand in it. */
  readonly names: ReadonlyMap<string, Variable>;
  /** Throws whatever a getter of `context` throws, unless the truth does not depend on it. */
  readonly holds: (context: object) => boolean;
}

export type Compiled =
  | { readonly condition: Condition }
  | { readonly condition: undefined; readonly faults: readonly TextFault[] };

/** Reads and checks a condition. All metrics are doubles; whole numbers may stand beside them. Never throws. */
export function compileCondition(text: string, scope: MetricScope): Compiled {
  const variables = variablesOf(scope);
  try {
    const parsed = celEnvironment(variables).parse(text);
    const { names, objections } = namesIn(parsed.ast);
    const faults: TextFault[] = names
      .filter(({ name }) => !variables.has(name))
      .map(({ name, offset }) => ({ message: explainUnknown(name, scope, variables.keys()), offset }));
    faults.push(...objections, ...wholeNumberDivisions(parsed.ast));
    if (faults.length > 0) return { condition: undefined, faults };
    const { valid, type, error } = parsed.check();
    if (!valid) throw error;
    if (type !== 'bool') return { condition: undefined, faults: [{ message: notATruth(type), offset: 0 }] };
    const used = new Map(names.map(({ name }) => [name, variables.get(name) as Variable]));
    return { condition: { text, scope, names: used, holds: (context) => parsed(context) === true } };
  } catch (error) {
    return { condition: undefined, faults: [explainError(error, text)] };
  }
}

function notATruth(type: string | undefined): string {
  return `a condition must be true or false, but this is of type ${type}; compare it, as in psi > 0.1`;
}

/** What people write who know another language. */
const WORDS: Readonly<Record<string, string>> = { and: '&&', or: '||', '=': '==' };

function explainError(error: unknown, text: string): TextFault {
  if (error instanceof CelTypeError) {
    return { message: `type error: ${error.summary}`, offset: error.range?.start ?? 0 };
  }
  if (!(error instanceof ParseError)) return { message: messageOf(error), offset: 0 };
  const offset = error.range?.start ?? 0;
  if (text.trim() === '') return { message: 'the condition is empty', offset: 0 };
  if (offset >= text.trimEnd().length) return { message: 'the condition ends too early', offset };
  const word = /^(?:and|or|=)/i.exec(text.slice(offset))?.[0].toLowerCase() ?? '';
  const hint = WORDS[word] === undefined ? '' : `; CEL writes ${WORDS[word]}`;
  return { message: `syntax error: ${error.summary}${hint}`, offset };
}
