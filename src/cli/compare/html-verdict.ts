import type { ComparedFeature, Comparison } from '../../pipeline/compare/comparison.ts';
import { alertBadges, changeText } from './html-card.ts';
import type { Entry } from './html-entries.ts';
import { featureTitle, missingShares } from './html-overview.ts';
import { counted } from './plain-text.ts';

/** Names in the sentence, and lines below it. */
const NAMED = 3;
const LISTED = 20;

/** What was found, in one sentence. */
export function verdictSentence({ features, multivariate }: Comparison): string {
  const inputs = features.filter(({ role }) => role === 'feature');
  if (features.length === 0) return 'There is no feature to compare.';
  if ([...features, ...list(multivariate)].every(({ status, drifted }) => status !== 'ok' && !drifted)) {
    return 'Nothing could be compared: no feature has enough values in both tables.';
  }
  const moved = inputs.filter(({ drifted }) => drifted);
  const others = [...features.filter(({ role }) => role !== 'feature'), ...list(multivariate)]
    .filter(({ drifted }) => drifted)
    .map(({ role }) => (role === 'multivariate' ? 'the numeric features taken together' : `the ${role}`));
  if (moved.length === 0 && others.length === 0) {
    return `No drift: none of ${counted(inputs.length, 'feature')} moved further than the rules allow.`;
  }
  if (moved.length === 0) {
    return `Drift in ${enumerated(others)}, while none of ${counted(inputs.length, 'feature')} alone moved further than the rules allow.`;
  }
  const names = moved.slice(0, NAMED).map((feature) => `<strong>${featureTitle(feature)}</strong>`);
  if (moved.length > NAMED) names.push(`${(moved.length - NAMED).toLocaleString('en-US')} more`);
  const also = others.length === 0 ? '' : `, and so did ${enumerated(others)}`;
  return `Drift: ${moved.length.toLocaleString('en-US')} of ${counted(inputs.length, 'feature')} moved further than the rules allow (${enumerated(names)})${also}.`;
}

/** The drifted ones with their alerts and with how they changed; empty when nothing drifted. */
export function driftedList(entries: readonly Entry[]): string {
  const drifted = entries.filter(({ feature }) => feature.drifted);
  if (drifted.length === 0) return '';
  const lines = drifted.slice(0, LISTED).map(({ feature, card }) => {
    const title = featureTitle(feature);
    const name = card === undefined ? title : `<a href="#${card}">${title}</a>`;
    const missing = missingShares(feature);
    const changes = [
      ...(feature.change === undefined ? [] : [changeText(feature.change)]),
      ...(missing.moved > 0 ? [`missing ${missing.text}`] : []),
    ];
    return `<li><strong>${name}</strong> ${alertBadges(feature)}<span class="change">${changes.join('; ')}</span></li>`;
  });
  const more =
    drifted.length > LISTED
      ? `<p>And ${(drifted.length - LISTED).toLocaleString('en-US')} more, in the table below.</p>`
      : '';
  return `<section aria-labelledby="moved"><h2 id="moved">What drifted</h2><ul class="moved">${lines.join('\n')}</ul>${more}</section>`;
}

function list(feature: ComparedFeature | undefined): ComparedFeature[] {
  return feature === undefined ? [] : [feature];
}

/** `a`, `a and b`, `a, b and c`. */
function enumerated(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
