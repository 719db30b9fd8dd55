import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** One evaluation of a rule group. `outcome` is JSON: the alert states behind it, and all that was decided. */
export interface EvaluationRow {
  readonly ruleGroup: string;
  readonly instant: Millis;
  readonly outcome: string;
}

/** Commits an evaluation: one row, so it is there whole or not at all. */
export async function saveEvaluation(store: Store, row: EvaluationRow): Promise<void> {
  await store.insert('evaluations', [
    { rule_group: row.ruleGroup, instant: sqlTime(row.instant), outcome: row.outcome },
  ]);
}

/** The newest committed evaluation of each rule group. */
export async function newestEvaluations(store: Store): Promise<EvaluationRow[]> {
  return store.query(
    `SELECT rule_group AS ruleGroup, max(${millisOf('e.instant')}) AS instant,
            argMax(e.outcome, (e.instant, e.evaluated_at)) AS outcome
     FROM {database}.evaluations AS e GROUP BY rule_group`,
  );
}
