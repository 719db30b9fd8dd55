import { type ASTNode, TypeError as CelTypeError, ParseError } from '@marcbachmann/cel-js';
import { messageOf } from '../base/errors.ts';
import type { MetricScope } from '../metrics/table.ts';
import { type CelScope, celScope } from './cel-environment.ts';
import { closureOf, Missing } from './condition-closure.ts';
import { readDurations } from './condition-durations.ts';
import { namesIn, wholeNumberDivisions } from './condition-names.ts';
import { type Counted, NoNumber, type Place, withWords } from './condition-scope.ts';
import { countedMetrics } from './counts.ts';
import { explainUnknown } from './explain-unknown.ts';
import { type Frame, frameOf } from './frame.ts';
import type { Measurements } from './measurements.ts';
import type { TextFault } from './text-fault.ts';
import { findVariable, type Variable } from './variables.ts';

/** A condition that is known to be a truth value over names that exist. */
export interface Condition {
  readonly text: string;
  readonly scope: MetricScope;
  readonly ast: ASTNode;
  /** The names that the condition uses, in the order in which they first stand in it. */
  readonly names: ReadonlyMap<string, Variable>;
  /** What it counts observations of, by window. */
  readonly counted: Counted;
  /** Missing where a name has no number, unless the truth does not depend on it. Throws what CEL does. */
  readonly holds: (subject: Measurements) => boolean | Missing;
}

export type Compiled =
  | { readonly condition: Condition }
  | { readonly condition: undefined; readonly faults: readonly TextFault[] };

/** Reads and checks a condition. All metrics and durations are doubles; whole numbers may stand beside them. Never throws. */
export function compileCondition(original: string, scope: MetricScope): Compiled {
  const { environment, windowType, place } = celScopeOf(scope);
  const { text, durations } = readDurations(original);
  try {
    const { names, objections } = namesIn(environment.parse(text).ast);
    const used = new Map<string, Variable>();
    for (const [name, seconds] of durations) used.set(name, { kind: 'duration', seconds });
    const frames = new Map<string, Frame>();
    const faults: TextFault[] = [];
    for (const { name, offset } of names) {
      if (durations.has(name)) continue;
      const variable = findVariable(name, scope);
      if (variable === undefined) faults.push({ message: explainUnknown(name, scope), offset });
      else used.set(name, variable);
      const [word = ''] = name.split('.', 1);
      const frame = variable !== undefined && 'frame' in variable ? frameOf(word) : undefined;
      if (frame !== undefined) frames.set(word, frame);
    }
    const own = environment.clone();
    for (const word of durations.keys()) own.registerVariable(word, 'double');
    for (const word of frames.keys()) own.registerVariable(word, windowType);
    const parsed = own.parse(text);
    faults.push(...objections, ...wholeNumberDivisions(parsed.ast));
    if (faults.length > 0) return { condition: undefined, faults };
    const { valid, type, error } = parsed.check();
    if (!valid) throw error;
    if (type !== 'bool') return { condition: undefined, faults: [{ message: notATruth(type), offset: 0 }] };
    const counted = countedMetrics(used.values());
    const Subject = withWords(place, frames, durations);
    return {
      condition: {
        text: original,
        scope,
        ast: parsed.ast,
        names: used,
        counted,
        holds:
          closureOf(parsed.ast, { names: used, counted }) ??
          ((subject) => celHolds(parsed, new Subject(subject, counted))),
      },
    };
  } catch (error) {
    return { condition: undefined, faults: [explainError(error, text)] };
  }
}

function celHolds(evaluate: (context: object) => unknown, place: Place): boolean | Missing {
  try {
    return evaluate(place) === true;
  } catch (error) {
    if (error instanceof NoNumber) return new Missing(error.reading);
    throw error;
  }
}

const SCOPES = new Map<MetricScope, CelScope>();

/** Made when it is first needed, and never changed: conditions clone it. */
function celScopeOf(scope: MetricScope): CelScope {
  const known = SCOPES.get(scope) ?? celScope(scope);
  SCOPES.set(scope, known);
  return known;
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
