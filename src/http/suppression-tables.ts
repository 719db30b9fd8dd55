import { escapeHtml } from '../base/escape-html.ts';
import { matcherText } from '../notify/matcher.ts';
import { htmlTable, timeText } from './html-table.ts';
import {
  type AcknowledgementJson,
  type MatcherJson,
  operatorOf,
  type SilenceJson,
} from './suppression-json.ts';

export function silenceTable(silences: readonly SilenceJson[]): string {
  return htmlTable(
    ['state', 'matchers', 'from (UTC)', 'to (UTC)', 'by', 'comment', 'id'],
    silences.map(({ status, matchers, startsAt, endsAt, createdBy, comment, id }) => [
      status.state,
      matchersCell(matchers),
      timeText(startsAt),
      timeText(endsAt),
      escapeHtml(createdBy),
      escapeHtml(comment),
      `<code>${escapeHtml(id)}</code>`,
    ]),
  );
}

export function acknowledgementTable(acknowledgements: readonly AcknowledgementJson[]): string {
  return htmlTable(
    ['alerts', 'at (UTC)', 'by', 'comment', 'id'],
    acknowledgements.map(({ matchers, fingerprint, createdAt, createdBy, comment, id }) => [
      [fingerprint === null ? '' : `<code>${escapeHtml(fingerprint)}</code>`, matchersCell(matchers)].join(
        ' ',
      ),
      timeText(createdAt),
      escapeHtml(createdBy),
      escapeHtml(comment),
      `<code>${escapeHtml(id)}</code>`,
    ]),
  );
}

function matchersCell(matchers: readonly MatcherJson[]): string {
  const texts = matchers.map(({ name, value, isRegex, isEqual }) =>
    matcherText({ label: name, operator: operatorOf(isRegex, isEqual), value }),
  );
  return texts.map((text) => `<code>${escapeHtml(text)}</code>`).join('<br>');
}
