import type { Millis } from '../base/clock.ts';
import type { AlertTransition } from '../rules/alert.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { Evaluator } from './evaluator.ts';
import { judgeMeasured, type MeasureGroup } from './judge-measured.ts';

export interface DryRunPorts {
  readonly measure: MeasureGroup;
  /** Instants later than this are evaluated. */
  readonly begin: Millis;
  readonly onEvaluated?: (group: RuleGroup, instant: Millis, transitions: readonly AlertTransition[]) => void;
}

/** The daemon's evaluator, with nobody behind it: it keeps what it decides to itself, and begins from nothing. */
export async function dryRun(groups: readonly RuleGroup[], ports: DryRunPorts): Promise<Evaluator> {
  const evaluator = new Evaluator(groups, Number.POSITIVE_INFINITY, {
    clock: { now: () => 0 },
    judge: judgeMeasured(ports.measure),
    errorStreams: {
      takeOver: async () => undefined,
      release: () => undefined,
      advance: async () => undefined,
    },
    saveMetrics: async () => undefined,
    retrainsFor: async () => ({ requests: [], suppressed: [] }),
    newestEvaluations: async () => [],
    saveEvaluation: async () => undefined,
    project: async () => undefined,
    deliver: async () => undefined,
    dispatching: {
      takeOver: async () => undefined,
      release: () => undefined,
      catchUp: async () => undefined,
    },
    firstTime: async () => ports.begin,
    onEvaluated: (group, instant, { transitions }) => ports.onEvaluated?.(group, instant, transitions),
  });
  await evaluator.takeOver();
  return evaluator;
}
