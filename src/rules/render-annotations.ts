import type { Labels, Period } from './alert.ts';
import { readVariable } from './evaluate-condition.ts';
import type { Measurements } from './measurements.ts';
import { periodText } from './period-text.ts';
import type { Rule } from './rule.ts';
import { renderTemplate } from './template.ts';
import { findVariable } from './variables.ts';

/** The annotations of a rule, filled in for one subject and window. Names mean what they mean in the condition. */
export function renderAnnotations(
  rule: Rule,
  subject: Measurements,
  labels: Labels,
  window: Period,
): Record<string, string> {
  const lookUp = (name: string): string | number | undefined => {
    if (Object.hasOwn(labels, name)) return labels[name];
    if (name === 'window') return periodText(window);
    const variable = findVariable(name, rule.condition.scope);
    if (variable === undefined) return undefined;
    if (variable.kind === 'text') return subject[variable.of];
    const reading = readVariable(rule.condition, variable, subject);
    return reading.status === 'ok' ? reading.value : undefined;
  };
  return Object.fromEntries(
    Object.entries(rule.annotations).map(([name, template]) => [name, renderTemplate(template, lookUp)]),
  );
}
