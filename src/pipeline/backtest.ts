import type { Millis } from '../base/clock.ts';
import type { Alert, AlertTransition } from '../rules/alert.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { dryRun } from './dry-run.ts';
import type { LookPorts } from './label-watch.ts';
import type { MeasurePorts } from './measure-ports.ts';
import { measureWithLabels } from './measure-with-labels.ts';

const NOTHING_COMES: LookPorts = { position: async () => [], arrivalsIn: async () => [] };

/** One time that an alert would have fired. */
export interface Firing {
  /** As it was when it began to fire. */
  readonly alert: Alert;
  readonly from: Millis;
  /** Undefined when it fires to the end. */
  readonly until: Millis | undefined;
  /** Why it resolved; undefined when it did not. */
  readonly reason: string | undefined;
}

export interface BacktestParts {
  readonly groups: readonly RuleGroup[];
  /** Windows that end later than this are evaluated. */
  readonly from: Millis;
  readonly to: Millis;
  readonly measurements: MeasurePorts;
  readonly signal: AbortSignal;
  /** After each evaluation, with the instant that it was for. */
  readonly onProgress?: (instant: Millis) => void;
}

/**
 * What rules would have done on the stored history, by the evaluation that the daemon has. They begin without any memory:
 * what was on before the first window is not known.
 */
export async function backtest(
  parts: BacktestParts,
): Promise<{ readonly evaluations: number; readonly firings: readonly Firing[] }> {
  const firings: Firing[] = [];
  const open = new Map<string, number>();
  const take = ({ alert, to, at, reason }: AlertTransition): void => {
    const key = JSON.stringify([alert.ruleGroup, alert.fingerprint]);
    const begun = open.get(key);
    if (to === 'firing') {
      open.set(key, firings.length);
      firings.push({ alert, from: at, until: undefined, reason: undefined });
    } else if (to === 'resolved' && begun !== undefined) {
      open.delete(key);
      firings[begun] = { ...(firings[begun] as Firing), until: at, reason };
    }
  };
  const evaluator = await dryRun(parts.groups, {
    begin: parts.from,
    // All labels are there; but windows come of age on the way.
    measure: (group, instant, memory, signal) =>
      measureWithLabels(group, instant, memory, { ...parts.measurements, look: NOTHING_COMES }, signal),
    onEvaluated: (_, instant, transitions) => {
      transitions.forEach(take);
      parts.onProgress?.(instant);
    },
  });
  const evaluations = await evaluator.evaluateUpTo(parts.to, () => true, parts.signal);
  parts.signal.throwIfAborted();
  return { evaluations, firings };
}
