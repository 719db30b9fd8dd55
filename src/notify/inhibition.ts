import type { Alert, Labels } from '../rules/alert.ts';
import type { InhibitRuleOptions } from './inhibit-options.ts';

/**
 * Finds out which alerts explain others, as Alertmanager does: a target is inhibited while a source fires whose `equal`
 * labels are the same. An alert that is source and target of one rule is not inhibited by another that is both, so that
 * no two of them, and none alone, silence one another. Whether the source is itself silenced or inhibited does not matter.
 *
 * @returns for the labels of an alert, the fingerprints of its sources, in order.
 */
export function inhibitorsOf(
  rules: readonly InhibitRuleOptions[],
  firing: readonly Alert[],
): (labels: Labels) => string[] {
  const indexed = rules.map((rule) => ({ rule, sources: sourcesOf(rule, firing) }));
  return (labels) => {
    const found = new Set<string>();
    for (const { rule, sources } of indexed) {
      if (!fits(rule.target_matchers, labels)) continue;
      const isBoth = fits(rule.source_matchers, labels);
      for (const source of sources.get(equalKey(rule, labels)) ?? [])
        if (!(isBoth && source.isBoth)) found.add(source.fingerprint);
    }
    return [...found].sort();
  };
}

interface Source {
  readonly fingerprint: string;
  readonly isBoth: boolean;
}

function sourcesOf(rule: InhibitRuleOptions, firing: readonly Alert[]): Map<string, Source[]> {
  const sources = new Map<string, Source[]>();
  for (const { fingerprint, labels } of firing) {
    if (!fits(rule.source_matchers, labels)) continue;
    const key = equalKey(rule, labels);
    const same = sources.get(key) ?? [];
    same.push({ fingerprint, isBoth: fits(rule.target_matchers, labels) });
    sources.set(key, same);
  }
  return sources;
}

function fits(matchers: InhibitRuleOptions['source_matchers'], labels: Labels): boolean {
  return matchers.every((matcher) => matcher.matches(labels));
}

function equalKey({ equal }: InhibitRuleOptions, labels: Labels): string {
  return JSON.stringify(equal.map((name) => labels[name] ?? ''));
}
