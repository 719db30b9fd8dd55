import { DriftdError } from '../base/errors.ts';
import { type MatcherJson, matcherJson, operatorOf } from '../http/suppression-json.ts';
import { MATCHER_FORM, matcherText, parseMatcher } from '../notify/matcher.ts';

/** Matchers as one writes them on a command line. As for amtool, a first word without an operator is the name of an alert. */
export function matchersOf(texts: readonly string[]): MatcherJson[] {
  return texts.map((text, index) => {
    const isName = index === 0 && /^\w+$/.test(text);
    const matcher = parseMatcher(isName ? `alertname=${text}` : text);
    if (matcher === undefined) throw new DriftdError('input', `"${text}" is not ${MATCHER_FORM}`);
    return matcherJson(matcher);
  });
}

export function matchersText(matchers: readonly MatcherJson[]): string {
  const texts = matchers.map(({ name, value, isRegex, isEqual }) =>
    matcherText({ label: name, operator: operatorOf(isRegex, isEqual), value }),
  );
  return texts.join(' ');
}
