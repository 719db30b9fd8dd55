import type { Alert } from './alert.ts';
import { namedNumbers, type Verdict } from './evaluate-condition.ts';
import { fingerprint } from './fingerprint.ts';
import { labelsOf } from './remembered-alerts.ts';
import { renderAnnotations } from './render-annotations.ts';
import type { Rule, RuleGroup } from './rule.ts';
import type { Subject } from './subject.ts';

/**
 * The alert after a window. Values follow the newest window that has them; annotations stay those of the newest
 * window in which the condition held, since they say what happened.
 */
export function alertAfter(
  group: RuleGroup,
  rule: Rule,
  subject: Subject,
  { outcome }: Verdict,
  before: Alert | undefined,
): Alert {
  const labels = before?.labels ?? labelsOf(rule, subject);
  const measured = outcome === 'true' || outcome === 'false';
  const { values, baselineValues } = measured
    ? namedNumbers(rule.condition, subject)
    : { values: before?.values ?? {}, baselineValues: before?.baselineValues ?? {} };
  const annotations =
    before === undefined || outcome === 'true'
      ? renderAnnotations(rule, subject, labels, subject.window)
      : before.annotations;
  return {
    fingerprint: before?.fingerprint ?? fingerprint(labels),
    ruleGroup: group.name,
    labels,
    window: subject.window,
    status: 'pending',
    annotations,
    values,
    baselineValues,
    ...evidenceOf(measured ? { ...subject, distributions: subject.distributions?.() } : before),
    since: before?.since ?? subject.window.from,
    ...(rule.retrain === undefined ? {} : { retrain: rule.retrain }),
  };
}

type Evidence = { readonly [Key in 'change' | 'against' | 'distributions']?: Alert[Key] | undefined };

/** What people need beside the numbers, as far as it is known. */
function evidenceOf({ change, against, distributions }: Evidence = {}): Pick<Alert, keyof Evidence> {
  return {
    ...(change !== undefined && { change }),
    ...(against !== undefined && { against }),
    ...(distributions !== undefined && { distributions }),
  };
}
