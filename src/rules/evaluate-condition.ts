import { EvaluationError } from '@marcbachmann/cel-js';
import { messageOf } from '../base/errors.ts';
import type { MetricStatus } from '../metrics/result.ts';
import type { Condition } from './condition.ts';
import { Missing } from './condition-closure.ts';
import { readNumber } from './condition-scope.ts';
import { observationCount } from './counts.ts';
import { type Measurements, type Reading, windowOf } from './measurements.ts';
import type { Rule } from './rule.ts';
import type { NumberVariable } from './variables.ts';

/** Whether a condition holds for one subject in one window; where that cannot be told, why. */
export type Verdict =
  | { readonly outcome: 'true' | 'false' }
  | {
      /** `waiting`: the rule requires something of the window that it does not have so far. */
      readonly outcome: Exclude<MetricStatus, 'ok'> | 'waiting';
      readonly reason: string;
    };

/** The numbers that a condition names, as far as there are any. */
export interface NamedNumbers {
  readonly values: Readonly<Record<string, number>>;
  /** The same for `baseline.*`, under the name without it. */
  readonly baselineValues: Readonly<Record<string, number>>;
}

const HOLDS: Verdict = { outcome: 'true' };
const DOES_NOT_HOLD: Verdict = { outcome: 'false' };

/**
 * Evaluates a condition. A metric without a number makes the outcome that metric's status, unless CEL decides without
 * it: `a && b` is false when either side is false, `a || b` is true when either side is true.
 *
 * @param minSamples windows with fewer observations are ones without enough data.
 */
export function evaluateCondition(condition: Condition, subject: Measurements, minSamples = 0): Verdict {
  try {
    const holds = condition.holds(subject);
    if (holds instanceof Missing) return { outcome: holds.reading.status, reason: holds.reading.reason };
    const samples = minSamples === 0 ? 0 : leastSamples(condition, subject);
    if (samples < minSamples) {
      const reason = `${samples} observations, and the rule wants ${minSamples}`;
      return { outcome: 'not_enough_data', reason };
    }
    return holds ? HOLDS : DOES_NOT_HOLD;
  } catch (error) {
    // A calculation that CEL refuses, such as int("x").
    const reason = error instanceof EvaluationError ? error.summary : messageOf(error);
    return { outcome: 'undefined', reason };
  }
}

/** What a rule says of one subject in one window. */
export function judge(
  { condition, require, minSamples }: Pick<Rule, 'condition' | 'require' | 'minSamples'>,
  subject: Measurements,
): Verdict {
  if (require !== undefined) {
    const required = evaluateCondition(require, subject);
    if (required.outcome !== 'true')
      return { outcome: 'waiting', reason: `the rule requires ${require.text}` };
  }
  return evaluateCondition(condition, subject, minSamples);
}

/** The numbers behind a verdict. */
export function namedNumbers(condition: Condition, subject: Measurements): NamedNumbers {
  const values: Record<string, number> = {};
  const baselineValues: Record<string, number> = {};
  for (const [name, variable] of condition.names) {
    if (!('metric' in variable) || variable.kind === 'natural') continue;
    const reading = readVariable(condition, variable, subject);
    if (reading.status !== 'ok') continue;
    if (variable.kind === 'baseline') baselineValues[name.replace('baseline.', '')] = reading.value;
    else values[name] = reading.value;
  }
  return { values, baselineValues };
}

/** The number behind a name: a metric's, or the n or baseline_n of the whole condition. */
export function readVariable(
  { counted }: Pick<Condition, 'counted'>,
  variable: NumberVariable,
  subject: Measurements,
): Reading {
  const { frame } = variable;
  return readNumber(variable, { window: windowOf(subject, frame), frame, counted });
}

/** The smallest number of observations in any of the windows that a condition is about. */
function leastSamples({ counted }: Condition, subject: Measurements): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { frame, window: metrics } of counted.values()) {
    // The group's own window counts when the condition is about it, or about no window in particular.
    if (frame === undefined && metrics.length === 0 && counted.size > 1) continue;
    const window = windowOf(subject, frame);
    if (window !== undefined) least = Math.min(least, observationCount(metrics, window));
  }
  return least;
}
