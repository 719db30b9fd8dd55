import type { Millis } from '../../src/base/clock.ts';
import { byEventTime } from '../../src/pipeline/dispatch-clock.ts';
import { type EvaluationOutcome, Evaluator, type EvaluatorPorts } from '../../src/pipeline/evaluator.ts';
import { evaluateGroup } from '../../src/rules/evaluate-group.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { EvaluationRow } from '../../src/store/evaluations.ts';
import { optionsOf } from '../notify/examples.ts';
import { measurements } from '../rules/measurements.ts';
import { MORNING } from '../support/events.ts';
import { MemoryDispatch } from './memory-dispatch.ts';

export function groupsOf(yaml: string): readonly RuleGroup[] {
  const { groups, faults } = loadRules([{ file: 'rules.yaml', text: yaml }], { retrainTargets: [] });
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return groups;
}

/** The ports through which an evaluation passes, in the order in which it does. */
export const STAGES = [
  'measure',
  'saveMetrics',
  'saveEvaluation',
  'project',
  'saveEntries',
  'fillOutbox',
] as const;

const NOTIFY = optionsOf({
  receivers: [{ name: 'team', webhook_configs: [{ url: 'http://127.0.0.1:1/' }] }],
  route: { receiver: 'team' },
});

type Stage = (typeof STAGES)[number];

/** A store of evaluations in memory, which outlives the processes that evaluate, and can fail once at any stage. */
export class MemoryEvaluations {
  /** Every attempt to measure, in order: `group@hours since MORNING`. */
  readonly measured: string[] = [];
  /** The instants to which streams of errors were advanced, in hours since MORNING. */
  readonly advanced: number[] = [];
  readonly metrics: object[] = [];
  readonly rows: EvaluationRow[] = [];
  readonly projected: EvaluationOutcome[] = [];
  readonly told: string[] = [];
  readonly dispatch = new MemoryDispatch();
  /** Where the next process dies: before its work there is done, or after it. */
  dies: { readonly stage: Stage; readonly when: 'before' | 'after'; readonly calls: number } | undefined;
  firstEventTime: Millis | undefined = MORNING;
  /** Called while a process takes over. */
  onTakeOver: () => void = () => undefined;
  /** What the model's one metric is at an instant. */
  predictionsAt: (instant: Millis) => number = () => 100;

  process(groups: readonly RuleGroup[], backfill: Millis): Evaluator {
    return new Evaluator(groups, backfill, this.#ports());
  }

  #ports(): EvaluatorPorts {
    const at = <T>(stage: Stage, work: () => T): Promise<T> => this.#at(stage, work);
    return {
      clock: { now: () => 0 },
      judge: (group, instant, { states }) =>
        at('measure', () => {
          this.measured.push(`${group.name}@${(instant - MORNING) / 3_600_000}`);
          const window = { from: instant - group.window, to: instant };
          const value = this.predictionsAt(instant);
          const subject = { ...measurements({ predictions: value }), each: 'model' as const, window };
          const undecided = { inputs: new Set<string>(), performance: new Set<string>() };
          const outcome = evaluateGroup({ group, instant, window, subjects: [subject], undecided, states });
          return { ...outcome, rows: [{ group: group.name, instant, value }] };
        }),
      errorStreams: {
        takeOver: async () => undefined,
        release: () => undefined,
        advance: async (_, instant) => void this.advanced.push((instant - MORNING) / 3_600_000),
      },
      saveMetrics: (rows) => at('saveMetrics', () => void this.metrics.push(...rows)),
      retrainsFor: async () => ({ requests: [], suppressed: [] }),
      newestEvaluations: async () => {
        this.onTakeOver();
        const newest = new Map<string, EvaluationRow>();
        for (const row of this.rows) {
          if (row.instant >= (newest.get(row.ruleGroup)?.instant ?? 0)) newest.set(row.ruleGroup, row);
        }
        return [...newest.values()];
      },
      saveEvaluation: (row) => at('saveEvaluation', () => void this.rows.push(row)),
      project: (outcome) =>
        at('project', () => {
          this.projected.push(outcome);
          for (const { alert, at } of outcome.transitions) {
            this.dispatch.transitions.set(alert.fingerprint, { alert, at });
          }
        }),
      dispatching: byEventTime(this.dispatch.process(NOTIFY, at)),
      deliver: async () => undefined,
      firstTime: async () => this.firstEventTime,
      onEvaluated: (group, instant) =>
        void this.told.push(`${group.name}@${(instant - MORNING) / 3_600_000}`),
    };
  }

  async #at<T>(stage: Stage, work: () => T): Promise<T> {
    const { dies } = this;
    const strikes = dies?.stage === stage && dies.calls === 0;
    if (dies?.stage === stage) this.dies = strikes ? undefined : { ...dies, calls: dies.calls - 1 };
    if (strikes && dies.when === 'before') throw new Error(`killed before ${stage}`);
    const result = work();
    if (strikes) throw new Error(`killed after ${stage}`);
    return result;
  }
}
