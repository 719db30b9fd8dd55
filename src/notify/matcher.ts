import type { Labels } from '../rules/alert.ts';

/** One condition on one label, in Alertmanager's words. */
export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** True when the label's value fits. An absent label counts as the empty text, as in Alertmanager. */
  matches(labels: Labels): boolean;
}

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** What a user may write as a matcher; said in every message about a bad one. */
export const MATCHER_FORM = 'a matcher such as severity="critical", model!="test" or model=~"fraud.*"';

const MATCHER = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

/**
 * Reads one matcher. The value may be quoted (with \" \\ and \n) or bare. Regular expressions must fit the whole value.
 *
 * @returns undefined when the text is no matcher or its regular expression is wrong.
 */
export function parseMatcher(text: string): Matcher | undefined {
  const parts = MATCHER.exec(text);
  const label = parts?.[1];
  const operator = parts?.[2] as MatchOperator | undefined;
  const value = unquote(parts?.[3] ?? '');
  if (label === undefined || operator === undefined || value === undefined) return undefined;
  return createMatcher(label, operator, value);
}

/** A matcher from its parts. @returns undefined when its regular expression is wrong. */
export function createMatcher(label: string, operator: MatchOperator, value: string): Matcher | undefined {
  const test = valueTest(operator, value);
  return test && { label, operator, value, matches: (labels) => test(labels[label] ?? '') };
}

/** A matcher as one writes it, its value quoted: parseMatcher reads it back. */
export function matcherText({ label, operator, value }: Omit<Matcher, 'matches'>): string {
  const quoted = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  return `${label}${operator}"${quoted}"`;
}

function valueTest(operator: MatchOperator, value: string): ((text: string) => boolean) | undefined {
  if (operator === '=') return (text) => text === value;
  if (operator === '!=') return (text) => text !== value;
  try {
    const pattern = new RegExp(`^(?:${value})$`, 'su');
    return operator === '=~' ? (text) => pattern.test(text) : (text) => !pattern.test(text);
  } catch {
    return undefined;
  }
}

function unquote(text: string): string | undefined {
  if (!text.startsWith('"')) return text.includes('"') ? undefined : text;
  if (!/^"(?:[^"\\]|\\.)*"$/s.test(text)) return undefined;
  return text.slice(1, -1).replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
