import type { RuleGroup } from '../../rules/rule.ts';
import type { Subject } from '../../rules/subject.ts';
import { type AlertsCompared, compareAlerts } from '../../rules/unit-test/compare-alerts.ts';
import { explainMissing, type LastLook } from '../../rules/unit-test/explain-alert.ts';
import { givenFeatures, givenModel } from '../../rules/unit-test/given-subjects.ts';
import type { Expectation, ExpectedAlert, RuleTest } from '../../rules/unit-test/rule-test.ts';
import { dryRun } from '../dry-run.ts';
import { measureGroup } from '../measure.ts';
import { drawnMeasurements } from './drawn-profiles.ts';

/** An expectation that was not met. */
export interface Mismatch extends Omit<AlertsCompared, 'missing'> {
  readonly expectation: Expectation;
  readonly missing: ReadonlyArray<{ readonly expected: ExpectedAlert; readonly why: string }>;
}

/**
 * Runs one test of rules on a simulated clock, through the evaluator that the daemon has. What the test says of windows
 * stands in place of what the store knows of them.
 *
 * @returns the expectations that were not met, in order of time.
 */
export async function runRuleTest(test: RuleTest, allGroups: readonly RuleGroup[]): Promise<Mismatch[]> {
  const groups = allGroups.filter(({ name }) => test.wantsGroup(name));
  const looks = new Map<string, LastLook>();
  const drawn = test.drawn.size === 0 ? undefined : await drawnMeasurements(test);
  const evaluator = await dryRun(groups, {
    begin: test.start,
    measure: async (group, instant) => {
      const index = Math.ceil((instant - test.start) / test.interval) - 1;
      const window = { from: instant - group.window, to: instant };
      const measured = drawn === undefined ? [] : (await measureGroup(group, instant, drawn)).subjects;
      const subjects: Subject[] = [
        ...measured.filter(({ feature }) => feature !== undefined),
        ...givenFeatures(test, index, window),
        ...givenModel(
          test,
          index,
          window,
          measured.find(({ feature }) => feature === undefined),
        ),
      ];
      looks.set(group.name, { group, subjects });
      return { subjects, rows: [], undecided: { inputs: new Set(), performance: new Set() } };
    },
  });
  const mismatches: Mismatch[] = [];
  const signal = new AbortController().signal;
  for (const expectation of test.expectations) {
    await evaluator.evaluateUpTo(test.start + expectation.at, () => true, signal);
    const alerts = evaluator
      .alerts()
      .filter(({ labels }) => expectation.alert === undefined || labels['alertname'] === expectation.alert);
    const { missing, different, unexpected } = compareAlerts(expectation.alerts, alerts);
    if (missing.length + different.length + unexpected.length === 0) continue;
    mismatches.push({
      expectation,
      different,
      unexpected,
      missing: missing.map((expected) => ({
        expected,
        why: explainMissing(expected, groups, [...looks.values()]),
      })),
    });
  }
  return mismatches;
}
