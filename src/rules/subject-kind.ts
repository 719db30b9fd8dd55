import { needsLabels } from './needs-labels.ts';
import type { Rule, RuleGroup } from './rule.ts';
import type { Subject } from './subject.ts';

/** What a rule looks at. A model as a whole is, to a group that looks at segments, each of those as a whole. */
export function subjectKind(
  { wantsSegment }: Pick<RuleGroup, 'wantsSegment'>,
  rule: Pick<Rule, 'each' | 'condition' | 'require'>,
): Subject['each'] {
  const isOfSegments = rule.each === 'segment' || (rule.each === 'model' && wantsSegment !== undefined);
  if (needsLabels(rule)) return isOfSegments ? 'segment_performance' : 'performance';
  return isOfSegments ? 'segment' : rule.each;
}
