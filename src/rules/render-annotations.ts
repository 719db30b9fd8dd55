import type { Labels, Period } from './alert.ts';
import { readVariable } from './evaluate-condition.ts';
import { periodText } from './period-text.ts';
import type { Rule } from './rule.ts';
import { renderTemplate } from './template.ts';
import { type Measurements, variablesOf } from './variables.ts';

/** The annotations of a rule, filled in for one subject and window. Names mean what they mean in the condition. */
export function renderAnnotations(
  rule: Rule,
  subject: Measurements,
  labels: Labels,
  window: Period,
): Record<string, string> {
  const variables = variablesOf(rule.condition.scope);
  const lookUp = (name: string): string | number | undefined => {
    if (Object.hasOwn(labels, name)) return labels[name];
    if (name === 'window') return periodText(window);
    const variable = variables.get(name);
    if (variable === undefined) return undefined;
    if (variable.kind === 'text') return subject[variable.of];
    const reading = readVariable(rule.condition, variable, subject);
    return reading.status === 'ok' ? reading.value : undefined;
  };
  return Object.fromEntries(
    Object.entries(rule.annotations).map(([name, template]) => [name, renderTemplate(template, lookUp)]),
  );
}
