import type { Labels } from '../rules/alert.ts';

/** One condition on one label, in Alertmanager's words. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** True when the label's value fits. An absent label counts as the empty text, as in Alertmanager. */
  matches(labels: Labels): boolean;
}

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
  const operator = parts?.[2] as Matcher['operator'] | undefined;
  const value = unquote(parts?.[3] ?? '');
  if (label === undefined || operator === undefined || value === undefined) return undefined;
  const test = valueTest(operator, value);
  if (test === undefined) return undefined;
  return { label, operator, value, matches: (labels) => test(labels[label] ?? '') };
}

function valueTest(operator: Matcher['operator'], value: string): ((text: string) => boolean) | undefined {
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
