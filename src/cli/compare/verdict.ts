import type { ComparedFeature, Comparison } from '../../pipeline/compare/comparison.ts';
import { counted, plainFileText } from './plain-text.ts';

/** Names in one line. */
const NAMED = 6;

/** What was found, in one line of plain text. */
export function verdictLine({ features, multivariate }: Comparison): string {
  const inputs = features.filter(({ role }) => role === 'feature');
  const moved = inputs.filter(({ drifted }) => drifted);
  const parts = [
    moved.length === 0
      ? `no drift in ${counted(inputs.length, 'feature')}`
      : `${moved.length.toLocaleString('en-US')} of ${counted(inputs.length, 'feature')} drifted: ${names(moved)}`,
    ...features
      .filter(({ role, drifted }) => drifted && role !== 'feature')
      .map((feature) => `${subjectOf(feature)} drifted`),
    // Where one of them drifted alone, that they did together is no news.
    ...(multivariate?.drifted && moved.length === 0 ? ['the numeric features taken together drifted'] : []),
  ];
  const silent = inputs.filter(({ status, drifted }) => status !== 'ok' && !drifted).length;
  if (silent > 0) parts.push(`${silent.toLocaleString('en-US')} could not be compared`);
  return parts.join('; ');
}

export function hasDrifted({ features, multivariate }: Comparison): boolean {
  return features.some(({ drifted }) => drifted) || multivariate?.drifted === true;
}

function names(features: readonly ComparedFeature[]): string {
  const shown = features.slice(0, NAMED).map(({ name }) => plainFileText(name));
  const more = features.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en-US')} more` : ''}`;
}

function subjectOf({ name, role }: ComparedFeature): string {
  return name === role ? `the ${role}` : `the ${role} (${plainFileText(name)})`;
}
